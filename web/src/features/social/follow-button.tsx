import { UserCheck, UserPlus } from 'lucide-react'
import { useAccount } from '../../data/use-session.ts'
import { social } from '../../text/social.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useFollow } from './use-follow.ts'

/** As wide as the longer of its two words, so that nothing beside it moves. */
const widthClass = 'w-32'

/** Follows an account, or no longer. One's own has none. */
export function FollowButton({ handle, className }: { handle: string; className?: string }) {
  const account = useAccount()
  const { profile, isFollowing, onToggle } = useFollow(handle)
  if (account?.handle === handle) return null
  if (!profile || account === undefined)
    return <Skeleton className={cx(widthClass, 'h-10 rounded-full!', className)} />
  const { displayName: name } = profile
  return (
    <Button
      data-testid="follow"
      look={isFollowing ? 'quiet' : 'primary'}
      icon={isFollowing ? UserCheck : UserPlus}
      aria-label={social(isFollowing ? 'followingName' : 'followName', { name })}
      onClick={onToggle}
      className={cx(widthClass, className)}
    >
      {social(isFollowing ? 'following' : 'follow')}
    </Button>
  )
}
