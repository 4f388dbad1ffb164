import { House, Inbox, type LucideIcon, Radio, Settings } from 'lucide-react'
import { useApi } from '../data/use-api.ts'
import { shell } from '../text/shell.ts'

export type NavEntry = { to: '/' | '/studio' | '/settings' | '/inbox'; label: string; icon: LucideIcon }

/** The pages of the menus; the development inbox only where the server shows it. */
export function useNavEntries(): NavEntry[] {
  const hasInbox = useApi('get /api/config').data?.hasInbox ?? false
  return [
    { to: '/', label: shell('home'), icon: House },
    { to: '/studio', label: shell('studio'), icon: Radio },
    ...(hasInbox ? [{ to: '/inbox' as const, label: shell('inbox'), icon: Inbox }] : []),
    { to: '/settings', label: shell('settings'), icon: Settings },
  ]
}
