import { ChevronLeft, ChevronRight, Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import { newClientId } from '../../../../data/calls/client-id.ts'
import { errorText } from '../../../../data/error-text.ts'
import { useApiChange } from '../../../../data/use-api.ts'
import { editText } from '../../../../text/editing.ts'
import { Button, IconButton } from '../../../../ui/button.tsx'
import { FormError, focusFirstProblem } from '../../../../ui/field.tsx'
import { useToast } from '../../../../ui/overlay/toasts.tsx'
import type { OwnCaptions } from './captions-panel.tsx'
import { CueFields } from './cue-fields.tsx'
import { type Cue, type CueProblem, type CueRow, problemsOf, rowAfter, toRows, toVtt } from './cues.ts'
import { useCueDraft } from './use-cue-draft.ts'

/** A film has a thousand captions and more: so many fields at once are drawn without a pause. */
const PAGE_ROWS = 40

type Props = {
  videoId: string
  durationMs: number | undefined
  captions: OwnCaptions
  cues: readonly Cue[]
  onSaved: (captions: OwnCaptions[]) => void
}

/** Captions one by one, with their times. */
export function CueEditor({ videoId, durationMs, captions, cues, onSaved }: Props) {
  const { language, kind } = captions
  const draft = useCueDraft(`${videoId}:${language}:${kind}`, () => toRows(cues, newClientId))
  const { rows } = draft
  const save = useApiChange('put /api/videos/{videoId}/captions/{language}/{kind}')
  const toast = useToast()
  const form = useRef<HTMLFormElement>(null)
  const [page, setPage] = useState(0)
  const [problems, setProblems] = useState<CueProblem[]>([])
  const change = (next: CueRow[]) => {
    draft.change(next)
    const ids = new Set(problems.map(({ id }) => id))
    if (ids.size > 0) setProblems(problemsOf(next, durationMs).filter(({ id }) => ids.has(id)))
  }
  const submit = () => {
    const found = problemsOf(rows, durationMs)
    setProblems(found)
    const [first] = found
    if (first) {
      setPage(Math.floor(rows.findIndex(({ id }) => id === first.id) / PAGE_ROWS))
      if (form.current) focusFirstProblem(form.current)
      return
    }
    const bytes = new TextEncoder().encode(toVtt(rows))
    save.mutate(
      { params: { videoId, language, kind }, query: {}, upload: { bytes, contentType: 'text/vtt' } },
      {
        onSuccess(answer) {
          draft.forget()
          toast({ title: editText('cuesSaved') })
          onSaved(answer.captions)
        },
      },
    )
  }
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      className="flex flex-col gap-4"
    >
      {save.error && <FormError>{errorText(save.error)}</FormError>}
      {draft.wasKept && (
        <p role="status" className="flex flex-wrap items-center gap-3 rounded-sm bg-surface-2 px-3 py-2">
          <span className="min-w-0 flex-1">{editText('draftKept')}</span>
          <Button size="sm" onClick={draft.discard}>
            {editText('discard')}
          </Button>
        </p>
      )}
      <Rows {...{ rows, problems, page, onPage: setPage, onChange: change }} />
      <div className="flex flex-wrap items-center justify-end gap-3">
        {draft.isChanged && <span className="text-sm text-text-3">{editText('unsaved')}</span>}
        <Button type="submit" look="primary" isBusy={save.isPending}>
          {editText('save')}
        </Button>
      </div>
    </form>
  )
}

type RowsProps = {
  rows: readonly CueRow[]
  problems: readonly CueProblem[]
  page: number
  onPage: (page: number) => void
  onChange: (rows: CueRow[]) => void
}

function Rows({ rows, problems, page, onPage, onChange }: RowsProps) {
  const from = page * PAGE_ROWS
  const shown = rows.slice(from, from + PAGE_ROWS)
  const addAfter = (at: number) => {
    onChange([...rows.slice(0, at + 1), rowAfter(rows[at], newClientId), ...rows.slice(at + 1)])
    onPage(Math.floor((at + 1) / PAGE_ROWS))
  }
  return (
    <>
      {rows.length === 0 && <p className="text-text-2">{editText('cuesEmpty')}</p>}
      <ol className="divide-y divide-line">
        {shown.map((row, i) => (
          <CueFields
            key={row.id}
            row={row}
            number={from + i + 1}
            problems={problems.filter(({ id }) => id === row.id)}
            onChange={(next) => onChange(rows.map((known) => (known.id === row.id ? next : known)))}
            onRemove={() => onChange(rows.filter(({ id }) => id !== row.id))}
            onAddAfter={() => addAfter(from + i)}
          />
        ))}
      </ol>
      <div className="flex flex-wrap items-center gap-2">
        <Button icon={Plus} onClick={() => addAfter(rows.length - 1)}>
          {editText('cueAdd')}
        </Button>
        {rows.length > PAGE_ROWS && (
          <div className="ml-auto flex items-center gap-1 text-sm text-text-3 tabular-nums">
            <IconButton
              icon={ChevronLeft}
              label={editText('earlier')}
              disabled={page === 0}
              onClick={() => onPage(page - 1)}
            />
            {editText('cuesPage', { from: from + 1, to: from + shown.length, all: rows.length })}
            <IconButton
              icon={ChevronRight}
              label={editText('later')}
              disabled={from + PAGE_ROWS >= rows.length}
              onClick={() => onPage(page + 1)}
            />
          </div>
        )}
      </div>
    </>
  )
}
