import { Link } from '@tanstack/react-router'
import { MailCheck } from 'lucide-react'
import { useTitle } from '../../../data/use-title.ts'
import { account } from '../../../text/account.ts'
import { settingsText } from '../../../text/settings.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { TokenNotice, useRedeemed } from '../token-page.tsx'

/** Redeems the link that was sent to a new mail address. */
export function ConfirmEmailPage({ token }: { token: string }) {
  useTitle(account('confirmingEmail'))
  const { data, error } = useRedeemed('post /api/auth/confirm-email', token)
  if (!data) return <TokenNotice error={error} working="confirmingEmail" hint="verifyFailedHint" />
  return (
    <div role="status">
      <Notice
        className="pt-[14vh]"
        art={<MailCheck aria-hidden size={48} className="text-accent" />}
        title={account('emailConfirmed')}
        actions={
          <Link to="/settings" className={buttonClass('primary')}>
            {settingsText('title')}
          </Link>
        }
      />
    </div>
  )
}
