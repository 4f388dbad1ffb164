import { Link } from '@tanstack/react-router'
import { RefreshCw } from 'lucide-react'
import { use, useRef, useSyncExternalStore } from 'react'
import { useApp } from '../../../data/app.tsx'
import { formatSize } from '../../../format/number.ts'
import { editText } from '../../../text/editing.ts'
import { Button, buttonClass } from '../../../ui/button.tsx'
import { FormError } from '../../../ui/field.tsx'
import { failureText } from '../failure-text.ts'
import { Coming } from '../manager-row.tsx'
import { ProgressBar } from '../progress.tsx'
import type { OwnVideo } from '../use-own-videos.ts'

/** The newest file of a video, and another one in its place. */
export function FilePanel({ video }: { video: OwnVideo }) {
  const { id: videoId, run } = video
  const { uploads } = useApp()
  const queue = use(uploads.load())
  const sendings = useSyncExternalStore(queue.onChange, queue.sendings)
  const sending = sendings.findLast((known) => known.videoId === videoId && known.state !== 'done')
  const input = useRef<HTMLInputElement>(null)
  const isBusy = run?.state === 'uploading' || run?.state === 'processing'
  return (
    <div className="flex flex-col gap-5">
      {run ? (
        <div>
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-2">
            <dt className="text-text-3">{editText('fileName')}</dt>
            <dd className="truncate">{run.fileName}</dd>
            <dt className="text-text-3">{editText('fileSize')}</dt>
            <dd className="tabular-nums">{formatSize(run.sizeBytes)}</dd>
          </dl>
          {!sending && <Coming video={video} />}
        </div>
      ) : (
        <p className="text-text-2">{editText('fileNone')}</p>
      )}
      {sending && (
        <div>
          <ProgressBar
            label={editText('replacing', { name: sending.fileName })}
            percent={(100 * sending.sentBytes) / sending.sizeBytes}
            isStill={sending.state !== 'sending'}
          />
          {sending.failure && (
            <div className="mt-3">
              <FormError>{failureText(sending.failure)}</FormError>
            </div>
          )}
          <Link to="/upload" className={`${buttonClass('quiet', 'sm')} mt-3`}>
            {editText('uploads')}
          </Link>
        </div>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button
          icon={RefreshCw}
          disabled={isBusy || sending !== undefined}
          onClick={() => input.current?.click()}
        >
          {editText('replace')}
        </Button>
        <p className="min-w-0 flex-1 basis-64 text-sm text-pretty text-text-3">{editText('replaceHint')}</p>
      </div>
      <input
        ref={input}
        type="file"
        accept="video/*,.mkv,.m2ts,.ts,.mxf,.avi"
        hidden
        aria-label={editText('replace')}
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file) queue.add([file], { videoId })
          event.target.value = ''
        }}
      />
    </div>
  )
}
