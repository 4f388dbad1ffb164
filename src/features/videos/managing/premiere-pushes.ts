import type { TopicItem } from '../../../contract/index.ts'
import type { Logger } from '../../../core/log.ts'
import type { Topics } from '../../../core/ports.ts'
import { createRefresher } from '../../../core/running/refresher.ts'
import type { Clock } from '../../../core/time.ts'
import type { Database } from '../../../infra/db.ts'
import { currentPremiere, premiereVersion } from '../rules/premieres.ts'
import { readAsOf, type VideoRow } from '../videos.repo.ts'

type Deps = { db: Database; topics: Topics; clock: Clock; log: Logger }

/** As many premieres are shown anew at once. */
const REFRESH_MAX = 50

export const premiereTopic = (videoId: string) => `premiere:${videoId}`

/** What the pages of premieres are told. */
export function createPremierePushes({ db, topics, clock, log }: Deps) {
  const show = createRefresher({
    maxKeys: REFRESH_MAX,
    async refresh(videoIds) {
      for (const { video, asOfMs } of await readAsOf(db, videoIds))
        topics.set(premiereTopic(video.id), itemOf(video), asOfMs)
    },
    onError: (error) => log.warn({ error }, 'A premiere could not be shown'),
  })

  const itemOf = (video: VideoRow): TopicItem<'premiere:'> => {
    const premiere = video.deletedAt ? undefined : currentPremiere(video, clock.nowMs())
    return {
      ...{ startsAt: premiere?.startsAt ?? null, endsAt: premiere?.endsAt ?? null },
      version: premiereVersion(video),
    }
  }

  return {
    show,

    /** Something of it has changed: who does not see it any more is put out before the others are told. */
    changed(videoId: string): void {
      void topics.rejudge(videoId).then(() => show(videoId))
    },
  }
}
