import { createFileRoute } from '@tanstack/react-router'
import { useTitle } from '../data/use-title.ts'
import { requireAccount } from '../features/account/require-account.ts'
import { Section } from '../features/settings/frame.tsx'
import { PreferencesSection } from '../features/settings/preferences/preferences-section.tsx'
import { preferenceText } from '../text/settings.ts'

export const Route = createFileRoute('/settings/preferences')({
  beforeLoad: requireAccount,
  component: Page,
})

function Page() {
  useTitle(preferenceText('title'))
  return (
    <Section title={preferenceText('title')} hint={preferenceText('hint')}>
      <PreferencesSection />
    </Section>
  )
}
