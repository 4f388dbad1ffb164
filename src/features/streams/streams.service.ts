import type { z } from 'zod'
import type { Calls } from '../../contract/index.ts'
import { AppError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Logger } from '../../core/log.ts'
import type { Presence, Topics } from '../../core/ports.ts'
import type { Clock } from '../../core/time.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database, Tx } from '../../infra/db.ts'
import { once } from '../idempotency/idempotency.service.ts'
import type { RightsRepo } from './rights.repo.ts'
import { createCounters, streamTopic } from './streams.counters.ts'
import { createDoors } from './streams.doors.ts'
import { asOnAirConflict, ownBroadcast, pageOf } from './streams.ownership.ts'
import { createStreamPrivacy } from './streams.privacy.ts'
import { createStreamPushes, type StreamCard } from './streams.pushes.ts'
import type { Broadcast, OwnedBroadcast, Owner, StreamsRepo } from './streams.repo.ts'
import { closesStream, createVisibility, isShown, type View } from './streams.visibility.ts'

export type { OwnedBroadcast, StreamCard, View }

/** Who acts; their name and picture are read anew, as they may have changed since the socket was opened. */
type Actor = { id: string }

type Input<K extends keyof Calls> = z.output<Calls[K]['input']>

type Deps = {
  db: Database
  repo: StreamsRepo
  rights: RightsRepo
  topics: Topics
  presence: Pick<Presence, 'count' | 'refresh'>
  clock: Clock
  /** How long a broadcast may wait for its picture, at its start and when it is interrupted. */
  graceMs: number
  /** Ends what the SFU holds for a stream. */
  closeMedia: (streamId: string) => void
  log: Logger
  /** Whether this process is told now of every change of rights that others make. */
  hearsOfRights: () => boolean
  /** What else follows from a broadcast's new state, in the transaction that brought it there. */
  onMoved: (tx: Tx, moved: OwnedBroadcast) => Promise<void>
  /** Throws where an account may not act; nobody decides against it until the transaction ends. */
  holdStanding: (tx: Tx, accountId: string) => Promise<void>
}

export { isShown, streamTopic }

/** Any name that is no account's: whoever is not signed in sees the same. */
const ANONYMOUS = 'anon'
const ON_AIR = ['starting', 'live', 'interrupted'] as const
/** More announcements than this are a mistake or spam. */
const SCHEDULED_MAX = 20
/** Announcements further ahead than a year are slips of the hand. */
const SCHEDULE_AHEAD_MAX_MS = 366 * 24 * 3_600_000

/**
 * Life of broadcasts. States, and what moves them:
 *
 *   scheduled ──owner starts──▶ starting ──packets flow──▶ live ──packets stop──▶ interrupted ──packets flow──▶ live
 *       │                          │                        │                        │
 *    cancelled               grace is over              owner ends       owner ends, grace is over
 *       └──────────────────────────┴───────────▶ ended ◀────┴────────────────────────┘
 *
 * A stream has one broadcast on air at most (unique index). Every move is one UPDATE that names the states it may come
 * from, so of two that race one wins; `ended` is left by nothing. Each move is pushed after its commit.
 */
