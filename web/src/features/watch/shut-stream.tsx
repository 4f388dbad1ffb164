import { Ban, EyeOff, Lock, UserX } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import type { CallError } from '../../../../client/types.ts'
import { useNow } from '../../data/use-now.ts'
import { useAccount } from '../../data/use-session.ts'
import { useTitle } from '../../data/use-title.ts'
import { formatExact, formatRelative } from '../../format/time.ts'
import { safetyText } from '../../text/safety.ts'
import { watch } from '../../text/watch.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LoadingNote } from '../../ui/skeleton.tsx'
import { BlockedPerson, isBlocked } from '../safety/blocked-person.tsx'
import { PersonMenu } from '../safety/person-menu.tsx'
import { useFollowAnswer } from '../social/channel/use-follow-answer.ts'
import { FollowButton } from '../social/follow-button.tsx'
import { FollowerCount } from '../social/follower-count.tsx'
import { useProfile } from '../social/use-profile.ts'

/** Nobody tells those outside that a stream is open again: the page asks now and then. */
const LOOK_EVERY_MS = 20_000
/** Whoever has just followed is let in as soon as the server knows of it; whoever was timed out, once that is over. */
const SOON_LOOK_EVERY_MS = 2000

type Props = { handle: string; error: CallError; onRetry: () => void }

/** In the place of a live page that one may not see: the channel and what one can do, and nothing of its broadcast. */
export function ShutStream({ handle, error, onRetry }: Props) {
  const { profile, isMissing, error: profileError, readAnew } = useProfile(handle)
  const account = useAccount()
  const name = profile?.displayName ?? handle
  useTitle(name)
  // What was read before the page was shut is older than that.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each page; the function is a new one each time.
  useEffect(() => void readAnew(), [handle])
  const canHope = profile !== undefined
  const isWaiting = profile?.isRequested === true
  useFollowAnswer(profile, readAnew)
  useLookAgain(canHope ? onRetry : undefined, profile?.isFollowing ? SOON_LOOK_EVERY_MS : LOOK_EVERY_MS)
  if (isBlocked(error)) return <BlockedPerson handle={handle} profileError={profileError} />
  if (isMissing || error.code === 'invalid_input')
    return (
      <Notice
        className="pt-[14vh]"
        art={<UserX aria-hidden size={48} className="text-text-3" />}
        title={watch('notFoundTitle')}
        hint={watch('notFoundHint', { handle })}
      />
    )
  if (!profile) return <LoadingNote />
  if (error.code === 'forbidden') return <Banned name={name} error={error} onRetry={onRetry} />
  const isFollower = profile.isFollowing || account?.handle === handle
  const isPrivate = profile.isPrivate && !isFollower
  const Art = isPrivate ? Lock : EyeOff
  return (
    <Shut
      art={<Art aria-hidden size={40} className="text-text-3" />}
      title={isPrivate ? safetyText('privateTitle') : watch('shutTitle')}
      hint={
        isPrivate
          ? safetyText(isWaiting ? 'privateWaitHint' : 'privateHint', { name })
          : watch(isFollower ? 'shutFollowerHint' : 'shutHint', { name })
      }
    >
      <div className="flex max-w-full flex-wrap items-center justify-center gap-x-5 gap-y-4">
        <div className="flex min-w-0 items-center gap-3">
          <Avatar handle={handle} name={name} picture={profile.avatar} size={56} />
          <div className="min-w-0 text-left">
            <p className="truncate text-base font-semibold">{name}</p>
            <p className="text-text-2">
              <FollowerCount handle={handle} />
            </p>
          </div>
        </div>
        <div className="flex items-center gap-2">
          <FollowButton handle={handle} />
          <PersonMenu handle={handle} />
        </div>
      </div>
    </Shut>
  )
}

function Banned({ name, error, onRetry }: { name: string; error: CallError; onRetry: () => void }) {
  const untilMs = error.details?.untilMs
  const nowMs = useNow()
  const isOver = typeof untilMs === 'number' && nowMs >= untilMs
  useLookAgain(isOver ? onRetry : undefined, SOON_LOOK_EVERY_MS)
  return (
    <Shut
      art={<Ban aria-hidden size={40} className="text-text-3" />}
      title={watch('bannedTitle', { name })}
      hint={
        typeof untilMs === 'number' ? (
          <span title={formatExact(untilMs)}>
            {watch('bannedUntil', { when: formatRelative(Math.max(untilMs, nowMs), nowMs) })}
          </span>
        ) : (
          watch('bannedHint')
        )
      }
    />
  )
}

type ShutProps = { art: ReactNode; title: string; hint: ReactNode; children?: ReactNode }

/** Whoever was watching hears at once why there is nothing any more. */
function Shut({ art, title, hint, children }: ShutProps) {
  return (
    <div role="alert" data-testid="shut-stream">
      <Notice className="pt-[14vh]" art={art} title={title} hint={hint} actions={children} />
    </div>
  )
}

/** Calls `look` every so often. */
function useLookAgain(look: (() => void) | undefined, everyMs: number): void {
  const current = useRef(look)
  useEffect(() => {
    current.current = look
  })
  const isLooking = look !== undefined
  useEffect(() => {
    if (!isLooking) return
    // Those who were put out together need not come back together.
    const timer = setInterval(() => current.current?.(), everyMs * (0.8 + Math.random() * 0.4))
    return () => clearInterval(timer)
  }, [isLooking, everyMs])
}
