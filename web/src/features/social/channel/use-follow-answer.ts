import { useAccount } from '../../../data/use-session.ts'
import { useTopic } from '../../../data/use-topic.ts'
import type { Profile } from '../use-profile.ts'

/**
 * Reads the profile of a private account anew once it answers whoever waits to be let in, and once this listens, as the answer
 * may have come before. Only for what stays on the page meanwhile: a new listener makes all of them begin anew.
 */
export function useFollowAnswer(profile: Profile | undefined, readAnew: () => Promise<void>): void {
  const userId = useAccount()?.id
  const isWaiting = profile?.isRequested === true && userId !== undefined
  useTopic(isWaiting ? `follow-answers:${userId}` : undefined, {
    onStart: () => void readAnew(),
    onItems: (answers) => {
      if (answers.some(({ accountId }) => accountId === profile?.id)) void readAnew()
    },
  })
}
