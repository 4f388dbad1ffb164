import type { TopicItem } from '../../contract/index.ts'
import type { Logger } from '../../core/log.ts'
import type { Online, Topics } from '../../core/ports.ts'
import { mayView, type Relations } from '../safety/visibility.service.ts'

const answersTopic = (userId: string) => `follow-answers:${userId}` as const
type Answer = TopicItem<ReturnType<typeof answersTopic>>

type Deps = { topics: Topics; online: Online; relations: Pick<Relations, 'read'>; log: Logger }

/** What whoever asked to follow private accounts is told of their answers, if they are there. */
export function createRequestPushes({ topics, online, relations, log }: Deps) {
  /** Those of answers whose account somebody may still know of. */
  async function sift(userId: string, answers: readonly Answer[]): Promise<Answer[]> {
    const relation = await relations.read(
      answers.map(({ accountId }) => ({ viewerId: userId, subjectId: accountId })),
    )
    return answers.filter(({ accountId }) => mayView(relation(userId, accountId), 'card'))
  }

  async function push(accountId: string, requesterIds: readonly string[], answer: Answer): Promise<void> {
    const present = [...(await online.among(requesterIds))]
    const relation = await relations.read(present.map((viewerId) => ({ viewerId, subjectId: accountId })))
    for (const id of present)
      if (mayView(relation(id, accountId), 'card')) topics.append(answersTopic(id), [answer])
  }

  return {
    sift,

    /** Requests of these people were answered, and that is committed. */
    answered(accountId: string, requesterIds: readonly string[], isFollowing: boolean): void {
      if (requesterIds.length === 0) return
      push(accountId, requesterIds, { accountId, isFollowing }).catch((error: unknown) =>
        log.warn({ error }, 'Whoever waits could not be told at once; their next look at the page shows it'),
      )
    },
  }
}
