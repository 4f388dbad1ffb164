import { useAccount } from '../../../data/use-session.ts'
import { useTopic } from '../../../data/use-topic.ts'
import type { Profile } from '../use-profile.ts'

/** Tells whoever waits to be let in by a private account that its answer is there, or may have come before this listened. */
export function useFollowAnswer(profile: Profile | undefined, onAnswer: () => void): void {
  const userId = useAccount()?.id
  const isWaiting = profile?.isRequested === true && userId !== undefined
  useTopic(isWaiting ? `follow-answers:${userId}` : undefined, {
    onStart: onAnswer,
    onItems: (answers) => {
      if (answers.some(({ accountId }) => accountId === profile?.id)) onAnswer()
    },
  })
}
