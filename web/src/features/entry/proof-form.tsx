import { type FormEvent, useState } from 'react'
import { security } from '../../text/security.ts'
import { Button } from '../../ui/button.tsx'
import { Field, FormError, focusFirstProblem } from '../../ui/field.tsx'

export type CodeProof = { method: 'totp' | 'backup_code'; code: string }

const RULES = {
  totp: { label: 'appCode', rule: 'codeRule', form: /^\d{6}$/, inputMode: 'numeric' },
  backup_code: { label: 'backupCode', rule: 'backupRule', form: /^[0-9a-z]{16}$/i, inputMode: 'text' },
} as const

type ProofFormProps = {
  method: CodeProof['method']
  submit: string
  isBusy: boolean
  error: string | undefined
  onProof: (proof: CodeProof) => void
}

/** One field for a code of the app or a backup code, however people group its characters. */
export function ProofForm({ method, submit, isBusy, error, onProof }: ProofFormProps) {
  const [problem, setProblem] = useState<string>()
  const { label, rule, form, inputMode } = RULES[method]
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const code = String(new FormData(event.currentTarget).get('code')).replace(/[\s-]/g, '')
    const isRight = form.test(code)
    setProblem(isRight ? undefined : security(rule))
    if (!isRight) return focusFirstProblem(event.currentTarget)
    onProof({ method, code })
  }
  return (
    <form noValidate onSubmit={onSubmit} className="flex flex-col gap-5">
      {error && <FormError>{error}</FormError>}
      <Field
        key={method}
        label={security(label)}
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        inputMode={inputMode}
        maxLength={40}
        autoFocus
        error={problem}
      />
      <Button type="submit" look="primary" size="lg" isBusy={isBusy}>
        {submit}
      </Button>
    </form>
  )
}
