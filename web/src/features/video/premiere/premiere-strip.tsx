import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useApp } from '../../../data/app.tsx'
import { apiQuery } from '../../../data/use-api.ts'
import { formatExact, formatRelative } from '../../../format/time.ts'
import { premiereText } from '../../../text/premieres.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { cx } from '../../../ui/cx.ts'
import { PersonLink } from '../../../ui/inline/person-link.tsx'
import { VideoPoster } from '../tiles/poster.tsx'
import type { VideoCard } from '../tiles/video-tile.tsx'
import { serverAheadMs } from './phases.ts'
import { useServerNow } from './use-server-now.ts'

/** Relative times change no faster but in the last minute, and there nobody counts on a list. */
const TICK_MS = 5000

/** Premieres to come: public ones, or those of a channel. */
export function usePremieres(handle?: string) {
  const { api } = useApp()
  const input = { query: handle === undefined ? {} : { handle } }
  return useQuery({
    queryKey: [...apiQuery(api, 'get /api/videos/premieres', input).queryKey, 'with the time'],
    queryFn: async () => {
      const askedAtMs = performance.now()
      const { premieres, serverNow } = await api.request('get /api/videos/premieres', input)
      return { premieres, aheadMs: serverAheadMs(serverNow, askedAtMs, performance.now()) }
    },
  })
}

type Props = { query: ReturnType<typeof usePremieres>; isOfChannel?: boolean; className?: string }

/** What is shown to everybody at once soon; nothing where there is nothing, or where it can't be had. */
export function PremiereStrip({ query: { data }, isOfChannel = false, className }: Props) {
  const nowMs = useServerNow(data?.aheadMs ?? 0, TICK_MS)
  if (!data || data.premieres.length === 0) return null
  return (
    <section aria-labelledby="premieres" className={className}>
      <h2 id="premieres" className="mb-5 text-xl font-bold">
        {premiereText('title')}
      </h2>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,290px),1fr))] gap-x-5 gap-y-9">
        {data.premieres.map((video) => (
          <PremiereTile key={video.id} {...{ video, isOfChannel, nowMs }} />
        ))}
      </div>
    </section>
  )
}

function PremiereTile({
  video,
  isOfChannel,
  nowMs,
}: {
  video: VideoCard
  isOfChannel: boolean
  nowMs: number
}) {
  const { id, owner, title, publishedAt } = video
  const isOn = publishedAt <= nowMs
  const when = isOn
    ? premiereText('isOn')
    : premiereText('premieresIn', { when: formatRelative(publishedAt, nowMs) })
  return (
    <article className="group relative" data-testid="premiere-tile">
      <VideoPoster video={video} sizes="(min-width: 640px) 360px, 100vw" className="aspect-video" />
      <div className="mt-3 flex gap-3">
        {!isOfChannel && <Avatar handle={owner.handle} name={owner.displayName} picture={owner.avatar} />}
        <div className="min-w-0 flex-1">
          <h3 className="line-clamp-2 text-base leading-snug font-semibold">
            <Link
              to="/watch/$videoId"
              params={{ videoId: id }}
              aria-label={premiereText('watchName', { title, when })}
              className="outline-none after:absolute after:-inset-1 after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-accent"
            >
              {title}
            </Link>
          </h3>
          {!isOfChannel && (
            <p className="mt-0.5 truncate text-text-2">
              <PersonLink handle={owner.handle}>{owner.displayName}</PersonLink>
            </p>
          )}
          <p className={cx('truncate tabular-nums', isOn ? 'font-semibold text-text-1' : 'text-text-3')}>
            <time dateTime={new Date(publishedAt).toISOString()} title={formatExact(publishedAt)}>
              {when}
            </time>
          </p>
        </div>
      </div>
    </article>
  )
}
