import type { Topics } from '../../core/ports.ts'
import { createBatcher } from '../../core/running/batch.ts'
import type { Tx } from '../../infra/db.ts'
import type { RightsRepo } from './rights.repo.ts'
import type { StreamsRepo } from './streams.repo.ts'

type Deps = {
  repo: Pick<StreamsRepo, 'ownedBy' | 'unheard' | 'ofPrivate'>
  rights: Pick<RightsRepo, 'closedStreamOf' | 'hideChat'>
  topics: Pick<Topics, 'rejudge'>
  /** Puts a stream into the list of live ones, or takes it out, as it is now. */
  listAnew: (streamId: string) => void
}

/** The list of live streams, among the subjects of rights. */
const LIST = 'live'
/** As many who join the list at once share a query. */
const UNHEARD_MAX = 500

/** What follows for streams where people change what they are to each other; all of it is committed by then. */
export function createStreamPrivacy({ repo, rights, topics, listAnew }: Deps) {
  async function rejudge(ownerId: string, viewers?: readonly string[]): Promise<string | undefined> {
    const streamId = (await repo.ownedBy(ownerId))?.streamId
    const subjects = streamId === undefined ? [ownerId] : [streamId, ownerId]
    await Promise.all(subjects.map((subject) => topics.rejudge(subject, viewers)))
    return streamId
  }

  const unheard = createBatcher<readonly string[], ReadonlyMap<string, ReadonlySet<string>>>({
    maxItems: UNHEARD_MAX,
    async run(asks) {
      const found = await repo.unheard(asks.flat())
      return asks.map(() => found)
    },
  })

  const privates = createBatcher<readonly string[], string[]>({
    maxItems: UNHEARD_MAX,
    async run(asks) {
      const found = await repo.ofPrivate([...new Set(asks.flat())])
      return asks.map(() => found)
    },
  })

  return {
    /** Streams that accounts are not to be told of in the list of live ones; who is told of all has no entry. */
    unheardStreams: async (
      viewerIds: readonly string[],
    ): Promise<ReadonlyMap<string, ReadonlySet<string>>> =>
      viewerIds.length === 0 ? new Map() : unheard.add(viewerIds),

    /** Those of the streams whose owners are private now. */
    privateStreams: async (streamIds: readonly string[]): Promise<ReadonlySet<string>> =>
      new Set(streamIds.length === 0 ? [] : await privates.add(streamIds)),

    /** Somebody wants to hear of others, or not. */
    heardChanged: (viewerId: string): Promise<void> => topics.rejudge(LIST, [viewerId]),

    /** Accounts follow an owner no longer: they may not stay in what is for followers. */
    async unfollowed(ownerId: string, accountIds: readonly string[]): Promise<void> {
      const streamId = await rights.closedStreamOf(ownerId)
      if (streamId !== undefined) await topics.rejudge(streamId, accountIds)
    },

    /** One of two blocks the other, or does so no longer. */
    async blockChanged(one: string, other: string): Promise<void> {
      await Promise.all([
        ...[rejudge(one, [other]), rejudge(other, [one])],
        topics.rejudge(LIST, [one, other]),
      ])
    },

    /** What was said among followers stays among them when their account is private no longer. */
    async keepChat(tx: Tx, ownerId: string): Promise<void> {
      const streamId = (await repo.ownedBy(ownerId))?.streamId
      if (streamId !== undefined) await rights.hideChat(tx, streamId)
    },

    /** An account is private now, or no longer, or lets others write. Those who may not stay are put out of everything. */
    async privacyChanged(ownerId: string): Promise<void> {
      const streamId = await rejudge(ownerId)
      if (streamId !== undefined) listAnew(streamId)
    },
  }
}
