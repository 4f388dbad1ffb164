import { createFileRoute } from '@tanstack/react-router'
import { useTitle } from '../data/use-title.ts'
import { requireAccount } from '../features/account/require-account.ts'
import { PreferenceSections } from '../features/settings/preferences/preference-sections.tsx'
import { preferenceText } from '../text/settings.ts'

export const Route = createFileRoute('/settings/preferences')({
  beforeLoad: requireAccount,
  component: Page,
})

function Page() {
  useTitle(preferenceText('title'))
  return <PreferenceSections />
}
