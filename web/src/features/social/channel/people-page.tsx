import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Users } from 'lucide-react'
import { useEffect } from 'react'
import { CallError } from '../../../../../client/types.ts'
import { useApp } from '../../../data/app.tsx'
import { useTitle } from '../../../data/use-title.ts'
import { channelText } from '../../../text/social.ts'
import { LoadError, Notice } from '../../../ui/notice.tsx'
import { Older } from '../../../ui/older.tsx'
import { BlockedPerson, isBlocked } from '../../safety/blocked-person.tsx'
import { type Profile, useProfile } from '../use-profile.ts'
import { NobodyHere } from './channel-page.tsx'
import { type ListedPerson, PersonRow, PersonSkeleton } from './person-row.tsx'
import { PrivateChannel } from './private-channel.tsx'
import { useFollowAnswer } from './use-follow-answer.ts'

type Side = 'followers' | 'following'

/** Who follows an account, or whom it follows. */
export function PeoplePage({ handle, side }: { handle: string; side: Side }) {
  const { profile, error, readAnew } = useProfile(handle)
  useFollowAnswer(profile, readAnew)
  const name = profile?.displayName ?? `@${handle}`
  const title = channelText(side === 'followers' ? 'followersTitle' : 'followingTitle', { name })
  useTitle(title)
  if (error instanceof CallError && (error.code === 'not_found' || error.code === 'invalid_input'))
    return <NobodyHere handle={handle} />
  if (isBlocked(error)) return <BlockedPerson handle={handle} profileError={error} />
  return (
    <div className="mx-auto max-w-2xl px-4 pt-4 pb-16 md:px-6">
      <h1 className="truncate text-xl font-bold">{title}</h1>
      <Tabs handle={handle} />
      <People key={side} handle={handle} side={side} profile={profile} />
    </div>
  )
}

function Tabs({ handle }: { handle: string }) {
  const tabClass =
    'flex h-10 items-center border-b-2 border-transparent px-1 font-semibold text-text-2 hover:text-text-1 aria-[current=page]:border-accent aria-[current=page]:text-text-1'
  return (
    <nav aria-label={channelText('tabs')} className="mt-2 mb-3 flex gap-5 border-b border-line">
      <Link to="/@{$handle}/followers" params={{ handle }} className={tabClass}>
        {channelText('followersTab')}
      </Link>
      <Link to="/@{$handle}/following" params={{ handle }} className={tabClass}>
        {channelText('followingTab')}
      </Link>
      <Link
        to="/@{$handle}"
        params={{ handle }}
        activeOptions={{ exact: true }}
        className={`${tabClass} ml-auto`}
      >
        @{handle}
      </Link>
    </nav>
  )
}

function usePeople(handle: string, side: Side) {
  const { api } = useApp()
  return useInfiniteQuery({
    queryKey: ['people', side, handle],
    queryFn: ({ pageParam }) =>
      api.request(`get /api/accounts/{handle}/${side}`, {
        params: { handle },
        query: pageParam === undefined ? {} : { cursor: pageParam },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
}

type PeopleProps = { handle: string; side: Side; profile: Profile | undefined }

function People({ handle, side, profile }: PeopleProps) {
  const query = usePeople(handle, side)
  const { data, error, refetch, hasNextPage } = query
  const isShut = isPrivate(error)
  const isLetIn = isShut && profile?.isFollowing === true
  useEffect(() => {
    if (isLetIn) void refetch()
  }, [isLetIn, refetch])
  const name = profile?.displayName ?? `@${handle}`
  if (profile && isShut) return <PrivateChannel profile={profile} />
  if (error && !data)
    return <LoadError error={error} title={channelText('peopleFailed')} onRetry={() => void refetch()} />
  const people = peopleOf(data?.pages)
  if (data && people.length === 0 && !hasNextPage)
    return (
      <Notice
        level={2}
        art={<Users aria-hidden size={48} className="text-text-3" />}
        title={channelText(`${side}Empty`, { name })}
        hint={
          side === 'followers'
            ? channelText('followersEmptyHint')
            : channelText('followingEmptyHint', { name })
        }
      />
    )
  return (
    <>
      <ul>
        {people.map((person) => (
          <PersonRow key={person.id} person={person} />
        ))}
      </ul>
      <Older
        query={query}
        aheadPx={AHEAD_PX}
        failed={channelText('peopleMoreFailed')}
        skeleton={<PersonSkeleton />}
      />
    </>
  )
}

const isPrivate = (error: unknown): boolean =>
  error instanceof CallError && error.code === 'forbidden' && error.details?.reason === 'private'

/** Somebody who follows anew while one reads comes on two pages: the first counts. */
function peopleOf(pages: { people: ListedPerson[] }[] = []): ListedPerson[] {
  const byId = new Map<string, ListedPerson>()
  for (const { people } of pages)
    for (const person of people) if (!byId.has(person.id)) byId.set(person.id, person)
  return [...byId.values()]
}

/** Older ones are read before the end of the list comes into view. */
const AHEAD_PX = 600
