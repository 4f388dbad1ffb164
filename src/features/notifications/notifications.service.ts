import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Notification as NotificationSchema } from '../../contract/notifications.ts'
import { newId } from '../../core/ids.ts'
import type { Logger } from '../../core/log.ts'
import type { Online, Topics } from '../../core/ports.ts'
import { createRefresher } from '../../core/running/refresher.ts'
import type { Tx } from '../../infra/db.ts'
import { enqueue } from '../../infra/jobs.ts'
import { mayHear, type Relations } from '../safety/visibility.service.ts'
import type { StreamsService } from '../streams/streams.service.ts'
import { liveFanOut } from './notifications.queue.ts'
import {
  type Kind,
  type NewNotification,
  type NotificationRow,
  type NotificationsRepo,
  notificationsTopic,
} from './notifications.repo.ts'

export type Notification = z.output<typeof NotificationSchema>

const stateTopic = (userId: string) => `notification-state:${userId}`
/** States of as many people are read at once. */
const REFRESH_MAX = 500

const DAY = sql`interval '1 day'`

/**
 * How long the same is not told again. Whoever unfollows and follows, or asks, again within a day is no news. `live`: a
 * broadcast goes live for the first time once, and no job is tried again for as long as a month.
 */
const KEEP = {
  follow: DAY,
  follow_request: DAY,
  follow_accepted: DAY,
  live: sql`interval '30 days'`,
} as const satisfies Record<Kind, unknown>

type Deps = {
  repo: NotificationsRepo
  topics: Topics
  online: Online
  streams: Pick<StreamsService, 'listed'>
  relations: Relations
  log: Logger
  /** For metrics. */
  observe: (kind: Kind, written: number) => void
}

type Wanted = Omit<NewNotification, 'id'>

/**
 * What people are told of. A row is written with its number in the transaction of its cause, and pushed after the
 * commit; a push that was lost, or that was never made because a job ran in another process, is found by the gateway's
 * comparison of heads.
 */
