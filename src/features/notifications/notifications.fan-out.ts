import type { z } from 'zod'
import { fromCursor, toCursor } from '../../core/paging/cursor.ts'
import type { Database } from '../../infra/db.ts'
import { enqueue } from '../../infra/jobs.ts'
import type { SocialService } from '../social/social.service.ts'
import type { StreamsService } from '../streams/streams.service.ts'
import { liveFanOut } from './notifications.queue.ts'
import type { NotificationsService } from './notifications.service.ts'

/** A transaction of some ten milliseconds; whoever is locked by it does not notice. */
const BATCH_FOLLOWERS = 500

type Deps = {
  db: Database
  social: Pick<SocialService, 'followersUntil'>
  streams: Pick<StreamsService, 'listed' | 'ownerOfAnnounced'>
  notifications: Pick<NotificationsService, 'live'>
  /** For crash tests: called before and after a batch is committed. */
  crashPoint: (name: string) => void
}

/**
 * One batch of the fan-out. Notifications and the job for the next batch are one transaction: a job that is killed has
 * done all of its batch or nothing, and one that is run again finds its people told already. A broadcast that is not
 * announced to followers any more is not told of further, nor is anybody whom the channel banned; one that has ended meanwhile is, as whoever was told first knows of it too.
 */
export async function fanOutLive(
  { db, social, streams, notifications, crashPoint }: Deps,
  payload: z.output<typeof liveFanOut.payload>,
): Promise<void> {
  const { broadcastId, untilMs, after } = payload
  const ownerId = await streams.ownerOfAnnounced(broadcastId)
  if (ownerId === undefined) return
  await db.withTx(async (tx) => {
    const place = fromCursor(after)
    const batch = await social.followersUntil(tx, ownerId, new Date(untilMs), place, BATCH_FOLLOWERS)
    const last = batch.at(-1)
    if (!last) return
    const ids = batch.map(({ id }) => id)
    const seen = await streams.listed(ids, [broadcastId])
    const told = ids.filter((id) => seen(id, broadcastId))
    await notifications.live(tx, told, { id: broadcastId, ownerId })
    if (batch.length === BATCH_FOLLOWERS) {
      const next = toCursor(last)
      // The same batch done twice asks for the same next one.
      const key = `notifications.live:${broadcastId}:${next}`
      await enqueue(tx, liveFanOut, { broadcastId, untilMs, after: next }, { key })
    }
    crashPoint('notifications:written')
  })
  crashPoint('notifications:committed')
}
