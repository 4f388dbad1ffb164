import { useState } from 'react'
import { useApp } from '../../../data/app.tsx'
import { callHarmless } from '../../../data/calls/call-harmless.ts'
import { useSwitch } from '../../../data/calls/use-switch.ts'
import { errorText } from '../../../data/error-text.ts'
import type { Response } from '../../../data/use-api.ts'
import { useAccount } from '../../../data/use-session.ts'
import { social } from '../../../text/social.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { Button } from '../../../ui/button.tsx'
import { PersonLink } from '../../../ui/inline/person-link.tsx'
import { useToast } from '../../../ui/overlay/toasts.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'

export type ListedPerson = Response<'get /api/accounts/{handle}/followers'>['people'][number]

const rowClass = 'relative flex items-center gap-3 rounded-md px-2 py-3'

/** Somebody in a list of people. The whole row leads to their channel. */
export function PersonRow({ person }: { person: ListedPerson }) {
  const { handle, displayName, avatar } = person
  const account = useAccount()
  return (
    <li data-testid="person" className={`${rowClass} hover:bg-surface-2`}>
      <Avatar handle={handle} name={displayName} picture={avatar} size={44} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">
          <PersonLink handle={handle} className="static! after:absolute after:inset-0">
            {displayName}
          </PersonLink>
        </p>
        <p className="truncate text-text-2">@{handle}</p>
      </div>
      {account && account.id !== person.id && <RowFollow person={person} />}
    </li>
  )
}

/** The list knows whom one follows, so that a row needs no read of its own. */
function RowFollow({ person: { id: accountId, displayName: name, ...person } }: { person: ListedPerson }) {
  const { connection, queryClient } = useApp()
  const toast = useToast()
  const [isFollowing, setIsFollowing] = useState(person.isFollowing)
  const bring = useSwitch({
    send: async (isOn) => {
      await callHarmless(connection, isOn ? 'follow:add' : 'follow:remove', { accountId })
      void queryClient.invalidateQueries({ queryKey: ['feed'] })
    },
    onRefused: (error, confirmed) => {
      setIsFollowing(confirmed)
      const reason = errorText(error)
      toast({
        title: social(confirmed ? 'unfollowRefused' : 'followRefused', { name, reason }),
        tone: 'danger',
      })
    },
  })
  const toggle = () => {
    setIsFollowing(!isFollowing)
    bring(!isFollowing, isFollowing)
  }
  return (
    <Button
      size="sm"
      look={isFollowing ? 'quiet' : 'primary'}
      aria-label={social(isFollowing ? 'followingName' : 'followName', { name })}
      onClick={toggle}
      className="relative z-10 w-24"
    >
      {social(isFollowing ? 'following' : 'follow')}
    </Button>
  )
}

export function PersonSkeleton() {
  return (
    <div className={rowClass}>
      <Skeleton className="size-11 shrink-0 rounded-full!" />
      <div className="flex-1">
        <Skeleton className="h-4 w-2/5" />
        <Skeleton className="mt-2 h-3.5 w-1/4" />
      </div>
    </div>
  )
}
