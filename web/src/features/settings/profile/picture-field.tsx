import { ImageUp, Trash2 } from 'lucide-react'
import { type DragEvent, type ReactNode, useId, useRef, useState } from 'react'
import { errorText } from '../../../data/error-text.ts'
import { profileText } from '../../../text/settings.ts'
import { Button } from '../../../ui/button.tsx'
import { cx } from '../../../ui/cx.ts'
import { PICTURE_TYPES, type PictureUpload } from './use-picture-upload.ts'

type Props = {
  label: string
  hint: string
  upload: PictureUpload
  hasPicture: boolean
  /** What is there now, or will be: `previewUrl` is the chosen file while it is on its way. */
  preview: (previewUrl: string | undefined) => ReactNode
  isWide?: boolean
}

/** Chooses a picture by pressing or dropping, shows it while it is on its way, and says what is wrong with it. */
export function PictureField({ label, hint, upload, hasPicture, preview, isWide = false }: Props) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setIsOver] = useState(false)
  const { state, choose, remove } = upload
  const isBusy = state.kind === 'sending'
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    const file = event.dataTransfer.files[0]
    if (file && !isBusy) choose(file)
  }
  return (
    <fieldset
      aria-describedby={`${id}-hint`}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
      className={cx(
        'rounded-md border border-dashed p-4 transition-colors',
        isOver ? 'border-accent bg-surface-2' : 'border-line-strong',
      )}
    >
      <legend className="px-1 text-sm font-medium">{label}</legend>
      <div
        className={cx('flex gap-4', isWide ? 'flex-col' : 'items-center max-sm:flex-col max-sm:items-start')}
      >
        {preview(isBusy ? state.previewUrl : undefined)}
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-2">
            <Button icon={ImageUp} isBusy={isBusy} onClick={() => input.current?.click()}>
              {profileText('choose')}
            </Button>
            {hasPicture && (
              <Button look="danger" icon={Trash2} disabled={isBusy} onClick={remove}>
                {profileText('remove')}
              </Button>
            )}
            <span className="text-text-3 max-sm:hidden">{profileText('drop')}</span>
          </div>
          <p id={`${id}-hint`} className="mt-2 text-text-2">
            {hint}
          </p>
          <input
            ref={input}
            type="file"
            hidden
            tabIndex={-1}
            aria-label={label}
            accept={PICTURE_TYPES.join(',')}
            onChange={({ currentTarget }) => {
              const file = currentTarget.files?.[0]
              // So that the same file can be chosen once more.
              currentTarget.value = ''
              if (file) choose(file)
            }}
          />
          <Progress state={state} />
        </div>
      </div>
    </fieldset>
  )
}

function Progress({ state }: { state: PictureUpload['state'] }) {
  if (state.kind === 'refused')
    return (
      <p role="alert" className="mt-2 text-sm text-danger">
        {typeof state.reason === 'string' ? state.reason : errorText(state.reason)}
      </p>
    )
  if (state.kind !== 'sending') return null
  const percent = Math.round(state.part * 100)
  const text = state.part < 1 ? profileText('uploading', { percent }) : profileText('preparing')
  return (
    <div className="mt-2">
      <div
        role="progressbar"
        aria-label={text}
        aria-valuenow={percent}
        className="h-1.5 overflow-hidden rounded-full bg-surface-3"
      >
        <div className="h-full bg-accent transition-[width]" style={{ width: `${percent}%` }} />
      </div>
      <p aria-hidden className="mt-1 text-sm text-text-2 tabular-nums">
        {text}
      </p>
    </div>
  )
}
