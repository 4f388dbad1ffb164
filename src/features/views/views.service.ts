import { LRUCache } from 'lru-cache'
import { owns } from '../../core/access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import type { Topics } from '../../core/ports.ts'
import { createBatcher } from '../../core/running/batch.ts'
import { createRefresher } from '../../core/running/refresher.ts'
import { type Clock, SECOND_MS } from '../../core/time.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database } from '../../infra/db.ts'
import { createProgramCheck, createViewerKeys, type Watcher } from './viewer-keys.ts'
import { readAnalytics } from './views.analytics.ts'
import { createCounting } from './views.counting.ts'
import { createHistory, type ReadCards } from './views.history.ts'
import { clampSections, isSessionOpen, type Viewing } from './views.judging.ts'
import { readCounters } from './views.numbers.ts'
import { createViewsRepo, type Report } from './views.repo.ts'

export type { Watcher } from './viewer-keys.ts'
export { forgetViews, renewRetention } from './views.queue.ts'

/** A video as its watcher sees it, as far as counting asks. */
type WatchedVideo = { ownerId: string; durationMs: number }

type Deps = {
  db: Database
  topics: Topics
  clock: Clock
  log: Logger
  /** The secret that viewers are told apart by. */
  key: string
  /** The one decision about who may watch. Throws `not_found` or `forbidden`, also where there is nothing to watch yet. */
  mustSee: (watcher: Pick<Watcher, 'viewer' | 'country'>, videoId: string) => Promise<WatchedVideo>
  /** Cards of those of the videos that somebody may see, in any order. */
  cards: ReadCards
}

/** Reports of many players share commits, and nobody waits for the answer of one. */
const BATCH_MAX_REPORTS = 2000
const BATCH_EVERY_MS = 8
/** Three reports of a player: who is shut out of a video is counted this much longer at most, with what they can not load. */
const DECISION_LIFE_MS = 30 * SECOND_MS
/** Of viewers with videos, each some 300 bytes. */
const DECISIONS_MAX = 20_000
/** Counters of as many videos are read at once. */
const REFRESH_MAX = 200

export const countersTopic = (videoId: string) => `counters:video:${videoId}`

/**
 * Views, watch time and history. A report is answered once it is kept; what follows from it is counted together with all that came
 * in the same moment, where each video they are about is changed once.
 */
export function createViews({ db, topics, clock, log, key, mustSee, cards }: Deps) {
  const repo = createViewsRepo(db)
  const keyOf = createViewerKeys(key)
  const isProgram = createProgramCheck()
  const counting = createCounting({
    ...{ repo, log },
    onCounted(counters) {
      for (const { videoId, views, likes, asOfMs } of counters)
        topics.set(countersTopic(videoId), { views, likes }, asOfMs)
    },
  })
  const reports = createBatcher<Report, void>({
    ...{ maxItems: BATCH_MAX_REPORTS, everyMs: BATCH_EVERY_MS },
    async run(items) {
      await repo.keep(items)
      counting.soon()
      return items.map(() => undefined)
    },
  })
  const decisions = new LRUCache<string, WatchedVideo>({
    ...{ max: DECISIONS_MAX, ttl: DECISION_LIFE_MS, ttlResolution: SECOND_MS },
  })

  async function decide(watcher: Watcher, videoId: string): Promise<WatchedVideo> {
    const question = `${watcher.viewer.id} ${watcher.country ?? ''} ${videoId}`
    const known = decisions.get(question)
    if (known) return known
    const found = await mustSee(watcher, videoId)
    decisions.set(question, found)
    return found
  }

  return {
    /**
     * Takes what a player watched. False where its session is not of now; programs are answered as everybody is and leave
     * nothing behind, and so does who reports for another viewer's session. Errors: `not_found`, `forbidden`.
     */
    async report(watcher: Watcher, viewing: Viewing): Promise<{ isAccepted: boolean }> {
      const [videoId, sessionId] = [viewing.videoId.toLowerCase(), viewing.sessionId.toLowerCase()]
      const { ownerId, durationMs } = await decide(watcher, videoId)
      if (isProgram(watcher)) return { isAccepted: true }
      if (!isSessionOpen(sessionId, clock.nowMs())) return { isAccepted: false }
      const accountId = watcher.viewer.account?.id ?? null
      await reports.add({
        ...{ ...viewing, atMs: clock.nowMs(), videoId, sessionId, durationMs, accountId },
        sections: clampSections(viewing.sections, durationMs),
        positionMs: Math.min(viewing.positionMs, durationMs),
        ...{
          viewerKey: keyOf(watcher),
          isCounted: !owns(watcher.viewer, { ownerId }),
          country: watcher.country ?? null,
        },
      })
      return { isAccepted: true }
    },

    /** Counts what is kept now, rather than soon. */
    countAll: counting.countAll,

    /** Whether viewers may follow the counters of videos: as they may watch them now. */
    async visible(viewers: readonly Viewer[], videoIds: readonly string[]) {
      const seen = new Set<string>()
      const look = async (viewer: Viewer, videoId: string) => {
        const asking = mustSee({ viewer, country: viewer.origin?.country }, videoId)
        if (await asking.then(() => true, falseWhereRefused)) seen.add(`${viewer.id} ${videoId}`)
      }
      await Promise.all(viewers.flatMap((viewer) => videoIds.map((videoId) => look(viewer, videoId))))
      return (viewerId: string, videoId: string) => seen.has(`${viewerId} ${videoId}`)
    },

    /** Shows views and likes of a video anew; called whenever one of them may have changed other than by watching. */
    showCounters: createRefresher({
      maxKeys: REFRESH_MAX,
      async refresh(videoIds) {
        for (const { videoId, views, likes, asOfMs } of await readCounters(db, videoIds))
          topics.set(countersTopic(videoId), { views, likes }, asOfMs)
      },
      onError: (error) => log.warn({ error }, 'The counters of videos could not be read'),
    }),

    /** How a video does, for its owner. Errors: `not_found`. */
    analytics: (viewer: Viewer, videoId: string) => readAnalytics(db, viewer, videoId),

    history: createHistory({ db, cards }),
  }
}

function falseWhereRefused(error: unknown): false {
  if (!(error instanceof AppError) || !['not_found', 'forbidden'].includes(error.code)) throw error
  return false
}

export type ViewsService = ReturnType<typeof createViews>
