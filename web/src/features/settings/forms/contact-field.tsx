import { type FormEvent, useState } from 'react'
import { errorText } from '../../../data/error-text.ts'
import { common } from '../../../text/common.ts'
import { Button } from '../../../ui/button.tsx'
import { Field, FormError, focusFirstProblem } from '../../../ui/field.tsx'

type ContactFieldProps = {
  label: string
  type: 'email' | 'tel'
  hint?: string
  /** What the button says. */
  send: string
  problemOf: (text: string) => string | undefined
  error: unknown
  isBusy: boolean
  onSend: (text: string) => void
  onClose: () => void
}

/** One line in which another address or number is asked for. */
export function ContactField(props: ContactFieldProps) {
  const { label, type, hint, send, problemOf, error, isBusy, onSend, onClose } = props
  const [problem, setProblem] = useState<string>()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget).get('contact')).trim()
    const found = problemOf(text)
    setProblem(found)
    if (found) return focusFirstProblem(event.currentTarget)
    onSend(text)
  }
  return (
    <form noValidate onSubmit={submit} className="flex w-full max-w-sm flex-col gap-4">
      {error != null && <FormError>{errorText(error)}</FormError>}
      <Field
        label={label}
        hint={hint}
        name="contact"
        type={type}
        autoComplete={type === 'tel' ? 'tel' : 'email'}
        error={problem}
        autoFocus
      />
      <div className="flex gap-2">
        <Button type="submit" look="primary" isBusy={isBusy}>
          {send}
        </Button>
        <Button onClick={onClose}>{common('cancel')}</Button>
      </div>
    </form>
  )
}
