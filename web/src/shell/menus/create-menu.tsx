import { Link } from '@tanstack/react-router'
import { Plus, Radio, Upload } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { common } from '../../text/common.ts'
import { menuText } from '../../text/menus.ts'
import { videoText } from '../../text/videos.ts'
import { menuItemClass, menuPanelClass } from '../../ui/overlay/menu.ts'

/** Everything that one can begin here. */
export function CreateMenu() {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        aria-label={menuText('create')}
        title={menuText('create')}
        className="inline-flex size-10 shrink-0 items-center justify-center rounded-full text-text-2 transition-colors hover:bg-surface-2 hover:text-text-1"
      >
        <Plus aria-hidden size={20} />
      </DropdownMenu.Trigger>
      {/* Not in a portal: inside of the header it belongs to a landmark, and nothing there cuts it off. */}
      <DropdownMenu.Content align="end" sideOffset={8} className={menuPanelClass}>
        <Entry icon={<Upload aria-hidden size={18} className="text-text-3" />}>
          <Link to="/upload">{videoText('uploadEntry')}</Link>
        </Entry>
        <Entry icon={<Radio aria-hidden size={18} className="text-text-3" />}>
          <Link to="/studio">{common('goLive')}</Link>
        </Entry>
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  )
}

/** A menu entry that is a link over its whole row. */
const Entry = ({ icon, children }: { icon: ReactNode; children: ReactNode }) => (
  <DropdownMenu.Item asChild className={menuItemClass}>
    <span className="relative [&>a]:outline-none [&>a]:after:absolute [&>a]:after:inset-0">
      {icon}
      {children}
    </span>
  </DropdownMenu.Item>
)
