import {
  Archive,
  BadgeCheck,
  Bot,
  EyeOff,
  IdCard,
  KeyRound,
  type LucideIcon,
  MonitorSmartphone,
  SlidersHorizontal,
  UserRound,
} from 'lucide-react'
import { dataText } from '../../text/data.ts'
import { preferenceText, profileText, settingsText } from '../../text/settings.ts'
import { tokenText, upgradeText } from '../../text/standing.ts'

type SettingsSection = {
  to:
    | '/settings'
    | '/settings/profile'
    | '/settings/privacy'
    | '/settings/security'
    | '/settings/sessions'
    | '/settings/preferences'
    | '/settings/upgrades'
    | '/settings/tokens'
    | '/settings/data'
  /** What lies below it, at addresses of their own. */
  pages?: string[]
  label: string
  icon: LucideIcon
}

/** The parts of the settings: each has a route (`web/src/routes/settings.<part>.tsx`) and a file or folder here. */
export const settingsSections = (): SettingsSection[] => [
  { to: '/settings', label: settingsText('account'), icon: UserRound },
  { to: '/settings/profile', label: profileText('title'), icon: IdCard },
  { to: '/settings/privacy', label: settingsText('privacy'), icon: EyeOff },
  {
    to: '/settings/security',
    pages: ['/settings/two-step', '/settings/passkeys', '/settings/connected'],
    label: settingsText('security'),
    icon: KeyRound,
  },
  { to: '/settings/sessions', label: settingsText('sessions'), icon: MonitorSmartphone },
  { to: '/settings/preferences', label: preferenceText('title'), icon: SlidersHorizontal },
  { to: '/settings/upgrades', label: upgradeText('title'), icon: BadgeCheck },
  { to: '/settings/tokens', label: tokenText('title'), icon: Bot },
  { to: '/settings/data', label: dataText('title'), icon: Archive },
]
