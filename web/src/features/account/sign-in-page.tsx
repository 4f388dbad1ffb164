import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { CallError } from '../../../../client/types.ts'
import { errorText } from '../../data/error-text.ts'
import { useApiChange } from '../../data/use-api.ts'
import { useTitle } from '../../data/use-title.ts'
import { account } from '../../text/account.ts'
import { common } from '../../text/common.ts'
import { Button } from '../../ui/button.tsx'
import { Field, FormError, focusFirstProblem } from '../../ui/field.tsx'
import { AuthFrame, textLinkClass } from './auth-frame.tsx'
import { CheckMail } from './check-mail.tsx'
import { useArrival } from './use-arrival.ts'
import { emailProblem, withoutEmpty } from './validate.ts'

export function SignInPage({ next }: { next: string | undefined }) {
  useTitle(common('signIn'))
  const signIn = useApiChange('post /api/auth/sign-in')
  const arrive = useArrival()
  const [problems, setProblems] = useState<{ email?: string; password?: string }>({})
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const email = String(form.get('email'))
    const password = String(form.get('password'))
    const found = withoutEmpty({
      email: emailProblem(email),
      password: password ? undefined : account('passwordMissing'),
    })
    setProblems(found)
    if (Object.keys(found).length > 0) return focusFirstProblem(event.currentTarget)
    signIn.mutate(
      { body: { email, password } },
      { onSuccess: ({ account: signedIn }) => arrive(signedIn, next) },
    )
  }
  // The account exists and the password is right, but its address was never confirmed.
  const isUnverified = signIn.error instanceof CallError && signIn.error.details?.reason === 'unverified'
  if (isUnverified) return <CheckMail email={signIn.variables?.body.email ?? ''} onOther={signIn.reset} />
  return (
    <AuthFrame title={account('signInTitle')} hint={account(next ? 'signInToContinue' : 'signInHint')}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-5">
        {signIn.error && <FormError>{errorText(signIn.error)}</FormError>}
        <Field
          label={account('email')}
          name="email"
          type="email"
          autoComplete="email"
          error={problems.email}
        />
        <Field
          label={account('password')}
          name="password"
          type="password"
          autoComplete="current-password"
          error={problems.password}
        />
        <Button type="submit" look="primary" size="lg" isBusy={signIn.isPending}>
          {common('signIn')}
        </Button>
      </form>
      <p className="text-text-2">
        {account('noAccount')}{' '}
        <Link to="/sign-up" search={next ? { next } : {}} className={textLinkClass}>
          {common('signUp')}
        </Link>
      </p>
    </AuthFrame>
  )
}
