import { Link } from '@tanstack/react-router'
import { ChevronDown, ChevronUp, Info, Smartphone, Volume2, VolumeX } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTitle } from '../../data/use-title.ts'
import { thumbBackground } from '../../format/picture.ts'
import { shortText } from '../../text/shorts.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { buttonClass, IconButton } from '../../ui/button.tsx'
import { PersonLink } from '../../ui/inline/person-link.tsx'
import { LoadError, Notice } from '../../ui/notice.tsx'
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx'
import { SaveButton } from '../playlists/saving/save-button.tsx'
import { FollowButton } from '../social/follow-button.tsx'
import { type VideoCard, ViewCount } from '../video/tiles/video-tile.tsx'
import { ShortPlayer } from './short-player.tsx'
import { useActive } from './use-active.ts'
import { type FeedSound, useFeedSound } from './use-feed-sound.ts'
import { useShorts } from './use-shorts.ts'

/** So many before the end more are read. */
const READ_AHEAD = 4
/** Under the top bar, and on phones above the menu at the bottom. */
const columnClass =
  'h-[calc(100dvh-56px)] snap-y snap-mandatory overflow-y-auto overscroll-contain outline-none max-md:h-[calc(100dvh-56px-56px-env(safe-area-inset-bottom))]'
const overClass = 'bg-black/45 text-white! hover:bg-black/65 hover:text-white!'

/** Short upright videos, one below the other: the one that is looked at plays. */
export function ShortsPage({ firstId }: { firstId: string | undefined }) {
  useTitle(shortText('title'))
  const column = useRef<HTMLElement>(null)
  const sound = useFeedSound()
  const { query, shorts, isPending } = useShorts(firstId)
  const { active, go } = useActive(column, shorts.length)
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = query
  const isDue = active >= shorts.length - READ_AHEAD && hasNextPage && !isFetching && !isFetchNextPageError
  useEffect(() => {
    if (isDue) void fetchNextPage()
  }, [isDue, fetchNextPage])
  if (isPending) return <FeedSkeleton />
  if (query.error && shorts.length === 0)
    return <LoadError error={query.error} onRetry={() => void query.refetch()} />
  if (shorts.length === 0) return <Empty />
  return (
    <div className="relative">
      <h1 className="sr-only">{shortText('title')}</h1>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard. */}
      <section ref={column} aria-label={shortText('feed')} tabIndex={0} className={columnClass}>
        {shorts.map((video, nth) => (
          <Short
            key={video.id}
            {...{ video, sound }}
            isActive={nth === active}
            // The one before is kept too: whoever goes back sees it at once.
            isNear={Math.abs(nth - active) <= 1}
          />
        ))}
      </section>
      <div className="absolute top-1/2 right-4 flex -translate-y-1/2 flex-col gap-3 max-md:hidden">
        <IconButton
          icon={ChevronUp}
          label={shortText('previous')}
          disabled={active === 0}
          onClick={() => go(-1)}
          className="bg-surface-2"
        />
        <IconButton
          icon={ChevronDown}
          label={shortText('next')}
          disabled={active >= shorts.length - 1}
          onClick={() => go(1)}
          className="bg-surface-2"
        />
      </div>
      {active === shorts.length - 1 && !hasNextPage && (
        <p role="status" className="sr-only">
          {shortText('end')}
        </p>
      )}
    </div>
  )
}

type ShortProps = { video: VideoCard; isActive: boolean; isNear: boolean; sound: FeedSound }

function Short({ video, isActive, isNear, sound }: ShortProps) {
  const { title, thumbhash } = video
  return (
    <article
      aria-label={title}
      aria-current={isActive || undefined}
      data-testid="short"
      className="flex h-full snap-start snap-always justify-center md:py-3"
    >
      <div
        className="relative isolate aspect-[9/16] h-full max-w-full overflow-hidden bg-black md:rounded-md"
        style={{ background: thumbhash ? thumbBackground({ id: '', thumbhash }) : undefined }}
      >
        {isNear && <ShortPlayer video={video} isActive={isActive} sound={sound} />}
        <Over video={video} sound={sound} isActive={isActive} />
      </div>
    </article>
  )
}

/** What is said of it and can be done with it, over its picture. What is out of view is out of reach of the keyboard too. */
function Over({ video, sound, isActive }: Pick<ShortProps, 'video' | 'sound' | 'isActive'>) {
  const { id, title, owner, views } = video
  return (
    <div
      inert={!isActive}
      className="pointer-events-none absolute inset-x-0 bottom-0 z-10 flex items-end gap-3 bg-gradient-to-t from-black/75 to-transparent p-4 pt-16 text-white *:pointer-events-auto"
    >
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2.5">
          <Avatar handle={owner.handle} name={owner.displayName} picture={owner.avatar} />
          <p className="min-w-0 truncate font-semibold">
            <PersonLink handle={owner.handle}>{owner.displayName}</PersonLink>
          </p>
          <FollowButton handle={owner.handle} />
        </div>
        <h2 className="mt-2 line-clamp-2 text-base font-semibold wrap-anywhere">{title}</h2>
        <p className="text-sm text-white/85">
          <ViewCount views={views} />
        </p>
      </div>
      <div className="flex flex-col gap-3">
        <IconButton
          icon={sound.isMuted ? VolumeX : Volume2}
          label={shortText(sound.isMuted ? 'soundOn' : 'soundOff')}
          onClick={sound.toggle}
          className={overClass}
        />
        <SaveButton videoId={id} title={title} className={overClass} />
        <Link
          to="/watch/$videoId"
          params={{ videoId: id }}
          aria-label={shortText('details', { title })}
          className={`inline-flex size-10 items-center justify-center rounded-full ${overClass}`}
        >
          <Info aria-hidden size={20} />
        </Link>
      </div>
    </div>
  )
}

const Empty = () => (
  <Notice
    className="pt-[14vh]"
    art={<Smartphone aria-hidden size={48} className="text-text-3" />}
    title={shortText('emptyTitle')}
    hint={shortText('emptyHint')}
    actions={
      <Link to="/upload" className={buttonClass('primary')}>
        {shortText('upload')}
      </Link>
    }
  />
)

const FeedSkeleton = () => (
  <div className="flex h-[calc(100dvh-56px)] justify-center py-3">
    <LoadingNote />
    <Skeleton className="aspect-[9/16] h-full max-w-full rounded-md!" />
  </div>
)
