import { Link } from '@tanstack/react-router'
import { BadgeCheck, UserX } from 'lucide-react'
import { CallError } from '../../../../../client/types.ts'
import { useAccount } from '../../../data/use-session.ts'
import { useTitle } from '../../../data/use-title.ts'
import { formatCount } from '../../../format/number.ts'
import { channelText } from '../../../text/social.ts'
import { watch } from '../../../text/watch.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { buttonClass } from '../../../ui/button.tsx'
import { RichText } from '../../../ui/inline/rich-text.tsx'
import { LoadError, Notice } from '../../../ui/notice.tsx'
import { LoadingNote, Skeleton } from '../../../ui/skeleton.tsx'
import { BlockedPerson, isBlocked } from '../../safety/blocked-person.tsx'
import { PersonMenu } from '../../safety/person-menu.tsx'
import { FollowButton } from '../follow-button.tsx'
import { FollowerCount } from '../follower-count.tsx'
import { type Profile, useProfile } from '../use-profile.ts'
import { ChannelCover } from './channel-cover.tsx'
import { ChannelTabs } from './channel-tabs.tsx'
import { PrivateChannel } from './private-channel.tsx'
import type { ChannelTab } from './tabs.ts'
import { useFollowAnswer } from './use-follow-answer.ts'

const pageClass = 'mx-auto max-w-[1060px] pb-16 md:px-6 md:pt-4'

/** Who somebody is, and what they show. */
export function ChannelPage({ handle, tab }: { handle: string; tab: ChannelTab }) {
  const { profile, error, refetch, readAnew } = useProfile(handle)
  useFollowAnswer(profile, readAnew)
  useTitle(profile?.displayName ?? `@${handle}`)
  if (error instanceof CallError && (error.code === 'not_found' || error.code === 'invalid_input'))
    return <NobodyHere handle={handle} />
  // What was read before a block is still there, and not to be shown.
  if (isBlocked(error)) return <BlockedPerson handle={handle} profileError={error} />
  if (error && !profile) return <LoadError error={error} onRetry={refetch} />
  return profile ? <Channel profile={profile} tab={tab} /> : <ChannelSkeleton />
}

export function NobodyHere({ handle }: { handle: string }) {
  return (
    <Notice
      className="pt-[14vh]"
      art={<UserX aria-hidden size={48} className="text-text-3" />}
      title={watch('notFoundTitle')}
      hint={watch('notFoundHint', { handle })}
    />
  )
}

function Channel({ profile, tab }: { profile: Profile; tab: ChannelTab }) {
  const { handle, cover } = profile
  const isOwn = useAccount()?.id === profile.id
  const isShut = profile.isPrivate && !profile.isFollowing && !isOwn
  return (
    <article className={pageClass}>
      <ChannelCover handle={handle} cover={cover} className="md:rounded-md" />
      <div className="px-4 md:px-0">
        <Head profile={profile} />
        <Bio profile={profile} />
        {isShut ? <PrivateChannel profile={profile} /> : <ChannelTabs profile={profile} tab={tab} />}
      </div>
    </article>
  )
}

function Head({ profile }: { profile: Profile }) {
  const { handle, displayName, avatar, isVerified, following } = profile
  const isOwn = useAccount()?.id === profile.id
  return (
    <header className="flex flex-wrap items-end gap-x-5 gap-y-3">
      <Avatar
        handle={handle}
        name={displayName}
        picture={avatar}
        size={112}
        className="-mt-10 ring-4 ring-surface-0 md:ml-5"
      />
      <div className="min-w-0 flex-1 basis-64 pt-3">
        <h1 className="flex items-center gap-1.5 text-2xl font-bold">
          <span className="truncate">{displayName}</span>
          {isVerified && (
            <BadgeCheck
              role="img"
              aria-label={channelText('verified')}
              size={22}
              className="shrink-0 text-accent"
            />
          )}
        </h1>
        <p className="text-text-2">@{handle}</p>
      </div>
      <div className="flex flex-wrap gap-2 self-center">
        {isOwn ? (
          <Link to="/settings/profile" className={buttonClass('quiet')}>
            {channelText('edit')}
          </Link>
        ) : (
          <FollowButton handle={handle} />
        )}
        <Link to="/live/$handle" params={{ handle }} className={buttonClass('quiet')}>
          {channelText('toLivePage')}
        </Link>
        <PersonMenu handle={handle} />
      </div>
      <p className="flex basis-full gap-x-5 text-text-2">
        <Link to="/@{$handle}/followers" params={{ handle }} className="hover:underline">
          <FollowerCount handle={handle} />
        </Link>
        <Link to="/@{$handle}/following" params={{ handle }} className="tabular-nums hover:underline">
          {channelText('followingCount', { count: following }).replace(
            String(following),
            formatCount(following),
          )}
        </Link>
      </p>
    </header>
  )
}

/** The beginning of what they say of themselves; all of it is in a tab of its own. */
function Bio({ profile: { bio } }: { profile: Profile }) {
  if (!bio) return null
  return (
    <p className="mt-4 line-clamp-3 max-w-2xl text-base whitespace-pre-wrap wrap-anywhere">
      <RichText text={bio} />
    </p>
  )
}

function ChannelSkeleton() {
  return (
    <div className={pageClass}>
      <LoadingNote />
      <Skeleton className="aspect-[3/1] w-full md:rounded-md!" />
      <div className="flex items-end gap-5 px-4 md:px-0">
        <Skeleton className="-mt-10 size-28 rounded-full! md:ml-5" />
        <div className="flex-1">
          <Skeleton className="mt-3 h-8 w-52" />
          <Skeleton className="mt-2 h-4 w-28" />
        </div>
      </div>
    </div>
  )
}
