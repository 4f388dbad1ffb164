import { Link } from '@tanstack/react-router'
import { Clapperboard, Upload } from 'lucide-react'
import { useApp } from '../../data/app.tsx'
import { errorText } from '../../data/error-text.ts'
import { useTitle } from '../../data/use-title.ts'
import { videoText } from '../../text/videos.ts'
import { buttonClass } from '../../ui/button.tsx'
import { LoadError, Notice } from '../../ui/notice.tsx'
import { Older } from '../../ui/older.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx'
import { ManagerRow } from './manager-row.tsx'
import { type OwnVideo, useOwnVideos } from './use-own-videos.ts'

/** A screen ahead: the next page is there before its place is. */
const AHEAD_PX = 800

/** All of one's videos with their states, as they change. */
export function ManagerPage() {
  useTitle(videoText('managerTitle'))
  const { query, videos, take, reload } = useOwnVideos()
  const remove = useRemove(take, reload)
  return (
    <div className="mx-auto max-w-4xl px-4 pt-4 pb-16 md:px-6">
      <div className="mb-4 flex items-center gap-4">
        <h1 className="min-w-0 flex-1 text-xl font-bold">{videoText('managerTitle')}</h1>
        <UploadLink />
      </div>
      {videos === undefined ? (
        query.error ? (
          <LoadError
            error={query.error}
            title={videoText('listFailed')}
            onRetry={() => void query.refetch()}
          />
        ) : (
          <ListSkeleton />
        )
      ) : videos.length === 0 ? (
        <Notice
          level={2}
          art={<Clapperboard aria-hidden size={40} className="text-text-3" />}
          title={videoText('emptyTitle')}
          hint={videoText('emptyHint')}
          actions={<UploadLink />}
        />
      ) : (
        <>
          <ul className="divide-y divide-line">
            {videos.map((video) => (
              <ManagerRow key={video.id} video={video} onDelete={() => remove(video)} />
            ))}
          </ul>
          <Older
            query={query}
            aheadPx={AHEAD_PX}
            failed={videoText('moreFailed')}
            skeleton={<RowSkeleton />}
          />
        </>
      )}
    </div>
  )
}

const UploadLink = () => (
  <Link to="/upload" className={buttonClass('primary')}>
    <Upload aria-hidden size={18} />
    {videoText('uploadMore')}
  </Link>
)

/** Deletes at once and offers to undo it: nothing is asked first, as nothing is lost. */
function useRemove(take: (videoId: string) => void, reload: () => void) {
  const { api } = useApp()
  const toast = useToast()
  const failed = (error: unknown) => {
    toast({ title: errorText(error), tone: 'danger' })
    reload()
  }
  const restore = ({ id: videoId, title }: OwnVideo) =>
    api.request('post /api/videos/{videoId}/restore', { params: { videoId } }).then(() => {
      toast({ title: videoText('restored', { title }) })
      reload()
    }, failed)
  return (video: OwnVideo) => {
    const { id: videoId, title } = video
    take(videoId)
    api.request('delete /api/videos/{videoId}', { params: { videoId } }).then(
      () =>
        toast({
          title: videoText('deleted', { title }),
          action: {
            label: videoText('undo'),
            hint: videoText('undoHint'),
            onAction: () => void restore(video),
          },
        }),
      failed,
    )
  }
}

const ListSkeleton = () => (
  <>
    <LoadingNote />
    {[1, 2, 3, 4].map((row) => (
      <RowSkeleton key={row} />
    ))}
  </>
)

const RowSkeleton = () => (
  <div className="flex gap-4 py-3">
    <Skeleton className="aspect-video w-28 shrink-0 md:w-40" />
    <div className="flex-1">
      <Skeleton className="h-5 w-2/3" />
      <Skeleton className="mt-2 h-4 w-1/3" />
    </div>
  </div>
)
