import { createFileRoute } from '@tanstack/react-router'
import { useAccount } from '../data/use-session.ts'
import { requireAccount } from '../features/account/require-account.ts'
import { ProfileSection } from '../features/settings/profile-section.tsx'
import { SectionPage } from '../features/settings/section-page.tsx'
import { profileText } from '../text/settings.ts'

export const Route = createFileRoute('/settings_/profile')({ beforeLoad: requireAccount, component: Page })

function Page() {
  const account = useAccount()
  // Somebody who signs out here is led away by the sign-out itself.
  if (!account) return null
  return (
    <SectionPage title={profileText('title')} hint={profileText('hint')}>
      <ProfileSection key={account.id} account={account} />
    </SectionPage>
  )
}
