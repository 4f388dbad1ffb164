import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useApp } from '../../../data/app.tsx'
import { apiQuery } from '../../../data/use-api.ts'
import { useNow } from '../../../data/use-now.ts'
import { formatExact, formatRelative } from '../../../format/time.ts'
import { categoryText, common } from '../../../text/common.ts'
import { home } from '../../../text/home.ts'
import { channelText } from '../../../text/social.ts'
import { Badge, ViewerCount } from '../../../ui/badge.tsx'
import { Cover } from '../../home/cover.tsx'
import type { Stream } from '../../watch/stream-state.ts'
import type { Profile } from '../use-profile.ts'

/** Joining the stream's topic would count as watching it, so this page looks again now and then. */
const LOOK_MS = 30_000
const MINUTE_MS = 60_000

function useStream(handle: string): { stream: Stream; isLive: boolean } | undefined {
  const { api } = useApp()
  const query = apiQuery(api, 'get /api/streams/{handle}', { params: { handle } })
  const { data } = useQuery({ ...query, refetchInterval: LOOK_MS })
  if (!data) return undefined
  const { stream } = data
  return { stream, isLive: stream.broadcast?.state === 'live' || stream.broadcast?.state === 'interrupted' }
}

/** What somebody shows now, above everything else of their channel. */
export function ChannelLiveNow({ handle }: { handle: string }) {
  const found = useStream(handle)
  return found?.isLive ? <LiveNow stream={found.stream} /> : null
}

/** What somebody shows now, and what they announced. */
export function ChannelLive({ profile: { handle, displayName: name } }: { profile: Profile }) {
  const found = useStream(handle)
  if (!found) return null
  const { stream, isLive } = found
  if (!isLive && stream.upcoming.length === 0)
    return <p className="text-text-3">{channelText('liveEmpty', { name })}</p>
  return (
    <>
      {isLive && <LiveNow stream={stream} />}
      <Upcoming stream={stream} />
    </>
  )
}

function LiveNow({ stream: { owner, broadcast, viewers } }: { stream: Stream }) {
  if (!broadcast) return null
  return (
    <section
      className="group relative mt-6 grid gap-x-5 gap-y-3 sm:grid-cols-[320px_1fr]"
      data-testid="channel-live"
    >
      <Cover person={owner}>
        <div className="absolute inset-x-2.5 top-2.5 flex items-center justify-between">
          {broadcast.state === 'interrupted' ? (
            <Badge tone="warn">{home('interrupted')}</Badge>
          ) : (
            <Badge tone="live">{common('live')}</Badge>
          )}
          <ViewerCount
            viewers={viewers}
            className="h-6 rounded-sm bg-black/65 px-2 text-xs font-semibold text-white"
          />
        </div>
      </Cover>
      <div className="min-w-0">
        <h2 className="line-clamp-2 text-lg leading-snug font-semibold">
          <Link
            to="/live/$handle"
            params={{ handle: owner.handle }}
            aria-label={channelText('watchLive', { name: owner.displayName, title: broadcast.title })}
            className="outline-none after:absolute after:-inset-1 after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-accent"
          >
            {broadcast.title}
          </Link>
        </h2>
        <p className="mt-1 text-text-2">{categoryText(broadcast.category)}</p>
      </div>
    </section>
  )
}

function Upcoming({ stream: { upcoming } }: { stream: Stream }) {
  const nowMs = useNow(MINUTE_MS)
  if (upcoming.length === 0) return null
  return (
    <section className="mt-8">
      <h2 className="mb-2 text-base font-semibold">{channelText('upcoming')}</h2>
      <ul className="grid gap-3 sm:grid-cols-2">
        {upcoming.map(({ id, title, category, scheduledFor }) => (
          <li key={id} className="rounded-md border border-line bg-surface-1 p-4">
            <p className="line-clamp-2 font-semibold">{title}</p>
            <p className="text-text-2">{categoryText(category)}</p>
            {scheduledFor !== null && (
              <p className="mt-1 text-text-2">
                {formatExact(scheduledFor)} · {formatRelative(scheduledFor, nowMs)}
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
