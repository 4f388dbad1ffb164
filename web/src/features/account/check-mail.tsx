import { Link } from '@tanstack/react-router'
import { Inbox, MailCheck } from 'lucide-react'
import { errorText } from '../../data/error-text.ts'
import { useApi, useApiChange } from '../../data/use-api.ts'
import { useTitle } from '../../data/use-title.ts'
import { account } from '../../text/account.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { FormError } from '../../ui/field.tsx'
import { AuthFrame, textLinkClass } from './auth-frame.tsx'

/** After signing up: a mail is on its way. On a server without mail service the way to its inbox is shown. */
export function CheckMail({ email, onOther }: { email: string; onOther: () => void }) {
  useTitle(account('mailTitle'))
  const hasInbox = useApi('get /api/config').data?.hasInbox ?? false
  const resend = useApiChange('post /api/auth/resend')
  return (
    <AuthFrame title={account('mailTitle')} hint={account('mailHint', { email })}>
      {hasInbox && (
        <div className="flex flex-col gap-3 rounded-md bg-surface-2 p-4">
          <p className="text-text-2">{account('inboxNote')}</p>
          <Link to="/inbox" className={buttonClass('primary')}>
            <Inbox aria-hidden size={18} />
            {account('openInbox')}
          </Link>
        </div>
      )}
      {resend.error && <FormError>{errorText(resend.error)}</FormError>}
      {resend.isSuccess && (
        <p role="status" className="flex items-center gap-2 text-text-2">
          <MailCheck aria-hidden size={18} className="text-accent" />
          {account('mailResent')}
        </p>
      )}
      <div className="flex items-center gap-4">
        <Button isBusy={resend.isPending} onClick={() => resend.mutate({ body: { email } })}>
          {account('mailResend')}
        </Button>
        <button type="button" className={textLinkClass} onClick={onOther}>
          {account('mailOther')}
        </button>
      </div>
    </AuthFrame>
  )
}
