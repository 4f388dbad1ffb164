import { Link } from '@tanstack/react-router'
import { Inbox, MailCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { errorText } from '../../data/error-text.ts'
import { useApi, useApiChange } from '../../data/use-api.ts'
import { useTitle } from '../../data/use-title.ts'
import { account } from '../../text/account.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { FormError } from '../../ui/field.tsx'
import { heldStep } from '../entry/held-step.ts'
import { SecondStep } from '../entry/second-step.tsx'
import { AuthFrame, textLinkClass } from './auth-frame.tsx'
import { TextCodeForm } from './text-code-form.tsx'
import { useArrival } from './use-arrival.ts'
import type { Contact } from './validate.ts'

/** After signing up: a mail or a text is on its way. */
export function CheckContact({ contact, onOther }: { contact: Contact; onOther: () => void }) {
  return 'email' in contact ? (
    <CheckMail email={contact.email} onOther={onOther} />
  ) : (
    <CheckPhone phone={contact.phone} onOther={onOther} />
  )
}

/** On a server without mail service the way to its inbox is shown. */
function CheckMail({ email, onOther }: { email: string; onOther: () => void }) {
  useTitle(account('mailTitle'))
  return (
    <AuthFrame title={account('mailTitle')} hint={account('mailHint', { email })}>
      <InboxHint />
      <SendAgain contact={{ email }} onOther={onOther} sent={account('mailResent')} />
    </AuthFrame>
  )
}

function CheckPhone({ phone, onOther }: { phone: string; onOther: () => void }) {
  useTitle(account('codeTitle'))
  const verify = useApiChange('post /api/auth/verify-phone')
  const arrive = useArrival()
  const step = heldStep(verify.error)
  if (step)
    return (
      <SecondStep
        step={step}
        onSignedIn={(signedIn) => arrive(signedIn, undefined)}
        onRestart={verify.reset}
      />
    )
  return (
    <AuthFrame title={account('codeTitle')} hint={account('codeHint', { phone })}>
      <InboxHint isNewTab />
      <TextCodeForm
        error={verify.error}
        isBusy={verify.isPending}
        onCode={(code) =>
          verify.mutate(
            { body: { phone, code } },
            { onSuccess: ({ account: signedIn }) => arrive(signedIn, undefined) },
          )
        }
      />
      <SendAgain contact={{ phone }} onOther={onOther} sent={account('codeResent')} />
    </AuthFrame>
  )
}

/** `isNewTab`: the page is needed again after the look. */
export function InboxHint({ isNewTab = false }: { isNewTab?: boolean }) {
  const hasInbox = useApi('get /api/config').data?.hasInbox ?? false
  if (!hasInbox) return null
  return (
    <div className="flex flex-col gap-3 rounded-md bg-surface-2 p-4">
      <p className="text-text-2">{account('inboxNote')}</p>
      <Link to="/inbox" className={buttonClass('quiet')} {...(isNewTab && { target: '_blank' })}>
        <Inbox aria-hidden size={18} />
        {account('openInbox')}
      </Link>
    </div>
  )
}

function SendAgain({ contact, onOther, sent }: { contact: Contact; onOther: () => void; sent: ReactNode }) {
  const resend = useApiChange('post /api/auth/resend')
  return (
    <>
      {resend.error && <FormError>{errorText(resend.error)}</FormError>}
      {resend.isSuccess && (
        <p role="status" className="flex items-center gap-2 text-text-2">
          <MailCheck aria-hidden size={18} className="text-accent" />
          {sent}
        </p>
      )}
      <div className="flex items-center gap-4">
        <Button isBusy={resend.isPending} onClick={() => resend.mutate({ body: contact })}>
          {account('mailResend')}
        </Button>
        <button type="button" className={textLinkClass} onClick={onOther}>
          {account('mailOther')}
        </button>
      </div>
    </>
  )
}
