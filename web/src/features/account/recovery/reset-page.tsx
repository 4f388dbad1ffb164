import { Link, useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { CallError } from '../../../../../client/types.ts'
import { errorText, fieldErrors } from '../../../data/error-text.ts'
import { useApiChange } from '../../../data/use-api.ts'
import { useTitle } from '../../../data/use-title.ts'
import { account } from '../../../text/account.ts'
import { Button, buttonClass } from '../../../ui/button.tsx'
import { Field, FormError, focusFirstProblem } from '../../../ui/field.tsx'
import { LogoMark } from '../../../ui/logo.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { heldStep } from '../../entry/held-step.ts'
import { SecondStep } from '../../entry/second-step.tsx'
import { AuthFrame } from '../auth-frame.tsx'
import { useArrival } from '../use-arrival.ts'
import { passwordProblem } from '../validate.ts'

/** Redeems the link of a reset mail: the new password, and in. */
export function ResetPage({ token }: { token: string }) {
  useTitle(account('resetTitle'))
  const reset = useApiChange('post /api/auth/reset')
  const arrive = useArrival()
  const router = useRouter()
  const [problem, setProblem] = useState<string>()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('password'))
    const found = passwordProblem(password)
    setProblem(found)
    if (found) return focusFirstProblem(event.currentTarget)
    reset.mutate(
      { body: { token, password } },
      { onSuccess: ({ account: signedIn }) => arrive(signedIn, undefined) },
    )
  }
  const isVoid = reset.error instanceof CallError && reset.error.code === 'expired'
  if (isVoid || !token) return <VoidLink />
  // The password is set by now; what is missing is only the way in.
  const step = heldStep(reset.error)
  if (step)
    return (
      <SecondStep
        step={step}
        onSignedIn={(signedIn) => arrive(signedIn, undefined)}
        onRestart={() => void router.navigate({ to: '/sign-in', replace: true })}
      />
    )
  const { password: refused } = fieldErrors(reset.error)
  return (
    <AuthFrame title={account('resetTitle')} hint={account('resetHint')}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-5">
        {reset.error && !refused && <FormError>{errorText(reset.error)}</FormError>}
        <Field
          label={account('newPassword')}
          hint={account('passwordHint')}
          name="password"
          type="password"
          autoComplete="new-password"
          maxLength={200}
          error={problem ?? refused}
        />
        <Button type="submit" look="primary" size="lg" isBusy={reset.isPending}>
          {account('resetSave')}
        </Button>
      </form>
    </AuthFrame>
  )
}

const VoidLink = () => (
  <div role="alert">
    <Notice
      className="pt-[14vh]"
      art={<LogoMark size={56} />}
      title={account('verifyFailed')}
      hint={account('verifyFailedHint')}
      actions={
        <Link to="/forgot" className={buttonClass('primary')}>
          {account('forgotSend')}
        </Link>
      }
    />
  </div>
)
