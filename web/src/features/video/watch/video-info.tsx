import { useState } from 'react'
import { useNow } from '../../../data/use-now.ts'
import { useTopic } from '../../../data/use-topic.ts'
import { formatDuration, formatExact } from '../../../format/time.ts'
import { categoryText } from '../../../text/common.ts'
import { premiereText } from '../../../text/premieres.ts'
import { videoText } from '../../../text/video.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { cx } from '../../../ui/cx.ts'
import { PersonLink } from '../../../ui/inline/person-link.tsx'
import { TimeAgo } from '../../../ui/inline/time-ago.tsx'
import { SaveButton } from '../../playlists/saving/save-button.tsx'
import { PersonMenu } from '../../safety/person-menu.tsx'
import { FollowButton } from '../../social/follow-button.tsx'
import { FollowerCount } from '../../social/follower-count.tsx'
import { ShareButton } from '../../watch/share-button.tsx'
import type { PremiereNow } from '../premiere/use-premiere.ts'
import { ViewCount } from '../tiles/video-tile.tsx'
import { TimeButton, TimedText } from './timed-text.tsx'
import type { Video } from './use-video.ts'

const MINUTE_MS = 60_000

type Props = {
  video: Video
  /** As long as it waits or plays. */
  premiere: PremiereNow | undefined
  onSeek: (atMs: number) => void
}

/** Title, channel and description under the picture. */
export function VideoInfo({ video, premiere, onSeek }: Props) {
  const { owner, title, visibility } = video
  const isWaiting = premiere?.phase === 'waiting'
  return (
    <div className="px-4 py-3 lg:px-0 lg:py-4">
      <h1 className="text-lg leading-snug font-bold wrap-anywhere">{title}</h1>
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <Avatar handle={owner.handle} name={owner.displayName} picture={owner.avatar} size={44} />
        <div className="min-w-0 max-sm:flex-1">
          <p className="truncate text-base leading-snug font-semibold">
            <PersonLink handle={owner.handle}>{owner.displayName}</PersonLink>
          </p>
          <p className="truncate text-text-2">
            <FollowerCount handle={owner.handle} />
          </p>
        </div>
        <FollowButton handle={owner.handle} className="lg:ml-3" />
        <div className="ml-auto flex items-center gap-1">
          {visibility !== 'public' && <Badge tone="quiet">{videoText(`is_${visibility}`)}</Badge>}
          {/* Lists are of what can be watched. */}
          {!isWaiting && <SaveButton videoId={video.id} title={title} />}
          <ShareButton />
          <PersonMenu handle={owner.handle} />
        </div>
      </div>
      <Description video={video} premiere={premiere} onSeek={onSeek} />
    </div>
  )
}

const premiereLine = ({ phase, startsAt }: PremiereNow) =>
  phase === 'waiting' ? premiereText('premieresIn', { when: formatExact(startsAt) }) : premiereText('isOn')

/** Goes on counting while one watches. */
function LiveViewCount({ video }: { video: Video }) {
  const [told, setTold] = useState<number>()
  useTopic(`counters:video:${video.id}`, {
    onItems: (items) => setTold(items.at(-1)?.views),
    onStart: (items) => items.length > 0 && setTold(items.at(-1)?.views),
  })
  return <ViewCount views={told ?? video.views} />
}

/** Longer ones are folded. */
const FOLDED_CHARS = 240

function Description({ video, premiere, onSeek }: Props) {
  const { description, publishedAt, category, tags, chapters, durationMs } = video
  const [isOpen, setIsOpen] = useState(false)
  const isWaiting = premiere?.phase === 'waiting'
  const nowMs = useNow(MINUTE_MS)
  const isLong = description.length > FOLDED_CHARS || description.split('\n').length > 3
  return (
    <section aria-label={videoText('about')} className="mt-4 rounded-md bg-surface-2 p-4">
      <p className="flex flex-wrap gap-x-3 font-semibold">
        {premiere && <span>{premiereLine(premiere)}</span>}
        {!isWaiting && <LiveViewCount video={video} />}
        {!premiere && publishedAt !== null && <TimeAgo atMs={publishedAt} nowMs={nowMs} />}
        <span className="font-normal text-text-2">{categoryText(category)}</span>
      </p>
      {description !== '' && (
        <p className={cx('mt-2 whitespace-pre-wrap wrap-anywhere', isLong && !isOpen && 'line-clamp-3')}>
          <TimedText text={description} durationMs={durationMs ?? 0} onSeek={onSeek} />
        </p>
      )}
      {isLong && (
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
          className="mt-2 font-semibold hover:underline"
        >
          {videoText(isOpen ? 'less' : 'more')}
        </button>
      )}
      {chapters.length > 0 && (
        <ol aria-label={videoText('chapters')} className="mt-3 flex flex-col gap-1">
          {chapters.map(({ startMs, title }) => (
            <li key={startMs} className="flex gap-3">
              <span className="w-14 shrink-0">
                <TimeButton label={formatDuration(startMs)} onClick={() => onSeek(startMs)} />
              </span>
              <span className="min-w-0 truncate">{title}</span>
            </li>
          ))}
        </ol>
      )}
      {tags.length > 0 && (
        <ul aria-label={videoText('tags')} className="mt-3 flex flex-wrap gap-x-3 text-text-2">
          {tags.map((tag) => (
            <li key={tag}>#{tag}</li>
          ))}
        </ul>
      )}
    </section>
  )
}
