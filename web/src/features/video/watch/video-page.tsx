import { EyeOff, Hourglass } from 'lucide-react'
import { lazy, Suspense, useRef, useState } from 'react'
import { CallError } from '../../../../../client/types.ts'
import { useTitle } from '../../../data/use-title.ts'
import { videoText } from '../../../text/video.ts'
import { cx } from '../../../ui/cx.ts'
import { LoadError, Notice } from '../../../ui/notice.tsx'
import { LoadingNote, Skeleton } from '../../../ui/skeleton.tsx'
import { usePositions } from '../../history/use-positions.ts'
import { NextUp } from '../../playlists/queue/next-up.tsx'
import { QueuePanel } from '../../playlists/queue/queue-panel.tsx'
import { useQueue } from '../../playlists/queue/use-queue.ts'
import { PlayGate } from '../../watch/play-gate.tsx'
import { type PlayerControl, VideoPlayer } from '../player/video-player.tsx'
import { PremiereStage } from '../premiere/premiere-stage.tsx'
import { usePremiere } from '../premiere/use-premiere.ts'
import { RelatedVideos } from './related-videos.tsx'
import { useRelated } from './use-related.ts'
import { useVideo, type Video } from './use-video.ts'
import { VideoInfo } from './video-info.tsx'

const PremiereChat = lazy(() =>
  import('../premiere/premiere-chat.tsx').then((module) => ({ default: module.PremiereChat })),
)

type PageProps = { videoId: string; listId: string | undefined }

export function VideoPage({ videoId, listId }: PageProps) {
  const { data, error, refetch, reset } = useVideo(videoId)
  if (error instanceof CallError && error.code !== 'offline' && !data)
    return <ShutVideo error={error} onRetry={() => void refetch()} />
  if (error && !data) return <LoadError error={error} onRetry={() => void refetch()} />
  if (!data) return <VideoSkeleton />
  return (
    <WatchVideo
      key={data.video.id}
      page={{ ...data, refetch: () => void refetch(), reset }}
      listId={listId}
    />
  )
}

const pageClass = 'mx-auto grid max-w-[1800px] gap-x-6 lg:grid-cols-[minmax(0,1fr)_360px] lg:px-6 lg:pt-5'
/** As high as leaves room for the title below it, so that the page need not be scrolled to be read. */
const stageClass = 'relative aspect-video max-h-[calc(100dvh-56px-110px)] w-full overflow-hidden bg-black'

type WatchProps = { page: Parameters<typeof usePremiere>[0]; listId: string | undefined }

function WatchVideo({ page, listId }: WatchProps) {
  const { video } = page
  const premiere = usePremiere(page)
  const current = premiere?.phase === 'over' ? undefined : premiere
  const [isTheatre, setIsTheatre] = useState(false)
  const player = useRef<PlayerControl>(null)
  const position = usePositions([video.id]).get(video.id)?.positionMs ?? undefined
  const queue = useQueue(listId, video.id)
  const related = useRelated(video.id).videos
  // A list ends with its last video; without one it goes on with what goes with it.
  const next = queue ? queue.next : related[0]
  useTitle(`${video.title} · ${video.owner.displayName}`)
  return (
    <div className={cx(pageClass, isTheatre && 'lg:px-0! lg:pt-0!')}>
      <div
        className={cx(
          stageClass,
          isTheatre ? 'lg:col-span-2 lg:h-[calc(100dvh-56px-110px)]' : 'lg:rounded-md',
        )}
      >
        {premiere?.phase === 'waiting' ? (
          <PremiereStage video={video} premiere={premiere} />
        ) : video.media || premiere ? (
          <PlayGate handle={video.owner.handle}>
            <VideoPlayer
              control={player}
              videoId={video.id}
              title={video.title}
              chapters={video.chapters}
              startMs={position}
              together={current}
              posterUrl={video.posterUrl === null ? undefined : `${video.posterUrl}1280.jpg`}
              isTheatre={isTheatre}
              onTheatre={() => setIsTheatre(!isTheatre)}
              afterEnd={next && <NextUp key={next.id} video={next} listId={queue?.playlist.id} />}
            />
          </PlayGate>
        ) : (
          <Unready video={video} />
        )}
      </div>
      <div className={cx('min-w-0', isTheatre ? 'lg:pl-6' : 'lg:col-start-1')}>
        <VideoInfo video={video} premiere={current} onSeek={(atMs) => player.current?.seek(atMs)} />
      </div>
      <div
        className={cx(
          'px-4 pb-16 lg:px-0',
          isTheatre ? 'lg:pt-4 lg:pr-6' : 'lg:col-start-2 lg:row-span-2 lg:row-start-1',
        )}
      >
        {current?.chatStreamId && <Chat streamId={current.chatStreamId} ownerId={video.owner.id} />}
        {queue && <QueuePanel queue={queue} />}
        <RelatedVideos videoId={video.id} />
      </div>
    </div>
  )
}

/** As high as the screen leaves room for, so that one need not scroll to write. */
const Chat = (props: { streamId: string; ownerId: string }) => (
  <div className="mb-5 h-[max(320px,calc(100dvh-520px))] overflow-hidden rounded-md border border-line lg:h-[min(640px,calc(100dvh-56px-40px))]">
    <Suspense fallback={null}>
      <PremiereChat {...props} />
    </Suspense>
  </div>
)

/** Only its owner comes here. */
function Unready({ video }: { video: Video }) {
  const hasFailed = video.state === 'failed'
  return (
    <div className="grid size-full place-items-center p-6 text-center text-white">
      <div>
        <Hourglass aria-hidden size={40} className="mx-auto mb-3 opacity-80" />
        <p className="text-lg font-semibold">{videoText(hasFailed ? 'brokenTitle' : 'unreadyTitle')}</p>
        <p className="mt-1 text-sm text-white/80">{videoText(hasFailed ? 'brokenHint' : 'unreadyHint')}</p>
      </div>
    </div>
  )
}

const REASONS = { age: 'shutAge', country: 'shutCountry', blocked: 'shutBlocked' } as const

/** Why somebody does not get to see a video, as far as that is theirs to know. */
function ShutVideo({ error, onRetry }: { error: CallError; onRetry: () => void }) {
  useTitle(videoText('shutTitle'))
  if (!['not_found', 'forbidden', 'invalid_input'].includes(error.code))
    return <LoadError error={error} onRetry={onRetry} />
  const reason = error.details?.reason as keyof typeof REASONS | undefined
  return (
    <Notice
      className="pt-[14vh]"
      art={<EyeOff aria-hidden size={48} className="text-text-3" />}
      title={videoText('shutTitle')}
      hint={videoText((reason && REASONS[reason]) ?? 'shutHint')}
    />
  )
}

function VideoSkeleton() {
  return (
    <div className={pageClass}>
      <LoadingNote />
      <div className={cx(stageClass, 'bg-surface-2! lg:rounded-md')} />
      <div className="px-4 lg:px-0">
        <Skeleton className="mt-4 h-7 w-3/5" />
        <Skeleton className="mt-3 h-11 w-72" />
      </div>
    </div>
  )
}
