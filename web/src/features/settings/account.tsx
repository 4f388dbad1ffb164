import { Link } from '@tanstack/react-router'
import { type Account, useAccount } from '../../data/use-session.ts'
import { useTitle } from '../../data/use-title.ts'
import { useSignOut } from '../../shell/use-sign-out.ts'
import { account as accountText } from '../../text/account.ts'
import { common } from '../../text/common.ts'
import { settingsText } from '../../text/settings.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx'
import { textLinkClass } from '../account/auth-frame.tsx'
import { ContactForms } from './forms/contact-forms.tsx'
import { CredentialsForm } from './forms/credentials-form.tsx'
import { Section } from './frame.tsx'
import { ThemeChoice } from './theme-choice.tsx'
import { StaffNeedsSection } from './ways-in/staff-needs.tsx'

/** The first part: who one is here, how one is reached, and how things look. Open to everybody for the last. */
export function AccountSettings() {
  useTitle(settingsText('title'))
  const account = useAccount()
  // The first admin came by a login link and names an address that counts without proof.
  const isBareAdmin = account?.role === 'admin' && !account.hasPassword
  return (
    <>
      <Section title={settingsText('account')}>
        <AccountInfo account={account} />
      </Section>
      {isBareAdmin && (
        <Section title={settingsText('credentials')} hint={settingsText('credentialsHint')}>
          <CredentialsForm />
        </Section>
      )}
      <StaffNeedsSection />
      {account && !isBareAdmin && (
        <Section title={settingsText('contacts')} hint={settingsText('contactsHint')}>
          <ContactForms />
        </Section>
      )}
      {account !== undefined && (
        <Section title={settingsText('appearance')} hint={settingsText('appearanceHint')}>
          <ThemeChoice />
        </Section>
      )}
      {account && <SignOutSection />}
    </>
  )
}

const ROLES = { member: 'roleMember', moderator: 'roleModerator', admin: 'roleAdmin' } as const

function AccountInfo({ account }: { account: Account | null | undefined }) {
  if (account === undefined)
    return (
      <div className="flex gap-4">
        <LoadingNote />
        <Skeleton className="size-14 rounded-full!" />
        <div className="flex-1">
          <Skeleton className="mt-1 h-5 w-40" />
          <Skeleton className="mt-2 h-4 w-28" />
        </div>
      </div>
    )
  if (account === null)
    return (
      <div className="flex flex-wrap items-center justify-between gap-4">
        <p className="text-text-2">{accountText('signInHint')}</p>
        <Link to="/sign-in" search={{ next: '/settings' }} className={buttonClass('primary')}>
          {common('signIn')}
        </Link>
      </div>
    )
  return (
    <div className="flex items-center gap-4">
      <Avatar handle={account.handle} name={account.displayName} picture={account.avatar} size={56} />
      <div className="min-w-0">
        <p className="truncate text-base font-semibold">{account.displayName}</p>
        <p className="truncate text-text-2">
          @{account.handle} · {settingsText(ROLES[account.role])}
        </p>
        <Link to="/@{$handle}" params={{ handle: account.handle }} className={textLinkClass}>
          {settingsText('channel')}
        </Link>
      </div>
    </div>
  )
}

function SignOutSection() {
  const signOut = useSignOut()
  return (
    <Section title={settingsText('session')} hint={settingsText('sessionHint')}>
      <Button look="danger" onClick={signOut}>
        {common('signOut')}
      </Button>
    </Section>
  )
}
