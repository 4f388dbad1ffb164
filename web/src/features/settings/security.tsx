import { type FormEvent, useState } from 'react'
import { errorText, fieldErrors } from '../../data/error-text.ts'
import { useApi, useApiChange } from '../../data/use-api.ts'
import { useAccount } from '../../data/use-session.ts'
import { useTitle } from '../../data/use-title.ts'
import { account as accountText } from '../../text/account.ts'
import { security } from '../../text/security.ts'
import { settingsText } from '../../text/settings.ts'
import { Button } from '../../ui/button.tsx'
import { Field, FormError, focusFirstProblem } from '../../ui/field.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'
import { passwordProblem, withoutEmpty } from '../account/validate.ts'
import { Section } from './frame.tsx'
import { SecurityLinks } from './ways-in/security-links.tsx'

export function SecuritySettings() {
  useTitle(settingsText('security'))
  const account = useAccount()
  if (!account) return null
  return (
    <>
      <Section
        title={accountText('password')}
        hint={settingsText(account.hasPassword ? 'passwordHint' : 'passwordNone')}
      >
        {account.hasPassword ? <PasswordForm /> : <PasswordByLink />}
      </Section>
      <Section title={security('sectionTitle')} hint={security('sectionHint')}>
        <SecurityLinks />
      </Section>
    </>
  )
}

function PasswordForm() {
  const change = useApiChange('put /api/account/password')
  const toast = useToast()
  const [problems, setProblems] = useState<{ current?: string; password?: string }>({})
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const body = { current: String(given.get('current')), password: String(given.get('password')) }
    const found = withoutEmpty({
      current: body.current ? undefined : accountText('passwordMissing'),
      password: passwordProblem(body.password),
    })
    setProblems(found)
    if (Object.keys(found).length > 0) return focusFirstProblem(form)
    const done = () => {
      form.reset()
      toast({ title: settingsText('passwordChanged') })
    }
    change.mutate({ body }, { onSuccess: done })
  }
  const { password: refused } = fieldErrors(change.error)
  return (
    <form noValidate onSubmit={submit} className="flex max-w-sm flex-col gap-4">
      {change.error && !refused && <FormError>{errorText(change.error)}</FormError>}
      <Field
        label={settingsText('presentPassword')}
        name="current"
        type="password"
        autoComplete="current-password"
        error={problems.current}
      />
      <Field
        label={accountText('newPassword')}
        hint={accountText('passwordHint')}
        name="password"
        type="password"
        autoComplete="new-password"
        maxLength={200}
        error={problems.password ?? refused}
      />
      <Button type="submit" look="primary" isBusy={change.isPending} className="self-start">
        {settingsText('passwordChange')}
      </Button>
    </form>
  )
}

/** For an account without a password: the link of a forgotten one sets the first one too. */
function PasswordByLink() {
  const forgot = useApiChange('post /api/auth/forgot')
  const contacts = useApi('get /api/account/contacts').data
  const { email, phone } = contacts ?? {}
  const contact = email ? { email } : phone ? { phone } : undefined
  return (
    <div className="flex flex-col gap-4">
      {forgot.error && <FormError>{errorText(forgot.error)}</FormError>}
      {forgot.isSuccess && (
        <p role="status" className="text-text-2">
          {accountText('forgotSentHint', { contact: email ?? phone ?? '' })}
        </p>
      )}
      <Button
        isBusy={forgot.isPending}
        disabled={!contact}
        onClick={() => contact && forgot.mutate({ body: contact })}
        className="self-start"
      >
        {settingsText('passwordSet')}
      </Button>
    </div>
  )
}