export function createStreamsService(deps: Deps) {
  const { db, repo, rights, topics, presence, clock, graceMs } = deps
  const visibility = createVisibility(repo, rights)
  const { judge, knownOwner, rememberOwner: onOwner } = visibility
  const doors = createDoors({ rights, judge, onOwner, knownOwner, isTold: deps.hearsOfRights, clock })
  const showCounters = createCounters(deps)
  const graceEnd = () => new Date(clock.nowMs() + graceMs)

  const { cardOf, announce, viewersChanged, listAnew } = createStreamPushes({ ...deps, showCounters })
  const privacy = createStreamPrivacy({ repo, rights, topics, listAnew })

  type Move = { from: readonly Broadcast['state'][]; changes: Parameters<StreamsRepo['change']>[3] }

  /** One move of the state machine, pushed after its commit; undefined where it was not in one of `from`. */
  async function move(
    broadcastId: string,
    owner: Owner,
    { from, changes }: Move,
  ): Promise<Broadcast | undefined> {
    return db.withTx(async (tx) => {
      const before = await rights.lock(tx, broadcastId)
      const moved = await repo.change(tx, broadcastId, from, changes)
      if (!before || !moved) return undefined
      const wasClosed = closesStream(before)
      if (wasClosed && !closesStream(moved)) await rights.hideChat(tx, moved.streamId)
      tx.afterCommit(() => tell(moved, wasClosed))
      await deps.onMoved(tx, { broadcast: moved, owner })
      return moved
    })
  }

  /** Announces a state that is committed. Where it closes the stream, those who may not stay are put out before they hear of it. */
  function tell(broadcast: Broadcast, wasClosed: boolean): void {
    if (wasClosed || !closesStream(broadcast)) {
      announce(broadcast)
      return
    }
    topics
      .rejudge(broadcast.streamId)
      // It may have moved on meanwhile, and been announced.
      .then(() => repo.find(broadcast.id))
      .then((newest) => announce(newest?.broadcast ?? broadcast))
      .catch((error: unknown) => deps.log.warn({ error }, 'A broadcast could not be announced'))
  }

  type Ending = { reason: NonNullable<Broadcast['endReason']>; from: readonly Broadcast['state'][] }

  async function end(broadcast: Broadcast, owner: Owner, { reason, from }: Ending) {
    const over = { state: 'ended', endReason: reason, endedAt: new Date(clock.nowMs()) } as const
    const changes = { ...over, graceEndsAt: null, interruptedAt: null }
    const ended = await move(broadcast.id, owner, { from, changes })
    // What was only announced has no media; those of the stream are of the broadcast that is on air meanwhile.
    if (ended && reason !== 'cancelled') deps.closeMedia(broadcast.streamId)
    return ended
  }

  /** Ends what accounts that may not act have on air, of one or of all of them. */
  async function endOfSanctioned(ownerId?: string): Promise<void> {
    for (const { broadcast, owner } of await repo.onAirOfShut('sanctioned', ownerId))
      await end(broadcast, owner, { reason: 'ended_by_staff', from: ON_AIR })
    for (const { broadcast, owner } of await repo.onAirOfShut('leaving', ownerId))
      await end(broadcast, owner, { reason: 'ended_by_owner', from: ON_AIR })
  }

  async function begin(tx: Tx, streamId: string, input: Input<'broadcast:start'>): Promise<Broadcast> {
    const { title, category, visibility: seenBy, scheduledBroadcastId } = input
    const values = {
      title,
      category,
      visibility: seenBy,
      state: 'starting',
      graceEndsAt: graceEnd(),
    } as const
    if (scheduledBroadcastId === undefined) return repo.insert(tx, { id: newId(), streamId, ...values })
    // Somebody else's is not touched at all: whether they are on air now would be told by the collision.
    const begun = await repo.change(tx, scheduledBroadcastId, ['scheduled'], values, streamId)
    if (!begun) throw new AppError('not_found')
    return begun
  }

  return {
    visibility,
    doors,
    createFor: (tx: Tx, ownerId: string) => repo.insertStream(tx, ownerId),

    /** Public streams on air, as far as somebody wants to hear of them. */
    async listLive(viewerId?: string): Promise<StreamCard[]> {
      const live = await repo.publicLive(viewerId)
      await presence.refresh(live.map(({ broadcast }) => streamTopic(broadcast.streamId)))
      return live
        .map(({ broadcast, owner }) => cardOf(broadcast, owner))
        .sort((a, b) => b.viewers - a.viewers)
    },

    listed: visibility.listed,
    ownerOfAnnounced: visibility.ownerOfAnnounced,

    /** The live page of an account as somebody sees it; without a viewer, as visitors do. Errors: `not_found`, `forbidden` (they are banned, or have blocked the owner). */
    async byHandle(handle: string, viewerId: string = ANONYMOUS) {
      const found = await repo.byHandle(handle)
      if (!found) throw new AppError('not_found')
      const { streamId: id, owner } = found
      const { isInside } = await visibility.mustSee(viewerId, id)
      const [broadcast, upcoming] = await Promise.all([
        repo.current(id, isInside),
        repo.upcoming(id, isInside),
        presence.refresh([streamTopic(id)]),
      ])
      return { id, owner, broadcast: broadcast ?? null, upcoming, viewers: presence.count(streamTopic(id)) }
    },

    streamOf: async (ownerId: string) => (await repo.ownedBy(ownerId))?.streamId,
    streamOfHandle: async (handle: string) => (await repo.byHandle(handle))?.streamId,

    /** Errors: `conflict` (one is on air, or the clientId was used), `not_found` (no such announcement). */
    async start({ id }: Actor, input: Input<'broadcast:start'>): Promise<Broadcast> {
      const { streamId, owner } = await pageOf(repo, id)
      const request = { accountId: owner.id, call: 'broadcast:start', clientId: input.clientId, input }
      return db
        .withTx(async (tx) => {
          await deps.holdStanding(tx, owner.id)
          const { answer, isRepeat } = await once(tx, request, () => begin(tx, streamId, input))
          if (!isRepeat) tx.afterCommit(() => tell(answer, false))
          return answer
        })
        .catch(asOnAirConflict)
    },

    /** Errors: `conflict` (too many announced, a time that is past or too far, clientId used). */
    async schedule({ id: ownerId }: Actor, input: Input<'broadcast:schedule'>): Promise<Broadcast> {
      const { title, category, visibility: seenBy, scheduledFor } = input
      const aheadMs = scheduledFor - clock.nowMs()
      if (aheadMs < 0 || aheadMs > SCHEDULE_AHEAD_MAX_MS) {
        throw new AppError('conflict', 'Choose a time between now and a year from now.', {
          field: 'scheduledFor',
        })
      }
      const { streamId, owner } = await pageOf(repo, ownerId)
      const request = { accountId: owner.id, call: 'broadcast:schedule', clientId: input.clientId, input }
      return db.withTx(async (tx) => {
        const { answer, isRepeat } = await once(tx, request, async () => {
          if ((await repo.countScheduled(tx, streamId)) >= SCHEDULED_MAX) {
            throw new AppError(
              'conflict',
              `No more than ${SCHEDULED_MAX} broadcasts can be announced at once.`,
            )
          }
          const values = { title, category, visibility: seenBy, state: 'scheduled' } as const
          const row = { id: newId(), streamId, ...values, scheduledFor: new Date(scheduledFor) }
          const broadcast = await repo.insert(tx, row)
          await deps.onMoved(tx, { broadcast, owner })
          return broadcast
        })
        if (!isRepeat) tx.afterCommit(() => announce(answer))
        return answer
      })
    },

    /** Errors: `not_found`, `conflict` (it has ended). */
    async update(
      viewer: Viewer,
      { broadcastId, title, category, visibility: seenBy }: Input<'broadcast:update'>,
    ) {
      const { owner } = await ownBroadcast(repo, viewer, broadcastId)
      const changes = { title, category, visibility: seenBy }
      const changed = await move(broadcastId, owner, { from: ['scheduled', ...ON_AIR], changes })
      if (!changed) throw new AppError('conflict', 'This broadcast has ended.')
      return changed
    },

    /** Ends what is on air and cancels what is scheduled; ending twice answers the same. Errors: `not_found`. */
    async end(viewer: Viewer, broadcastId: string): Promise<Broadcast> {
      for (;;) {
        const { broadcast, owner } = await ownBroadcast(repo, viewer, broadcastId)
        if (broadcast.state === 'ended') return broadcast
        const started = broadcast.startedAt === null ? 'never_started' : 'ended_by_owner'
        const reason = broadcast.state === 'scheduled' ? 'cancelled' : started
        // Only from the state that the reason was chosen for; where it has moved on meanwhile, look again.
        const ended = await end(broadcast, owner, { reason, from: [broadcast.state] })
        if (ended) return ended
      }
    },

    /** Throws `stream_not_live` where no broadcast of the stream is on air. */
    async mustBeOnAir(streamId: string): Promise<void> {
      if ((await repo.onAir(streamId)).length === 0) throw new AppError('stream_not_live')
    },

    /** The SFU saw the sender's packets come or stop. */
    async mediaFlow(streamId: string, isFlowing: boolean): Promise<void> {
      const [found] = await repo.onAir(streamId)
      if (!found) return deps.closeMedia(streamId)
      const { broadcast, owner } = found
      const now = new Date(clock.nowMs())
      if (isFlowing) {
        const startedAt = broadcast.startedAt === null ? { startedAt: now } : {}
        const changes = { state: 'live', ...startedAt, interruptedAt: null, graceEndsAt: null } as const
        await move(broadcast.id, owner, { from: ['starting', 'interrupted'], changes })
      } else {
        const changes = { state: 'interrupted', interruptedAt: now, graceEndsAt: graceEnd() } as const
        await move(broadcast.id, owner, { from: ['live'], changes })
      }
    },

    /** Streams with a broadcast on air. */
    async onAirStreams(): Promise<string[]> {
      return (await repo.onAir()).map(({ broadcast }) => broadcast.streamId)
    },

    endOfSanctioned,

    /** Ends what waited too long, and what staff decided against; of several nodes that look at once, one ends it. */
    async endOverdue(): Promise<void> {
      await endOfSanctioned()
      for (const { id, state } of await repo.overdue(new Date(clock.nowMs()))) {
        const found = await repo.find(id)
        const reason = state === 'starting' ? 'never_started' : 'connection_lost'
        // Only from the state it was overdue in: its picture may have come back this moment.
        if (found) await end(found.broadcast, found.owner, { reason, from: [state] })
      }
    },

    ...privacy,
    showCounters,
    viewersChanged,
  }
}

export type StreamsService = ReturnType<typeof createStreamsService>
