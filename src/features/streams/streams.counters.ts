import type { Logger } from '../../core/log.ts'
import type { Presence, Topics } from '../../core/ports.ts'
import { createRefresher } from '../../core/running/refresher.ts'
import type { StreamsRepo } from './streams.repo.ts'

export const streamTopic = (streamId: string) => `stream:${streamId}`
const countersTopic = (streamId: string) => `counters:stream:${streamId}`

/** Counters of as many streams are read at once. */
const REFRESH_MAX = 200

type Deps = {
  repo: StreamsRepo
  topics: Topics
  presence: Pick<Presence, 'count'>
  log: Logger
}

/** Shows viewers and likes of a stream anew; called whenever one of them may have changed. */
export const createCounters = ({ repo, topics, presence, log }: Deps) =>
  createRefresher({
    maxKeys: REFRESH_MAX,
    async refresh(streamIds) {
      for (const [id, { likes, asOfMs }] of await repo.likes(streamIds)) {
        topics.set(countersTopic(id), { viewers: presence.count(streamTopic(id)), likes }, asOfMs)
      }
    },
    onError: (error) => log.warn({ error }, 'The counters of streams could not be read'),
  })
