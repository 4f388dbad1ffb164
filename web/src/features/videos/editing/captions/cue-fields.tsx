import { Plus, Trash2 } from 'lucide-react'
import { useId } from 'react'
import { editText } from '../../../../text/editing.ts'
import { IconButton } from '../../../../ui/button.tsx'
import { cx } from '../../../../ui/cx.ts'
import { inputClass } from '../../../../ui/field.tsx'
import type { CueProblem, CueRow } from './cues.ts'

type Props = {
  row: CueRow
  number: number
  problems: readonly CueProblem[]
  onChange: (row: CueRow) => void
  onRemove: () => void
  onAddAfter: () => void
}

/** One caption: when it begins and ends, and what it says. */
export function CueFields({ row, number, problems, onChange, onRemove, onAddAfter }: Props) {
  const id = useId()
  const isWrong = (field: CueProblem['field']) =>
    problems.some((problem) => problem.field === field) || undefined
  const described = problems.length > 0 ? id : undefined
  return (
    <li className="flex flex-wrap items-start gap-2 py-3" data-testid="cue">
      <div className="flex gap-2 sm:w-28 sm:flex-col">
        {(['start', 'end'] as const).map((field) => (
          <input
            key={field}
            aria-label={editText(field === 'start' ? 'cueStart' : 'cueEnd', { number })}
            aria-invalid={isWrong(field)}
            aria-describedby={described}
            value={row[field]}
            inputMode="decimal"
            autoComplete="off"
            onChange={({ currentTarget }) => onChange({ ...row, [field]: currentTarget.value })}
            className={cx(inputClass, 'w-28! tabular-nums')}
          />
        ))}
      </div>
      <textarea
        aria-label={editText('cueText', { number })}
        aria-invalid={isWrong('text')}
        aria-describedby={described}
        value={row.text}
        rows={2}
        onChange={({ currentTarget }) => onChange({ ...row, text: currentTarget.value })}
        className={cx(inputClass, 'h-24! w-auto! min-w-48 flex-1 py-2.5')}
      />
      <div className="flex sm:flex-col">
        <IconButton icon={Trash2} label={editText('cueRemove', { number })} onClick={onRemove} />
        <IconButton icon={Plus} label={editText('cueAddAfter', { number })} onClick={onAddAfter} />
      </div>
      {problems.length > 0 && (
        <p id={id} role="alert" className="w-full text-sm text-danger">
          {problems.map(({ rule }) => editText(rule)).join(' ')}
        </p>
      )}
    </li>
  )
}
