import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { errorText } from '../../../data/error-text.ts'
import { useApiChange } from '../../../data/use-api.ts'
import { useTitle } from '../../../data/use-title.ts'
import { account } from '../../../text/account.ts'
import { Button } from '../../../ui/button.tsx'
import { Field, FormError, focusFirstProblem } from '../../../ui/field.tsx'
import { AuthFrame, textLinkClass } from '../auth-frame.tsx'
import { InboxHint } from '../check-contact.tsx'
import { contactIn } from '../validate.ts'

/** Asks for the link that sets a new password. What it answers says nothing about whether there is an account. */
export function ForgotPage() {
  useTitle(account('forgotTitle'))
  const forgot = useApiChange('post /api/auth/forgot')
  const [problem, setProblem] = useState<string>()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const contact = contactIn(String(new FormData(event.currentTarget).get('login')))
    setProblem(contact ? undefined : account('loginRule'))
    if (!contact) return focusFirstProblem(event.currentTarget)
    forgot.mutate({ body: contact })
  }
  if (forgot.isSuccess) {
    const { email, phone = '' } = forgot.variables.body
    return (
      <AuthFrame
        title={account('forgotSentTitle')}
        hint={<span role="status">{account('forgotSentHint', { contact: email ?? phone })}</span>}
      >
        <InboxHint />
        <BackToSignIn />
      </AuthFrame>
    )
  }
  return (
    <AuthFrame title={account('forgotTitle')} hint={account('forgotHint')}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-5">
        {forgot.error && <FormError>{errorText(forgot.error)}</FormError>}
        <Field
          label={account('login')}
          name="login"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          error={problem}
        />
        <Button type="submit" look="primary" size="lg" isBusy={forgot.isPending}>
          {account('forgotSend')}
        </Button>
      </form>
      <BackToSignIn />
    </AuthFrame>
  )
}

const BackToSignIn = () => (
  <p>
    <Link to="/sign-in" className={textLinkClass}>
      {account('backToSignIn')}
    </Link>
  </p>
)
