import { FileUp, PencilLine } from 'lucide-react'
import { useRef, useState } from 'react'
import { errorText } from '../../../../data/error-text.ts'
import { useApiChange } from '../../../../data/use-api.ts'
import { languages } from '../../../../format/regions.ts'
import { editText } from '../../../../text/editing.ts'
import { LOCALE } from '../../../../text/messages.ts'
import { Button } from '../../../../ui/button.tsx'
import { FormError, SelectField } from '../../../../ui/field.tsx'
import type { OwnCaptions } from './captions-panel.tsx'

type Props = {
  videoId: string
  captions: readonly OwnCaptions[]
  onChanged: (captions: OwnCaptions[]) => void
  /** To be written by hand. */
  onWrite: (captions: OwnCaptions) => void
}

const KINDS = ['subtitles', 'captions'] as const
const EMPTY = new TextEncoder().encode('WEBVTT\n')

/** Captions from a file, or empty ones to be written, in a language and of a kind. */
export function AddCaptions({ videoId, captions, onChanged, onWrite }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const set = useApiChange('put /api/videos/{videoId}/captions/{language}/{kind}')
  const [language, setLanguage] = useState(LOCALE)
  const [kind, setKind] = useState<OwnCaptions['kind']>('subtitles')
  const isWanted = (known: OwnCaptions) => known.language === language && known.kind === kind
  const there = captions.find(isWanted)
  const send = (bytes: Blob | Uint8Array<ArrayBuffer>, onDone?: (made: OwnCaptions) => void) =>
    set.mutate(
      { params: { videoId, language, kind }, query: {}, upload: { bytes, contentType: 'text/plain' } },
      {
        onSuccess(answer) {
          onChanged(answer.captions)
          const made = answer.captions.find(isWanted)
          if (made) onDone?.(made)
        },
      },
    )
  return (
    <section aria-labelledby="add-captions" className="rounded-md border border-line bg-surface-1 p-4">
      <h2 id="add-captions" className="mb-3 text-base font-semibold">
        {editText('addCaptions')}
      </h2>
      {set.error && <FormError>{errorText(set.error)}</FormError>}
      <div className="my-3 grid gap-4 sm:grid-cols-2">
        <SelectField
          label={editText('captionsLanguage')}
          value={language}
          onChange={({ currentTarget }) => setLanguage(currentTarget.value)}
          options={languages().map(({ code, name }) => ({ value: code, label: name }))}
        />
        <SelectField
          label={editText('captionsKind')}
          value={kind}
          onChange={({ currentTarget }) => setKind(currentTarget.value as OwnCaptions['kind'])}
          options={KINDS.map((value) => ({ value, label: editText(`kind_${value}`) }))}
        />
      </div>
      {there && <p className="mb-3 text-sm text-text-2">{editText('captionsThere')}</p>}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" icon={FileUp} isBusy={set.isPending} onClick={() => input.current?.click()}>
          {there ? editText('replaceFileOf', { label: there.label }) : editText('uploadFile')}
        </Button>
        <Button
          icon={PencilLine}
          disabled={set.isPending}
          onClick={() => (there ? onWrite(there) : send(EMPTY, onWrite))}
        >
          {there ? editText('editOf', { label: there.label }) : editText('write')}
        </Button>
      </div>
      <input
        ref={input}
        type="file"
        accept=".vtt,.srt,text/vtt,application/x-subrip"
        hidden
        aria-label={editText('uploadFile')}
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file) send(file)
          // The same file may be chosen again, after it was corrected.
          event.target.value = ''
        }}
      />
    </section>
  )
}
