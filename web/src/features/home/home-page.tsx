import { Link } from '@tanstack/react-router'
import { Radio } from 'lucide-react'
import { type ComponentProps, lazy, type ReactNode, Suspense } from 'react'
import { useApi } from '../../data/use-api.ts'
import { useTitle } from '../../data/use-title.ts'
import { common } from '../../text/common.ts'
import { home } from '../../text/home.ts'
import { videoText } from '../../text/video.ts'
import { buttonClass } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { LoadError, Notice } from '../../ui/notice.tsx'
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx'
import { PremiereStrip, usePremieres } from '../video/premiere/premiere-strip.tsx'
import { useVideos, VideoGrid } from '../video/tiles/video-grid.tsx'
import { QuietWater } from './quiet-water.tsx'
import { StreamTile, StreamTileSkeleton } from './stream-tile.tsx'
import { useDirectory } from './use-directory.ts'

// Visitors have none, and nobody waits for it to see who is live.
const LiveStrip = lazy(() =>
  import('../following/live-strip.tsx').then((module) => ({ default: module.LiveStrip })),
)

/** Two rows of a wide screen. */
const SKELETONS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

/** Who is live now, and what came out. */
export function HomePage() {
  useTitle(undefined)
  const me = useApi('get /api/me')
  const account = me.data?.account
  const { data, error, refetch } = useDirectory()
  const videos = useVideos()
  const hasVideos = videos.isPending || (videos.data?.pages[0]?.videos.length ?? 0) > 0
  const premieres = usePremieres()
  const hasPremieres = (premieres.data?.premieres.length ?? 0) > 0
  const isQuiet = data?.streams.length === 0
  if (isQuiet && !hasVideos && !hasPremieres) return <NobodyLive />
  if (error && !data) return <LoadError error={error} title={home('failed')} onRetry={() => void refetch()} />
  // Each stands above another: until it is known which of them are there, nothing is shown that could move.
  if (!data || me.isPending || premieres.isPending) return <HomeSkeleton />
  return (
    <div className={pageClass}>
      {account && (
        <Suspense fallback={<div className={stripPlaceClass} />}>
          <div className={stripPlaceClass}>
            <LiveStrip key={account.id} userId={account.id} />
          </div>
        </Suspense>
      )}
      {isQuiet ? <h1 className="sr-only">{home('page')}</h1> : <Live streams={data.streams} />}
      <PremiereStrip query={premieres} className={cx(!isQuiet && 'mt-12')} />
      {hasVideos && (
        <section aria-labelledby="videos" className={cx((!isQuiet || hasPremieres) && 'mt-12')}>
          <h2 id="videos" className="mb-5 text-xl font-bold">
            {videoText('title')}
          </h2>
          <VideoGrid query={videos} />
        </section>
      )}
    </div>
  )
}

const pageClass = 'mx-auto max-w-[1760px] px-4 pt-4 pb-10 md:px-6'

const HomeSkeleton = () => (
  <div className={pageClass}>
    <LoadingNote />
    <Skeleton className="mb-5 h-7 w-40" />
    <Grid>
      {SKELETONS.map((name) => (
        <StreamTileSkeleton key={name} />
      ))}
    </Grid>
  </div>
)

/** Who is on air. */
const Live = ({ streams }: { streams: ComponentProps<typeof StreamTile>['stream'][] }) => (
  <>
    <div className="mb-5 flex items-baseline gap-3">
      <h1 className="text-xl font-bold">{home('title')}</h1>
      <p className="text-text-3 tabular-nums">{home('liveCount', { count: streams.length })}</p>
    </div>
    <Grid>
      {streams.map((stream) => (
        <StreamTile key={stream.streamId} stream={stream} />
      ))}
    </Grid>
  </>
)

/** As high as the strip, which comes later. */
const stripPlaceClass = 'mb-7 h-24'

const Grid = ({ children }: { children: ReactNode }) => (
  <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,290px),1fr))] gap-x-5 gap-y-9">
    {children}
  </div>
)

function NobodyLive() {
  return (
    <Notice
      className="max-w-lg pt-[10vh]"
      art={<QuietWater />}
      title={home('emptyTitle')}
      hint={home('emptyHint')}
      actions={
        <Link to="/studio" className={buttonClass('primary', 'lg')}>
          <Radio aria-hidden size={20} />
          {common('goLive')}
        </Link>
      }
    />
  )
}
