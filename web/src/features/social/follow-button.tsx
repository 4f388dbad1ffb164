import { Clock, UserCheck, UserPlus } from 'lucide-react'
import { useAccount } from '../../data/use-session.ts'
import { social } from '../../text/social.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useFollow } from './use-follow.ts'

/** As wide as the longer of its two words, so that nothing beside it moves. */
const widthClass = 'w-32'

const ICONS = { follow: UserPlus, following: UserCheck, requested: Clock }

/** Follows an account or asks to, or no longer. One's own has none. */
export function FollowButton({ handle, className }: { handle: string; className?: string }) {
  const account = useAccount()
  const { profile, state, onToggle } = useFollow(handle)
  if (account?.handle === handle) return null
  if (!profile || account === undefined)
    return <Skeleton className={cx(widthClass, 'h-10 rounded-full!', className)} />
  const { displayName: name } = profile
  return (
    <Button
      data-testid="follow"
      look={state === 'follow' ? 'primary' : 'quiet'}
      icon={ICONS[state]}
      aria-label={social(`${state}Name`, { name })}
      onClick={onToggle}
      className={cx(widthClass, className)}
    >
      {social(state)}
    </Button>
  )
}
