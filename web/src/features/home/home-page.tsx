import { Link } from '@tanstack/react-router'
import { Radio } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTitle } from '../../data/use-title.ts'
import { common } from '../../text/common.ts'
import { home } from '../../text/home.ts'
import { buttonClass } from '../../ui/button.tsx'
import { LoadError, Notice } from '../../ui/notice.tsx'
import { LoadingNote } from '../../ui/skeleton.tsx'
import { QuietWater } from './quiet-water.tsx'
import { StreamTile, StreamTileSkeleton } from './stream-tile.tsx'
import { useDirectory } from './use-directory.ts'

/** Two rows of a wide screen. */
const SKELETONS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

/** Who is live now. */
export function HomePage() {
  useTitle(undefined)
  const { data, error, refetch } = useDirectory()
  if (data?.streams.length === 0) return <NobodyLive />
  if (error && !data) return <LoadError error={error} title={home('failed')} onRetry={() => void refetch()} />
  return (
    <div className="mx-auto max-w-[1760px] px-4 pt-4 pb-10 md:px-6">
      <div className="mb-5 flex items-baseline gap-3">
        <h1 className="text-xl font-bold">{home('title')}</h1>
        {data && (
          <p className="text-text-3 tabular-nums">{home('liveCount', { count: data.streams.length })}</p>
        )}
      </div>
      {data ? (
        <Grid>
          {data.streams.map((stream) => (
            <StreamTile key={stream.streamId} stream={stream} />
          ))}
        </Grid>
      ) : (
        <Grid>
          <LoadingNote />
          {SKELETONS.map((name) => (
            <StreamTileSkeleton key={name} />
          ))}
        </Grid>
      )}
    </div>
  )
}

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
