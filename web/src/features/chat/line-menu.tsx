import { Link } from '@tanstack/react-router'
import { Ban, Clock, EllipsisVertical, type LucideIcon, User, UserX, VolumeX } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { KeyboardEvent } from 'react'
import { bansText, chatText } from '../../text/chat.ts'
import { safetyText } from '../../text/safety.ts'
import { cx } from '../../ui/cx.ts'
import { menuItemClass, menuPanelClass } from '../../ui/overlay/menu.ts'
import type { SafetyActions } from '../safety/use-safety-actions.tsx'
import type { Author, Moderation } from './use-moderation.ts'

type Props = {
  author: Author & { handle: string }
  /** What the owner of the channel can do; undefined for everybody else. */
  moderation: Moderation | undefined
  /** What everybody can do for themselves. */
  safety: SafetyActions
  /** One line of the list is reached by Tab, the others from there with the arrows. */
  isTabStop: boolean
}

/** What can be done about who wrote a line; shown where the pointer or the focus is. */
export function LineMenu({ author, moderation, safety, isTabStop }: Props) {
  const name = author.displayName
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        data-line-menu
        aria-label={bansText('actions', { name })}
        title={bansText('actions', { name })}
        tabIndex={isTabStop ? 0 : -1}
        // The arrows move between lines here; Enter and Space open.
        onKeyDown={(event) => isArrow(event.key) && event.preventDefault()}
        className={cx(
          'float-right ml-1 flex size-6 items-center justify-center rounded-full bg-surface-2 text-text-2 hover:text-text-1',
          'opacity-0 group-hover:opacity-100 focus-visible:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-100',
        )}
      >
        <EllipsisVertical aria-hidden size={16} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className={menuPanelClass}
          aria-label={bansText('actions', { name })}
        >
          {moderation && (
            <>
              <Entry icon={Clock} label={bansText('timeOut')} onSelect={() => moderation.timeOut(author)} />
              <Entry icon={Ban} label={bansText('ban')} onSelect={() => moderation.ban(author)} isDanger />
              <DropdownMenu.Separator className="my-1 h-px bg-line" />
            </>
          )}
          <DropdownMenu.Item asChild className={menuItemClass}>
            <Link to="/@{$handle}" params={{ handle: author.handle }}>
              <User aria-hidden size={18} />
              {chatText('toChannel')}
            </Link>
          </DropdownMenu.Item>
          <Entry icon={VolumeX} label={safetyText('mute')} onSelect={() => safety.mute(author)} />
          <Entry icon={UserX} label={safetyText('block')} onSelect={() => safety.block(author)} isDanger />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

type EntryProps = { icon: LucideIcon; label: string; onSelect: () => void; isDanger?: boolean }

function Entry({ icon: Icon, label, onSelect, isDanger }: EntryProps) {
  return (
    <DropdownMenu.Item className={cx(menuItemClass, isDanger && 'text-danger')} onSelect={onSelect}>
      <Icon aria-hidden size={18} />
      {label}
    </DropdownMenu.Item>
  )
}

const isArrow = (key: string) => key === 'ArrowUp' || key === 'ArrowDown'

/** From the menu of one line to that of the next, by the arrows. */
export function moveBetweenMenus(event: KeyboardEvent<HTMLElement>): void {
  if (!isArrow(event.key) || !(event.target as HTMLElement).matches('[data-line-menu]')) return
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-line-menu]')]
  const at = all.indexOf(event.target as HTMLElement)
  all[at + (event.key === 'ArrowUp' ? -1 : 1)]?.focus()
}
