import { Link } from '@tanstack/react-router'
import {
  Clapperboard,
  Library,
  LogOut,
  type LucideIcon,
  Radio,
  Settings,
  ShieldCheck,
  Tv,
  User,
} from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import type { Account } from '../../data/use-session.ts'
import { isShown } from '../../features/admin/staff.ts'
import { adminText } from '../../text/admin.ts'
import { common } from '../../text/common.ts'
import { menuText } from '../../text/menus.ts'
import { playlistText } from '../../text/playlists.ts'
import { shell } from '../../text/shell.ts'
import { videoText } from '../../text/videos.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { menuItemClass, menuPanelClass } from '../../ui/overlay/menu.ts'
import { useSignOut } from '../use-sign-out.ts'

export function AccountMenu({ account }: { account: Account }) {
  const signOut = useSignOut()
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        aria-label={menuText('accountMenu', { name: account.displayName })}
        className="rounded-full ring-line-strong transition-shadow hover:ring-2"
      >
        <Avatar handle={account.handle} name={account.displayName} picture={account.avatar} />
      </DropdownMenu.Trigger>
      {/* Not in a portal: inside of the header it belongs to a landmark, and nothing there cuts it off. */}
      <DropdownMenu.Content align="end" sideOffset={8} className={menuPanelClass}>
        <DropdownMenu.Label className="px-3 py-2">
          <span className="block max-w-56 truncate font-semibold">{account.displayName}</span>
          <span className="block text-text-3">@{account.handle}</span>
        </DropdownMenu.Label>
        <DropdownMenu.Separator className="mx-1.5 my-1.5 h-px bg-line" />
        <Entry icon={User}>
          <Link to="/@{$handle}" params={{ handle: account.handle }}>
            {menuText('yourChannel')}
          </Link>
        </Entry>
        <Entry icon={Tv}>
          <Link to="/live/$handle" params={{ handle: account.handle }}>
            {menuText('yourPage')}
          </Link>
        </Entry>
        <Entry icon={Radio}>
          <Link to="/studio">{shell('studio')}</Link>
        </Entry>
        <Entry icon={Clapperboard}>
          <Link to="/studio/videos">{videoText('managerTitle')}</Link>
        </Entry>
        <Entry icon={Library}>
          <Link to="/library">{playlistText('library')}</Link>
        </Entry>
        <Entry icon={Settings}>
          <Link to="/settings">{shell('settings')}</Link>
        </Entry>
        {isShown(account, 'people:look') && (
          <Entry icon={ShieldCheck}>
            <Link to="/admin">{adminText('title')}</Link>
          </Entry>
        )}
        <DropdownMenu.Separator className="mx-1.5 my-1.5 h-px bg-line" />
        <DropdownMenu.Item className={menuItemClass} onSelect={signOut}>
          <LogOut aria-hidden size={18} className="text-text-3" />
          {common('signOut')}
        </DropdownMenu.Item>
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  )
}

/** A menu entry that is a link over its whole row. */
function Entry({ icon: Icon, children }: { icon: LucideIcon; children: ReactNode }) {
  return (
    <DropdownMenu.Item asChild className={menuItemClass}>
      <span className="relative [&>a]:outline-none [&>a]:after:absolute [&>a]:after:inset-0">
        <Icon aria-hidden size={18} className="text-text-3" />
        {children}
      </span>
    </DropdownMenu.Item>
  )
}
