import { type FormEvent, useState } from 'react'
import { errorText, fieldErrors } from '../../data/error-text.ts'
import { useApiChange } from '../../data/use-api.ts'
import { useTitle } from '../../data/use-title.ts'
import { account as accountText } from '../../text/account.ts'
import { security } from '../../text/security.ts'
import { Button } from '../../ui/button.tsx'
import { Field, FormError, focusFirstProblem } from '../../ui/field.tsx'
import { AuthFrame } from '../account/auth-frame.tsx'
import { useArrival } from '../account/use-arrival.ts'
import { cleanHandle, handleProblem, suggestHandle, withoutEmpty } from '../account/validate.ts'

type Suggested = { ticket: string; displayName: string; handle: string; email: string | null }

/** The last step of coming from a provider for the first time. */
export function ChooseHandle({ ticket, displayName, handle, email }: Suggested) {
  useTitle(security('chooseTitle'))
  const signUp = useApiChange('post /api/auth/oauth/sign-up')
  const arrive = useArrival()
  const [wanted, setWanted] = useState(suggestHandle(handle) || suggestHandle(displayName))
  const [problems, setProblems] = useState<{ displayName?: string; handle?: string }>({})
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget).get('displayName')).trim()
    const found = withoutEmpty({
      displayName: name ? undefined : accountText('nameRule'),
      handle: handleProblem(wanted),
    })
    setProblems(found)
    if (Object.keys(found).length > 0) return focusFirstProblem(event.currentTarget)
    signUp.mutate(
      { body: { ticket, handle: cleanHandle(wanted), displayName: name } },
      { onSuccess: ({ account }) => arrive(account, undefined) },
    )
  }
  const shown = { ...fieldErrors(signUp.error), ...problems }
  const address = `${location.host}/@${cleanHandle(wanted) || '…'}`
  return (
    <AuthFrame title={security('chooseTitle')} hint={security('chooseHint')}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-5">
        {signUp.error && <FormError>{errorText(signUp.error)}</FormError>}
        <Field
          label={accountText('displayName')}
          name="displayName"
          defaultValue={displayName}
          autoComplete="name"
          maxLength={50}
          error={shown.displayName}
        />
        <Field
          label={accountText('handle')}
          hint={<span className="break-all">{accountText('handleHint', { address })}</span>}
          name="handle"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={24}
          error={shown.handle}
        />
        {email && <p className="text-text-2">{security('chooseEmail', { email })}</p>}
        <Button type="submit" look="primary" size="lg" isBusy={signUp.isPending}>
          {security('createAccount')}
        </Button>
      </form>
    </AuthFrame>
  )
}
