import { House, Inbox, type LucideIcon, Radio, Settings } from 'lucide-react'
import { useApi } from '../data/use-api.ts'
import { shell } from '../text/shell.ts'

export type NavEntry = { to: '/' | '/studio' | '/settings' | '/inbox'; label: string; icon: LucideIcon }

/**
 * The pages of the menus; the development inbox only where the server shows it. `undefined` until that is known, so
 * that no entry moves.
 */
export function useNavEntries(): NavEntry[] | undefined {
  const { data, isPending } = useApi('get /api/config')
  if (isPending) return undefined
  return [
    { to: '/', label: shell('home'), icon: House },
    { to: '/studio', label: shell('studio'), icon: Radio },
    { to: '/settings', label: shell('settings'), icon: Settings },
    ...(data?.hasInbox ? [{ to: '/inbox' as const, label: shell('inbox'), icon: Inbox }] : []),
  ]
}
