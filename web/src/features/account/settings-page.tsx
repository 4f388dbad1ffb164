import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type Account, useAccount } from '../../data/use-session.ts'
import { useTitle } from '../../data/use-title.ts'
import { useSignOut } from '../../shell/use-sign-out.ts'
import { account as accountText } from '../../text/account.ts'
import { common } from '../../text/common.ts'
import { settingsText } from '../../text/settings.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx'
import { textLinkClass } from './auth-frame.tsx'
import { CredentialsForm } from './credentials-form.tsx'
import { ThemeChoice } from './theme-choice.tsx'

export function SettingsPage() {
  useTitle(settingsText('title'))
  const account = useAccount()
  return (
    <div className="mx-auto max-w-2xl px-4 pt-4 pb-16 md:px-6">
      <h1 className="mb-6 text-xl font-bold">{settingsText('title')}</h1>
      <div className="flex flex-col gap-4">
        <Section title={settingsText('account')}>
          <AccountInfo account={account} />
        </Section>
        {account && (
          <Section
            title={settingsText('credentials')}
            hint={settingsText(account.hasPassword ? 'hasPassword' : 'credentialsHint')}
          >
            {!account.hasPassword && <CredentialsForm />}
          </Section>
        )}
        {account !== undefined && (
          <Section title={settingsText('appearance')} hint={settingsText('appearanceHint')}>
            <ThemeChoice />
          </Section>
        )}
        {account && (
          <Section title={settingsText('privacy')} hint={settingsText('privacyHint')}>
            <Link to="/privacy" className={buttonClass('quiet')}>
              {settingsText('privacyOpen')}
            </Link>
          </Section>
        )}
        {account && <SignOutSection />}
      </div>
    </div>
  )
}

function Section({ title, hint, children }: { title: string; hint?: string; children?: ReactNode }) {
  return (
    <section className="rounded-md border border-line bg-surface-1 p-5">
      <h2 className="text-base font-semibold">{title}</h2>
      {hint && <p className="mt-1 text-text-2">{hint}</p>}
      {children && <div className="mt-4">{children}</div>}
    </section>
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
      <Avatar handle={account.handle} name={account.displayName} size={56} />
      <div className="min-w-0">
        <p className="truncate text-base font-semibold">{account.displayName}</p>
        <p className="truncate text-text-2">
          @{account.handle} · {settingsText(ROLES[account.role])}
        </p>
        <Link to="/live/$handle" params={{ handle: account.handle }} className={textLinkClass}>
          {settingsText('livePage')}
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
