import { KeyRound, type LucideIcon, MonitorSmartphone, UserRound } from 'lucide-react'
import { settingsText } from '../../text/settings.ts'

type SettingsSection = {
  to: '/settings' | '/settings/security' | '/settings/sessions'
  label: string
  icon: LucideIcon
}

/** The parts of the settings: each has a route (`web/src/routes/settings.<part>.tsx`) and a file here. */
export const settingsSections = (): SettingsSection[] => [
  { to: '/settings', label: settingsText('account'), icon: UserRound },
  { to: '/settings/security', label: settingsText('security'), icon: KeyRound },
  { to: '/settings/sessions', label: settingsText('sessions'), icon: MonitorSmartphone },
]
