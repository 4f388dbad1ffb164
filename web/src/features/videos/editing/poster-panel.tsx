import { ImageUp } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { errorText } from '../../../data/error-text.ts'
import { useApiChange } from '../../../data/use-api.ts'
import { thumbBackground } from '../../../format/picture.ts'
import { editText } from '../../../text/editing.ts'
import { Button } from '../../../ui/button.tsx'
import { cx } from '../../../ui/cx.ts'
import { FormError } from '../../../ui/field.tsx'
import type { OwnVideo } from '../use-own-videos.ts'

type Props = { video: OwnVideo; onSaved: (video: OwnVideo) => void }

/** As the server takes them. */
const PICTURE_TYPES = 'image/jpeg,image/png,image/webp,image/gif,image/avif'

/** What people see of a video before they watch it: one of three of its pictures, or one of its owner's. */
export function PosterPanel({ video, onSaved }: Props) {
  const { id: videoId, posterUrl, posterOptions, posterChoice, thumbhash } = video
  const params = { videoId }
  const choose = useApiChange('put /api/videos/{videoId}/poster')
  const upload = useApiChange('put /api/videos/{videoId}/poster/picture')
  const input = useRef<HTMLInputElement>(null)
  const saved = { onSuccess: (answer: { video: OwnVideo }) => onSaved(answer.video) }
  const error = choose.error ?? upload.error
  if (posterUrl === null || posterOptions.length === 0)
    return <p className="text-text-2">{editText('posterNone')}</p>
  const isOwn = posterChoice === null
  return (
    <div className="flex flex-col gap-4">
      <p className="text-text-2">{editText('posterHint')}</p>
      {error && <FormError>{errorText(error)}</FormError>}
      <div
        role="radiogroup"
        aria-label={editText('poster')}
        className="grid grid-cols-2 gap-3 sm:grid-cols-3"
      >
        {posterOptions.map((hash, choice) => (
          <PosterOption
            key={hash + String(choice)}
            label={editText('posterOption', { number: choice + 1 })}
            folder={posterUrl.replace(/[^/]+\/$/, `${choice}/`)}
            thumbhash={hash}
            isChosen={choice === posterChoice}
            onChoose={() => {
              upload.reset()
              choose.mutate({ params, body: { choice } }, saved)
            }}
          />
        ))}
        {isOwn && (
          <PosterOption
            label={editText('posterOwn')}
            folder={posterUrl}
            thumbhash={thumbhash}
            isChosen
            onChoose={() => {}}
          />
        )}
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Button icon={ImageUp} isBusy={upload.isPending} onClick={() => input.current?.click()}>
          {editText('posterUpload')}
        </Button>
        <p className="min-w-0 flex-1 text-sm text-text-3">{editText('posterUploadHint')}</p>
      </div>
      <input
        ref={input}
        type="file"
        accept={PICTURE_TYPES}
        hidden
        aria-label={editText('posterUpload')}
        onChange={(event) => {
          const file = event.target.files?.[0]
          choose.reset()
          if (file) upload.mutate({ params, upload: { bytes: file, contentType: file.type } }, saved)
          event.target.value = ''
        }}
      />
    </div>
  )
}

type OptionProps = {
  label: string
  folder: string
  thumbhash: string | null
  isChosen: boolean
  onChoose: () => void
}

function PosterOption({ label, folder, thumbhash, isChosen, onChoose }: OptionProps): ReactNode {
  return (
    <label
      className={cx(
        'relative block aspect-video cursor-pointer overflow-hidden rounded-md bg-surface-3 bg-cover outline-offset-2',
        'has-focus-visible:outline-2 has-focus-visible:outline-accent',
        isChosen ? 'ring-3 ring-accent' : 'ring-1 ring-line hover:ring-line-strong',
      )}
      style={{ background: thumbhash ? thumbBackground({ id: '', thumbhash }) : undefined }}
    >
      <input
        type="radio"
        name="poster"
        aria-label={label}
        checked={isChosen}
        onChange={onChoose}
        className="sr-only"
      />
      <img src={`${folder}480.webp`} alt="" loading="lazy" className="size-full object-cover" />
    </label>
  )
}
