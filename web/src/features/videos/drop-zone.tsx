import { Upload } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { videoText } from '../../text/videos.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { useToast } from '../../ui/overlay/toasts.tsx'

/** Endings that browsers know no type for; what is really in a file, the server finds out. */
const KNOWN_NAMES = /\.(mkv|mp4|m4v|mov|webm|avi|mpe?g|ts|m2ts|wmv|flv|3gp|mxf|ogv)$/i

const isVideo = ({ type, name }: File): boolean => type.startsWith('video/') || KNOWN_NAMES.test(name)

type Props = { onFiles: (files: File[]) => void; isCompact: boolean }

/** Where files are dropped or chosen; smaller once there is something else to look at. */
export function DropZone({ onFiles, isCompact }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setIsOver] = useState(false)
  const toast = useToast()
  const take = (list: FileList | null) => {
    const files = [...(list ?? [])]
    for (const { name } of files.filter((file) => !isVideo(file)))
      toast({ title: videoText('notVideo', { name }), tone: 'danger' })
    onFiles(files.filter(isVideo))
  }
  const over = (event: DragEvent, next: boolean) => {
    event.preventDefault()
    setIsOver(next)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one way more; the button inside is for everybody.
    <div
      data-testid="drop-zone"
      onDragOver={(event) => over(event, true)}
      onDragLeave={(event) => over(event, false)}
      onDrop={(event) => {
        over(event, false)
        take(event.dataTransfer.files)
      }}
      className={cx(
        'flex flex-col items-center rounded-md border-2 border-dashed px-4 text-center transition-colors',
        isCompact ? 'py-5' : 'py-12',
        isOver ? 'border-accent bg-surface-2' : 'border-line-strong bg-surface-1',
      )}
    >
      {!isCompact && <Upload aria-hidden size={40} className="mb-4 text-text-3" />}
      <p className="text-base font-semibold">{videoText('dropHere')}</p>
      <p className="mt-1 mb-5 text-pretty text-text-2">{videoText('dropHint')}</p>
      <Button look="primary" onClick={() => input.current?.click()}>
        {videoText('choose')}
      </Button>
      <input
        ref={input}
        type="file"
        accept="video/*,.mkv,.m2ts,.ts,.mxf,.avi"
        multiple
        hidden
        aria-label={videoText('choose')}
        onChange={(event) => {
          take(event.target.files)
          // The same file may be chosen again, to go on with it.
          event.target.value = ''
        }}
      />
    </div>
  )
}
