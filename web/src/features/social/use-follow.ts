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
  const now = profile && { isOn: profile.isFollowing, count: profile.followers }
  const name = profile?.displayName ?? handle
  const { wish, underWay } = useCounted({
    now,
    change: (change) =>
      update(({ isFollowing, followers }) => {
        const { isOn, count } = change({ isOn: isFollowing, count: followers })
        return { isFollowing: isOn, followers: count }
      }),
    send: async (isOn): Promise<Counted> => {
      const call = isOn ? 'follow:add' : 'follow:remove'
      const answer = await callHarmless(connection, call, { accountId: profile?.id ?? '' })
      // Another set of people makes another feed.
      void queryClient.invalidateQueries({ queryKey: ['feed'] })
      return { isOn: answer.isFollowing, count: answer.followers }
    },
    refusal: (wishedFor, reason) => social(wishedFor ? 'followRefused' : 'unfollowRefused', { name, reason }),
  })
  const onFollow = useWish(profile && `follow:${profile.id}`, () => wish(true))
  const isFollowing = underWay ?? profile?.isFollowing ?? false
  return { profile, isFollowing, onToggle: () => (isFollowing ? wish(false) : onFollow()) }
}