export function createNotificationsService({ repo, topics, online, streams, relations, log, observe }: Deps) {
  const refreshState = createRefresher({
    maxKeys: REFRESH_MAX,
    async refresh(userIds) {
      for (const [id, { state, asOfMs }] of await repo.states(userIds))
        topics.set(stateTopic(id), state, asOfMs)
    },
    onError: (error) => log.warn({ error }, 'Unread notifications could not be counted'),
  })

  /** Writes what was not told yet and is wanted, and pushes it once the transaction is committed. */
  async function write(tx: Tx, kind: Kind, causes: readonly Wanted[]): Promise<void> {
    const relation = await relations.readIn(tx, causes.map(pairOf))
    const wanted = causes.filter(({ userId, actorId }) => mayHear(relation(userId, actorId), 'card'))
    if (wanted.length === 0) return
    const rows = await repo.write(
      tx,
      kind,
      KEEP[kind],
      wanted.map((each) => ({ id: newId(), ...each })),
    )
    tx.afterCommit(() => {
      observe(kind, rows.length)
      push(rows).catch((error: unknown) =>
        log.warn({ error }, 'Notifications could not be pushed; the next comparison of heads does it'),
      )
    })
  }

  async function push(rows: readonly NotificationRow[]): Promise<void> {
    const present = await online.among([...new Set(rows.map(({ userId }) => userId))])
    for (const userId of present) refreshState(userId)
    const heard = rows.filter(({ userId }) => present.has(userId))
    for (const [i, item] of (await shape(heard)).entries()) {
      const row = heard[i]
      if (row) topics.committed(notificationsTopic(row.userId), row.seq, [item])
    }
  }

  /** Three reads, however many there are. What may not be seen any more keeps its place and loses its content. */
  async function shape(rows: readonly NotificationRow[]): Promise<Notification[]> {
    const ofBroadcasts = rows.filter(({ kind }) => kind === 'live')
    const [relation, people, seen] = await Promise.all([
      relations.read(rows.map(pairOf)),
      repo.people([...new Set(rows.map(({ actorId }) => actorId))]),
      streams.listed(
        [...new Set(ofBroadcasts.map(({ userId }) => userId))],
        [...new Set(ofBroadcasts.map(({ subjectId }) => subjectId))],
      ),
    ])
    return rows.map(({ id, userId, seq, kind, actorId, subjectId, createdAt }) => {
      const found = kind === 'live' ? seen(userId, subjectId)?.broadcast : undefined
      const broadcast = found && {
        ...{ id: found.id, streamId: found.streamId, title: found.title, state: found.state },
      }
      const actor = mayHear(relation(userId, actorId), 'card') ? people.get(actorId) : undefined
      return { id, seq, kind, actor: actor ?? null, broadcast: broadcast ?? null, createdAt }
    })
  }

  const read = async (...args: Parameters<NotificationsRepo['read']>) => shape(await repo.read(...args))

  return {
    /** Tells somebody of new followers. */
    followed: (tx: Tx, followeeId: string, followerIds: readonly string[]) =>
      write(
        tx,
        'follow',
        followerIds.map((id) => ({ userId: followeeId, actorId: id, subjectId: id })),
      ),

    /** Tells the owner of a private account who asks to follow them. */
    followRequested: (tx: Tx, targetId: string, requesterIds: readonly string[]) =>
      write(
        tx,
        'follow_request',
        requesterIds.map((id) => ({ userId: targetId, actorId: id, subjectId: id })),
      ),

    /** Tells somebody that accounts which they asked let them follow. */
    followAccepted: (tx: Tx, requesterId: string, targetIds: readonly string[]) =>
      write(
        tx,
        'follow_accepted',
        targetIds.map((id) => ({ userId: requesterId, actorId: id, subjectId: id })),
      ),

    /** Tells a batch of followers that somebody is live. */
    live: (tx: Tx, followerIds: readonly string[], broadcast: { id: string; ownerId: string }) =>
      write(
        tx,
        'live',
        followerIds.map((userId) => ({ userId, actorId: broadcast.ownerId, subjectId: broadcast.id })),
      ),

    /** Begins to tell everybody who follows by `until` that a broadcast is live; a job does it. */
    queueLive: (tx: Tx, broadcastId: string, until: Date) =>
      enqueue(
        tx,
        liveFanOut,
        { broadcastId, untilMs: until.getTime() },
        { key: `notifications.live:${broadcastId}` },
      ),

    /** Everything up to a seq has been read; all devices of the person are told. */
    async markRead(userId: string, upTo: number) {
      const state = await repo.markRead(userId, upTo)
      refreshState(userId)
      return state
    },

    /** Older ones, oldest first. */
    async list(userId: string, beforeSeq: number, limit: number) {
      const found = await read(userId, { before: beforeSeq, limit: limit + 1 })
      const hasMore = found.length > limit
      return { notifications: hasMore ? found.slice(1) : found, hasMore }
    },

    /** Somebody looks at their state: whoever comes gets it, also where nobody looked before. */
    showState: refreshState,

    /** Items that were shaped before as their reader may see them now. */
    async sift(userId: string, items: readonly Notification[]): Promise<Notification[]> {
      const relation = await relations.read(
        items.flatMap(({ actor }) => (actor ? [{ viewerId: userId, subjectId: actor.id }] : [])),
      )
      return items.map((item) =>
        item.actor && !mayHear(relation(userId, item.actor.id), 'card')
          ? { ...item, actor: null, broadcast: null }
          : item,
      )
    },

    /** What the topic `notifications:{userId}` is replayed from. */
    source: {
      isFedFromElsewhere: true,
      heads: (topicNames: readonly string[]) => repo.heads(topicNames),
      /** Items after `offset`, oldest first, `limit` at most. */
      after: (userId: string, offset: number, limit: number) =>
        read(userId, { after: offset, limit, fromStart: true }),
      /** The newest items up to `offset`, oldest first. */
      upTo: (userId: string, offset: number, limit: number) => read(userId, { before: offset + 1, limit }),
    },
  }
}

const pairOf = ({ userId: viewerId, actorId: subjectId }: { userId: string; actorId: string }) => ({
  ...{ viewerId, subjectId },
})

export type NotificationsService = ReturnType<typeof createNotificationsService>
