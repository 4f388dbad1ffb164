import type { z } from 'zod'
import type { StreamCard as StreamCardSchema } from '../../contract/streams.ts'
import type { Logger } from '../../core/log.ts'
import type { Presence, Topics } from '../../core/ports.ts'
import { streamTopic } from './streams.counters.ts'
import type { Broadcast, Owner, StreamsRepo } from './streams.repo.ts'

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
  /** Counts announcements, so that what was read before one is not pushed after it. */
  let announced = 0

  const cardOf = (broadcast: Broadcast, owner: Owner): StreamCard => ({
    streamId: broadcast.streamId,
    handle: owner.handle,
    displayName: owner.displayName,
    title: broadcast.title,
    category: broadcast.category,
    state: broadcast.state,
    startedAt: broadcast.startedAt,
    viewers: presence.count(streamTopic(broadcast.streamId)),
  })

  /** Reads again where something was announced meanwhile: a card read before the end would outlive its removal. */
  async function newest<T>(read: () => Promise<T>): Promise<T> {
    for (;;) {
      const before = announced
      const found = await read()
      if (before === announced) return found
    }
  }

  /** Shows the card of a stream anew, where the list has it: whether it does is asked, as accounts may be private. */
  async function list(streamId: string): Promise<void> {
    const found = await newest(() => repo.listedNow(streamId))
    if (found)
      topics.append(DIRECTORY_TOPIC, [{ type: 'upsert', stream: cardOf(found.broadcast, found.owner) }])
  }

  const listAnew = (streamId: string): void =>
    void list(streamId).catch((error: unknown) => log.warn({ error }, 'A live stream could not be listed'))

  const unlist = (streamId: string): void => {
    announced++
    topics.append(DIRECTORY_TOPIC, [{ type: 'remove', streamId }])
  }

  return {
    cardOf,

    /** A broadcast has a new state, which is committed. */
    announce(broadcast: Broadcast): void {
      announced++
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
      else unlist(broadcast.streamId)
    },

    unlist,
    listAnew,

    /** The number of viewers changed: the counter, and the card of a public stream. */
    async viewersChanged(streamId: string): Promise<void> {
      showCounters(streamId)
      await list(streamId)
    },
  }
}
