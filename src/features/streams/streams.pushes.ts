import type { z } from 'zod'
import type { StreamCard as StreamCardSchema } from '../../contract/streams.ts'
import type { Logger } from '../../core/log.ts'
import type { Presence, Topics } from '../../core/ports.ts'
import { streamTopic } from './streams.counters.ts'
import { createStreamReads } from './streams.reads.ts'
import type { Broadcast, OwnedBroadcast, Owner, StreamsRepo } from './streams.repo.ts'

export type StreamCard = z.output<typeof StreamCardSchema>

const DIRECTORY_TOPIC = 'directory:live'

type Deps = {
  repo: Pick<StreamsRepo, 'listedNow'>
  topics: Topics
  presence: Pick<Presence, 'count'>
  showCounters: (streamId: string) => void
  log: Logger
}

/** What a stream's page and the list of live streams are told. */
export function createStreamPushes({ repo, topics, presence, showCounters, log }: Deps) {
  /** What the list of live streams has of a stream. It is asked, as accounts may be private. */
  const reads = createStreamReads(repo.listedNow)

  const cardOf = (broadcast: Broadcast, owner: Owner): StreamCard => ({
    streamId: broadcast.streamId,
    handle: owner.handle,
    displayName: owner.displayName,
    avatar: owner.avatar,
    title: broadcast.title,
    category: broadcast.category,
    state: broadcast.state,
    startedAt: broadcast.startedAt,
    viewers: presence.count(streamTopic(broadcast.streamId)),
  })

  const upsert = ({ broadcast, owner }: OwnedBroadcast) =>
    topics.append(DIRECTORY_TOPIC, [{ type: 'upsert', stream: cardOf(broadcast, owner) }])

  const remove = (streamId: string) => topics.append(DIRECTORY_TOPIC, [{ type: 'remove', streamId }])

  /** Puts a stream into the list, or takes it out, as it is now; what is being read of it meanwhile is read again. */
  function listAnew(streamId: string): void {
    reads.announced(streamId)
    reads
      .withFresh(streamId, (found) => (found ? upsert(found) : remove(streamId)))
      .catch((error: unknown) => log.warn({ error }, 'A live stream could not be listed'))
  }

  return {
    cardOf,

    /** A broadcast has a new state, which is committed. */
    announce(broadcast: Broadcast): void {
      // A card that was read before the end would outlive its removal.
      reads.announced(broadcast.streamId)
      const isAhead = broadcast.state === 'scheduled' || broadcast.endReason === 'cancelled'
      // What is announced to followers does not close the stream: others are in the topic too.
      const isForSome = isAhead && broadcast.visibility === 'followers'
      topics.append(streamTopic(broadcast.streamId), [
        isForSome ? { type: 'changed' } : { type: 'broadcast', broadcast },
      ])
      showCounters(broadcast.streamId)
      // Another broadcast of the stream may be on air and in the list.
      if (isAhead) return
      const isListed = broadcast.visibility === 'public' && ['live', 'interrupted'].includes(broadcast.state)
      if (isListed) listAnew(broadcast.streamId)
      else remove(broadcast.streamId)
    },

    listAnew,

    /** The number of viewers changed: the counter, and the card of a public stream. */
    async viewersChanged(streamId: string): Promise<void> {
      showCounters(streamId)
      await reads.withFresh(streamId, (found) => found && upsert(found))
    },
  }
}
