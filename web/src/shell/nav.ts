import {
  Bell,
  House,
  Inbox,
  Library,
  type LucideIcon,
  Radio,
  Settings,
  Smartphone,
  Users,
} from 'lucide-react'
import { useApi } from '../data/use-api.ts'
import { useUnread } from '../data/use-unread.ts'
import { notificationText } from '../text/notifications.ts'
import { playlistText } from '../text/playlists.ts'
import { shell } from '../text/shell.ts'
import { shortText } from '../text/shorts.ts'

export type NavEntry = {
  to: '/' | '/following' | '/notifications' | '/library' | '/shorts' | '/studio' | '/settings' | '/inbox'
  label: string
  icon: LucideIcon
  /** A number at its icon; 0 for none. */
  unread: number
  /** Whether it has a place in the menu of phones, which takes five. */
  isOnPhones: boolean
}

/**
 * The pages of the menus; the development inbox only where the server shows it, and what belongs to an account only
 * with one. `undefined` until both are known, so that no entry moves.
 */
export function useNavEntries(): NavEntry[] | undefined {
  const config = useApi('get /api/config')
  const me = useApi('get /api/me')
  const unread = useUnread()
  if (config.isPending || me.isPending) return undefined
  const isSignedIn = me.data?.account != null
  const hasInbox = config.data?.hasInbox ?? false
  const entry = (to: NavEntry['to'], label: string, icon: LucideIcon): NavEntry => {
    return { to, label, icon, unread: 0, isOnPhones: true }
  }
  return [
    entry('/', shell('home'), House),
    ...(isSignedIn
      ? [
          entry('/following', shell('following'), Users),
          { ...entry('/notifications', notificationText('title'), Bell), unread },
          // Phones have it in the menu of the account.
          { ...entry('/library', playlistText('library'), Library), isOnPhones: false },
        ]
      : []),
    entry('/shorts', shortText('title'), Smartphone),
    // With an account both are in its menu, which phones have too.
    { ...entry('/studio', shell('studio'), Radio), isOnPhones: !isSignedIn },
    { ...entry('/settings', shell('settings'), Settings), isOnPhones: !isSignedIn || !hasInbox },
    ...(hasInbox ? [entry('/inbox', shell('inbox'), Inbox)] : []),
  ]
}
