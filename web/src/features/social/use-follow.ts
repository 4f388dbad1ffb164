import { useApp } from '../../data/app.tsx'
import { callHarmless } from '../../data/calls/call-harmless.ts'
import { social } from '../../text/social.ts'
import type { Counted } from './counted.ts'
import { useCounted } from './use-counted.ts'
import { useProfile } from './use-profile.ts'
import { useWish } from './use-wish.ts'

/** An account as a button to follow it shows it; `profile` is undefined until it was read. */
export function useFollow(handle: string) {
  const { connection, queryClient } = useApp()
  const { profile, update } = useProfile(handle)
  const now = profile && countedOf(profile)
  const name = profile?.displayName ?? handle
  const { wish, underWay } = useCounted({
    now,
    change: (change) =>
      update((known) => {
        const before = countedOf(known)
        const { isOn, count } = change(before)
        // A request is a wish like a follow, and is counted nowhere.
        if (isOn === before.isOn) return { followers: count }
        if (known.isPrivate && !known.isFollowing) return { isRequested: isOn, followers: known.followers }
        return { isFollowing: isOn, isRequested: false, followers: count }
      }),
    send: async (isOn): Promise<Counted> => {
      const call = isOn ? 'follow:add' : 'follow:remove'
      const answer = await callHarmless(connection, call, { accountId: profile?.id ?? '' })
      // Another set of people makes another feed.
      void queryClient.invalidateQueries({ queryKey: ['feed'] })
      const { isFollowing, isRequested, followers } = answer
      // The account may have become private, or public, since it was read.
      update((known) => ({ isFollowing, isRequested, followers: known.followers }))
      return countedOf({ isFollowing, isRequested, followers })
    },
    refusal: (wishedFor, reason) => social(wishedFor ? 'followRefused' : 'unfollowRefused', { name, reason }),
  })
  const onFollow = useWish(profile && `follow:${profile.id}`, () => wish(true))
  const isOn = underWay ?? now?.isOn ?? false
  const isAsking = profile?.isPrivate === true && !profile.isFollowing
  const state: FollowState = isOn ? (isAsking ? 'requested' : 'following') : 'follow'
  return { profile, state, onToggle: () => (isOn ? wish(false) : onFollow()) }
}

export type FollowState = 'follow' | 'following' | 'requested'

type Followed = { isFollowing: boolean; isRequested: boolean; followers: number }

const countedOf = ({ isFollowing, isRequested, followers }: Followed): Counted => ({
  ...{ isOn: isFollowing || isRequested, count: followers },
})
