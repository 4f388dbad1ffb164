import { createFileRoute } from '@tanstack/react-router'
import { requireAccount } from '../features/account/require-account.ts'
import { PreferencesSection } from '../features/settings/preferences-section.tsx'
import { SectionPage } from '../features/settings/section-page.tsx'
import { preferenceText } from '../text/settings.ts'

export const Route = createFileRoute('/settings_/preferences')({
  beforeLoad: requireAccount,
  component: Page,
})

function Page() {
  return (
    <SectionPage title={preferenceText('title')} hint={preferenceText('hint')}>
      <PreferencesSection />
    </SectionPage>
  )
}
