import { createFileRoute } from '@tanstack/react-router'
import { useAccount } from '../data/use-session.ts'
import { useTitle } from '../data/use-title.ts'
import { requireAccount } from '../features/account/require-account.ts'
import { Section } from '../features/settings/frame.tsx'
import { ProfileSection } from '../features/settings/profile/profile-section.tsx'
import { profileText } from '../text/settings.ts'

export const Route = createFileRoute('/settings/profile')({ beforeLoad: requireAccount, component: Page })

function Page() {
  useTitle(profileText('title'))
  const account = useAccount()
  // Somebody who signs out here is led away by the sign-out itself.
  if (!account) return null
  return (
    <Section title={profileText('title')} hint={profileText('hint')}>
      <ProfileSection key={account.id} account={account} />
    </Section>
  )
}
