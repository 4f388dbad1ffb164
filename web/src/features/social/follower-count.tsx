import { formatCount } from '../../format/number.ts'
import { social } from '../../text/social.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useProfile } from './use-profile.ts'

/** As wide as every number in its short form, so that nothing beside it moves. */
const placeClass = 'inline-block min-w-28 tabular-nums'

/** How many follow an account: short to see, exact on hover and for screen readers. */
export function FollowerCount({ handle }: { handle: string }) {
  const { profile } = useProfile(handle)
  if (!profile) return <Skeleton className="inline-block! h-3.5 w-28 align-middle" />
  const label = social('followers', { count: profile.followers })
  return (
    <span title={label} className={placeClass}>
      <span aria-hidden data-testid="followers">
        {social('followersShort', { count: profile.followers, short: formatCount(profile.followers) })}
      </span>
      <span className="sr-only">{label}</span>
    </span>
  )
}
