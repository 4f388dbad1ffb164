import { Link } from '@tanstack/react-router'
import { use, useEffect, useSyncExternalStore } from 'react'
import { useApp } from '../../data/app.tsx'
import { useTitle } from '../../data/use-title.ts'
import { formatSize } from '../../format/number.ts'
import { videoText } from '../../text/videos.ts'
import { buttonClass } from '../../ui/button.tsx'
import { DropZone } from './drop-zone.tsx'
import { ProgressBar } from './progress.tsx'
import { SendingCard } from './sending-card.tsx'
import { type OwnVideo, useOwnVideos } from './use-own-videos.ts'

/** Sending videos: several at once, paused and taken up again, described while they are on their way. */
export function UploadPage() {
  useTitle(videoText('uploadTitle'))
  const { uploads } = useApp()
  const queue = use(uploads.load())
  const sendings = useSyncExternalStore(queue.onChange, queue.sendings)
  const { videos = [], put } = useOwnVideos()
  const isSending = sendings.some(({ state }) => state === 'sending' || state === 'waiting')
  useLeaveWarning(isSending)
  const here = new Set(sendings.map(({ runId }) => runId))
  const unfinished = videos.filter(({ run }) => run?.state === 'uploading' && !here.has(run.id))
  return (
    <div className="mx-auto max-w-3xl px-4 pt-4 pb-16 md:px-6">
      <div className="mb-4 flex items-center gap-4">
        <h1 className="min-w-0 flex-1 text-xl font-bold">{videoText('uploadTitle')}</h1>
        <Link to="/studio/videos" className={buttonClass('quiet')}>
          {videoText('manage')}
        </Link>
      </div>
      <DropZone onFiles={(files) => queue.add(files)} isCompact={sendings.length > 0} />
      {sendings.length > 0 && (
        <ul className="mt-4 flex flex-col gap-4">
          {sendings.toReversed().map((sending) => (
            <SendingCard
              key={sending.id}
              sending={sending}
              queue={queue}
              video={videos.find(({ run }) => run && run.id === sending.runId)}
              onSaved={put}
            />
          ))}
        </ul>
      )}
      {unfinished.length > 0 && <Unfinished videos={unfinished} />}
    </div>
  )
}

/** Uploads that were begun in another page, or before this one was loaded again: browsers forget the files. */
function Unfinished({ videos }: { videos: readonly OwnVideo[] }) {
  return (
    <section className="mt-6" aria-labelledby="unfinished">
      <h2 id="unfinished" className="text-base font-semibold">
        {videoText('unfinishedTitle')}
      </h2>
      <p className="mt-1 mb-3 text-text-2">{videoText('unfinishedHint')}</p>
      <ul className="flex flex-col gap-3">
        {videos.map(({ id, run }) => run && <UnfinishedRow key={id} run={run} />)}
      </ul>
    </section>
  )
}

function UnfinishedRow({ run }: { run: NonNullable<OwnVideo['run']> }) {
  const { fileName, receivedBytes, sizeBytes } = run
  return (
    <li className="rounded-md border border-line bg-surface-1 p-4">
      <p className="mb-2 truncate font-medium">{fileName}</p>
      <ProgressBar
        label={videoText('sending', { name: fileName })}
        percent={(100 * receivedBytes) / sizeBytes}
        isStill
      />
      <p className="mt-2 text-sm text-text-3 tabular-nums">
        {videoText('sent', { sent: formatSize(receivedBytes), total: formatSize(sizeBytes) })}
      </p>
    </li>
  )
}

/** The browser asks before a page goes away that is sending something. */
function useLeaveWarning(isSending: boolean): void {
  useEffect(() => {
    if (!isSending) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isSending])
}
