import { type FormEvent, useState } from 'react'
import { errorText } from '../../data/error-text.ts'
import { account } from '../../text/account.ts'
import { Button } from '../../ui/button.tsx'
import { Field, FormError, focusFirstProblem } from '../../ui/field.tsx'
import { codeProblem } from './validate.ts'

type TextCodeFormProps = { error: unknown; isBusy: boolean; onCode: (code: string) => void }

/** Takes the six digits of a text; phones offer them by themselves. */
export function TextCodeForm({ error, isBusy, onCode }: TextCodeFormProps) {
  const [problem, setProblem] = useState<string>()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const code = String(new FormData(event.currentTarget).get('code')).trim()
    const found = codeProblem(code)
    setProblem(found)
    if (found) return focusFirstProblem(event.currentTarget)
    onCode(code)
  }
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      {error != null && <FormError>{errorText(error)}</FormError>}
      <Field
        label={account('code')}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={6}
        error={problem}
      />
      <Button type="submit" look="primary" isBusy={isBusy} className="self-start">
        {account('codeCheck')}
      </Button>
    </form>
  )
}
