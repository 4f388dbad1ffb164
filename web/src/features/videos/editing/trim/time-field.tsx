import { useState } from 'react'
import { trimText } from '../../../../text/trim.ts'
import { Button } from '../../../../ui/button.tsx'
import { Field } from '../../../../ui/field.tsx'
import { readTime, writeTime } from '../captions/cues.ts'

type Props = {
  label: string
  valueMs: number
  /** Whether a time can be taken as it is. */
  isRight: (ms: number) => boolean
  onChange: (ms: number) => void
  action: { label: string; onAct: () => void }
}

/** A time that is typed, and taken when one leaves the field. */
export function TimeField({ label, valueMs, isRight, onChange, action }: Props) {
  const [typed, setTyped] = useState<string>()
  const [problem, setProblem] = useState<'timeRule' | 'withinRule'>()
  const forget = () => {
    setTyped(undefined)
    setProblem(undefined)
  }
  const take = () => {
    if (typed === undefined) return
    const ms = readTime(typed)
    if (ms === undefined) return setProblem('timeRule')
    if (!isRight(ms)) return setProblem('withinRule')
    forget()
    onChange(ms)
  }
  return (
    <div className="flex items-start gap-2">
      <div className="min-w-0 flex-1">
        <Field
          label={label}
          value={typed ?? writeTime(Math.round(valueMs))}
          inputMode="decimal"
          autoComplete="off"
          error={problem && trimText(problem)}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          onBlur={take}
          onKeyDown={({ key }) => {
            if (key === 'Enter') take()
            if (key === 'Escape') forget()
          }}
        />
      </div>
      <Button
        className="mt-7"
        onClick={() => {
          forget()
          action.onAct()
        }}
      >
        {action.label}
      </Button>
    </div>
  )
}
