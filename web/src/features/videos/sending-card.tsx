import { CircleCheck, Pause, Play, RotateCw, X } from 'lucide-react'
import { useState } from 'react'
import { formatSize } from '../../format/number.ts'
import { formatDuration } from '../../format/time.ts'
import { videoText } from '../../text/videos.ts'
import { IconButton } from '../../ui/button.tsx'
import { Confirm } from '../../ui/overlay/confirm.tsx'
import { VideoForm } from './details/video-form.tsx'
import { failureText } from './failure-text.ts'
import { ProgressBar } from './progress.tsx'
import type { Sending, UploadQueue } from './sending/upload-queue.ts'
import type { OwnVideo } from './use-own-videos.ts'

type Props = {
  sending: Sending
  queue: UploadQueue
  /** As the server knows it, once it does. */
  video: OwnVideo | undefined
  onSaved: (video: OwnVideo) => void
}

/** One file on its way: how far it is, what can be done about it, and what its owner says of it meanwhile. */
export function SendingCard({ sending, queue, video, onSaved }: Props) {
  const { fileName, sizeBytes, sentBytes, state, failure } = sending
  const percent = (100 * sentBytes) / sizeBytes
  return (
    <li className="rounded-md border border-line bg-surface-1 p-4 md:p-5" data-testid="sending">
      <div className="flex items-center gap-1">
        <h2 className="min-w-0 flex-1 truncate text-base font-semibold">{video?.title ?? fileName}</h2>
        <Buttons sending={sending} queue={queue} />
      </div>
      <div className="mt-2">
        <ProgressBar
          label={videoText('sending', { name: fileName })}
          percent={percent}
          isStill={state !== 'sending' && state !== 'done'}
        />
      </div>
      {failure && (
        <p role="alert" className="mt-2 text-sm text-danger">
          {failureText(failure)}
        </p>
      )}
      <Status sending={sending} />
      {video && (
        <details className="mt-4 border-t border-line pt-3" open>
          <summary className="cursor-pointer rounded-sm py-1 text-sm font-semibold text-text-2 hover:text-text-1">
            {videoText('detailsOf', { title: video.title })}
          </summary>
          <div className="mt-3">
            <VideoForm key={video.id} video={video} onSaved={onSaved} hasRules />
          </div>
        </details>
      )}
    </li>
  )
}

function Status({ sending }: { sending: Sending }) {
  const { sizeBytes, sentBytes, state, bytesPerSecond } = sending
  if (state === 'done')
    return (
      <p role="status" className="mt-2 flex items-center gap-2 text-sm text-text-2">
        <CircleCheck aria-hidden size={18} className="shrink-0 text-accent" />
        {videoText('done')}
      </p>
    )
  const leftMs = bytesPerSecond ? ((sizeBytes - sentBytes) / bytesPerSecond) * 1000 : undefined
  const parts = [
    videoText('sent', { sent: formatSize(sentBytes), total: formatSize(sizeBytes) }),
    ...(bytesPerSecond ? [videoText('speed', { size: formatSize(Math.round(bytesPerSecond)) })] : []),
    ...(leftMs === undefined ? [] : [videoText('left', { time: formatDuration(leftMs) })]),
    ...(state === 'waiting' ? [videoText('waiting')] : []),
    ...(state === 'paused' ? [videoText('paused')] : []),
  ]
  return <p className="mt-2 text-sm text-text-3 tabular-nums">{parts.join(' · ')}</p>
}

function Buttons({ sending, queue }: { sending: Sending; queue: UploadQueue }) {
  const { id, fileName, state } = sending
  const [isAsking, setIsAsking] = useState(false)
  if (state === 'done')
    return <IconButton icon={X} label={videoText('dismiss')} onClick={() => queue.forget(id)} />
  return (
    <>
      {state === 'paused' && (
        <IconButton icon={Play} label={videoText('resume')} onClick={() => queue.resume(id)} />
      )}
      {state === 'failed' && (
        <IconButton icon={RotateCw} label={videoText('retry')} onClick={() => queue.resume(id)} />
      )}
      {(state === 'sending' || state === 'waiting') && (
        <IconButton icon={Pause} label={videoText('pause')} onClick={() => queue.pause(id)} />
      )}
      <IconButton icon={X} label={videoText('cancelUpload')} onClick={() => setIsAsking(true)} />
      <Confirm
        isOpen={isAsking}
        title={videoText('cancelTitle')}
        hint={videoText('cancelHint', { name: fileName })}
        confirm={videoText('cancelConfirm')}
        keep={videoText('cancelKeep')}
        onConfirm={() => void queue.cancel(id).catch(() => queue.forget(id))}
        onClose={() => setIsAsking(false)}
      />
    </>
  )
}
