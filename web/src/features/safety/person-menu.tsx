import { Ban, EllipsisVertical, Volume2, VolumeX } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useAccount } from '../../data/use-session.ts'
import { safetyText } from '../../text/safety.ts'
import { IconButton } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { menuItemClass, menuPanelClass } from '../../ui/overlay/menu.ts'
import { useProfile } from '../social/use-profile.ts'
import { useSafetyActions } from './use-safety-actions.tsx'

/** What one can do about an account beside following it. One's own has none, and visitors have nobody to keep away. */
export function PersonMenu({ handle }: { handle: string }) {
  const account = useAccount()
  const { profile } = useProfile(handle)
  const { actions, dialog } = useSafetyActions()
  if (!account || account.handle === handle || !profile) return null
  const label = safetyText('actions', { name: profile.displayName })
  const [mute, MuteIcon] = profile.isMuted ? (['unmute', Volume2] as const) : (['mute', VolumeX] as const)
  const block = profile.isBlocked ? 'unblock' : 'block'
  return (
    <>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger asChild>
          <IconButton icon={EllipsisVertical} label={label} data-testid="person-menu" />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content align="end" sideOffset={4} className={menuPanelClass} aria-label={label}>
            <DropdownMenu.Item className={menuItemClass} onSelect={() => actions[mute](profile)}>
              <MuteIcon aria-hidden size={18} />
              {safetyText(mute)}
            </DropdownMenu.Item>
            <DropdownMenu.Item
              className={cx(menuItemClass, block === 'block' && 'text-danger')}
              onSelect={() => actions[block](profile)}
            >
              <Ban aria-hidden size={18} />
              {safetyText(block)}
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {dialog}
    </>
  )
}
