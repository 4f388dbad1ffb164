import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { CallError } from '../../../../client/types.ts'
import { errorText } from '../../data/error-text.ts'
import { useApiChange } from '../../data/use-api.ts'
import { useTitle } from '../../data/use-title.ts'
import { account } from '../../text/account.ts'
import { common } from '../../text/common.ts'
import { Button } from '../../ui/button.tsx'
import { CheckField, Field, FormError, focusFirstProblem } from '../../ui/field.tsx'
import { heldStep } from '../entry/held-step.ts'
import { PasskeySignIn } from '../entry/passkey-sign-in.tsx'
import { Or, ProviderButtons } from '../entry/provider-buttons.tsx'
import { SecondStep } from '../entry/second-step.tsx'
import { AuthFrame, textLinkClass } from './auth-frame.tsx'
import { CheckContact } from './check-contact.tsx'
import { useArrival } from './use-arrival.ts'
import { type Contact, contactIn, withoutEmpty } from './validate.ts'

export function SignInPage({ next }: { next: string | undefined }) {
  useTitle(common('signIn'))
  const signIn = useApiChange('post /api/auth/sign-in')
  const arrive = useArrival()
  const [problems, setProblems] = useState<{ login?: string; password?: string }>({})
  const [contact, setContact] = useState<Contact>()
  const [remember, setRemember] = useState(true)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const named = contactIn(String(form.get('login')))
    const password = String(form.get('password'))
    const found = withoutEmpty({
      login: named ? undefined : account('loginRule'),
      password: password ? undefined : account('passwordMissing'),
    })
    setProblems(found)
    if (!named || Object.keys(found).length > 0) return focusFirstProblem(event.currentTarget)
    setContact(named)
    signIn.mutate(
      { body: { ...named, password, remember } },
      { onSuccess: ({ account: signedIn }) => arrive(signedIn, next) },
    )
  }
  // The account exists and the password is right, but its contact was never confirmed.
  const isUnverified = signIn.error instanceof CallError && signIn.error.details?.reason === 'unverified'
  if (isUnverified && contact) return <CheckContact contact={contact} onOther={signIn.reset} />
  const step = heldStep(signIn.error)
  if (step)
    return (
      <SecondStep step={step} onSignedIn={(signedIn) => arrive(signedIn, next)} onRestart={signIn.reset} />
    )
  return (
    <AuthFrame title={account('signInTitle')} hint={account(next ? 'signInToContinue' : 'signInHint')}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-5">
        {signIn.error && <FormError>{errorText(signIn.error)}</FormError>}
        <Field
          label={account('login')}
          name="login"
          // `webauthn` lets browsers offer passkeys in this field.
          autoComplete="username webauthn"
          autoCapitalize="none"
          spellCheck={false}
          error={problems.login}
        />
        <Field
          label={account('password')}
          name="password"
          type="password"
          autoComplete="current-password"
          error={problems.password}
        />
        <CheckField
          label={account('remember')}
          hint={account('rememberHint')}
          name="remember"
          checked={remember}
          onChange={(event) => setRemember(event.target.checked)}
        />
        <Button type="submit" look="primary" size="lg" isBusy={signIn.isPending}>
          {common('signIn')}
        </Button>
      </form>
      <Or />
      <div className="flex flex-col gap-3">
        <PasskeySignIn remember={remember} onSignedIn={(signedIn) => arrive(signedIn, next)} />
        <ProviderButtons next={next} remember={remember} />
      </div>
      <div className="flex flex-col gap-2 text-text-2">
        <Link to="/forgot" className={textLinkClass}>
          {account('forgot')}
        </Link>
        <p>
          {account('noAccount')}{' '}
          <Link to="/sign-up" search={next ? { next } : {}} className={textLinkClass}>
            {common('signUp')}
          </Link>
        </p>
      </div>
    </AuthFrame>
  )
}
