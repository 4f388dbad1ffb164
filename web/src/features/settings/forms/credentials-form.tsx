import { type FormEvent, useState } from 'react'
import { errorText, fieldErrors } from '../../../data/error-text.ts'
import { useApiChange } from '../../../data/use-api.ts'
import { useAccountChange } from '../../../data/use-session.ts'
import { account } from '../../../text/account.ts'
import { settingsText } from '../../../text/settings.ts'
import { Button } from '../../../ui/button.tsx'
import { Field, FormError, focusFirstProblem } from '../../../ui/field.tsx'
import { useToast } from '../../../ui/overlay/toasts.tsx'
import { emailProblem, passwordProblem, withoutEmpty } from '../../account/validate.ts'

/** Gives an account that only a login link opens a mail address and a password. */
export function CredentialsForm() {
  const save = useApiChange('put /api/account/credentials')
  const changeAccount = useAccountChange()
  const toast = useToast()
  const [problems, setProblems] = useState<{ email?: string; password?: string }>({})
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const body = { email: String(form.get('email')), password: String(form.get('password')) }
    const found = withoutEmpty({ email: emailProblem(body.email), password: passwordProblem(body.password) })
    setProblems(found)
    if (Object.keys(found).length > 0) return focusFirstProblem(event.currentTarget)
    save.mutate(
      { body },
      {
        onSuccess: (answer) => {
          changeAccount(answer.account)
          toast({ title: settingsText('credentialsSaved') })
        },
      },
    )
  }
  const { password: refused } = fieldErrors(save.error)
  return (
    <form noValidate onSubmit={submit} className="flex max-w-sm flex-col gap-4">
      {save.error && !refused && <FormError>{errorText(save.error)}</FormError>}
      <Field label={account('email')} name="email" type="email" autoComplete="email" error={problems.email} />
      <Field
        label={account('password')}
        hint={account('passwordHint')}
        name="password"
        type="password"
        autoComplete="new-password"
        error={problems.password ?? refused}
      />
      <Button type="submit" look="primary" isBusy={save.isPending} className="self-start">
        {settingsText('credentialsSave')}
      </Button>
    </form>
  )
}
