import { isUuid } from '../../core/ids.ts'
import type { Clock } from '../../core/time.ts'
import type { OwnedBroadcast, StreamsRepo } from './streams.repo.ts'

/** A stream that was there is taken to be there for this long; deleting one ends its topics itself. */
const KNOWN_FOR_MS = 30_000
const KNOWN_MAX = 10_000

/** Which streams may be seen, and whose they are; the one place that reads and joins ask. Remembers, as joins come in storms. */
export function createVisibility(repo: StreamsRepo, clock: Clock) {
  const known = new Map<string, { ownerId: string; untilMs: number }>()

  async function ownersOf(streamIds: readonly string[]): Promise<Map<string, string>> {
    const nowMs = clock.nowMs()
    const found = new Map<string, string>()
    const unknown = streamIds.filter((id) => {
      const entry = known.get(id)
      if (!entry || entry.untilMs < nowMs) return true
      found.set(id, entry.ownerId)
      return false
    })
    if (unknown.length === 0) return found
    if (known.size > KNOWN_MAX) known.clear()
    for (const [id, ownerId] of await repo.owners(unknown)) {
      known.set(id, { ownerId, untilMs: nowMs + KNOWN_FOR_MS })
      found.set(id, ownerId)
    }
    return found
  }

  return {
    /** Those of the ids that the viewer may see (a topic's parameter may be any word); every stream that exists is visible until private ones come. */
    visible: async (streamIds: readonly string[]): Promise<ReadonlySet<string>> =>
      new Set((await ownersOf(streamIds.filter(isUuid))).keys()),
    /** Those of the broadcasts that may be shown to whoever was not given their address, in one read. */
    async listed(broadcastIds: readonly string[]): Promise<Map<string, OwnedBroadcast>> {
      const found = broadcastIds.length === 0 ? [] : await repo.byIds(broadcastIds)
      return new Map(found.filter(isListed).map((owned) => [owned.broadcast.id, owned]))
    },
    /** The owner as far as it is remembered, for whoever has just asked and can't wait. */
    knownOwner: (streamId: string): string | undefined => known.get(streamId)?.ownerId,
    ownerOf: async (streamId: string): Promise<string | undefined> =>
      (await ownersOf([streamId])).get(streamId),
  }
}

/** Whether a broadcast may stand in lists, feeds and notifications: unlisted ones never do, nor what never took place. */
const isListed = ({ broadcast: { visibility, endReason } }: OwnedBroadcast): boolean =>
  visibility === 'public' && endReason !== 'cancelled' && endReason !== 'never_started'
