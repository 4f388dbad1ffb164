import { and, asc, desc, eq, inArray, isNotNull, isNull, lt, ne, not, or, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { type PersonRow, personColumns } from '../../../drizzle/schema/accounts.ts'
import { broadcasts, streams, topicHeads, users } from '../../../drizzle/schema/index.ts'
import type { Broadcast as BroadcastSchema } from '../../contract/streams.ts'
import { newId } from '../../core/ids.ts'
import { AS_OF_MS, type Database, type Tx } from '../../infra/db.ts'
import { isPrivateSql, mayHearSql, viewerSql } from '../safety/visibility.service.ts'

export type Broadcast = z.output<typeof BroadcastSchema>
type Row = typeof broadcasts.$inferSelect
type Changes = Partial<typeof broadcasts.$inferInsert>

export type Owner = PersonRow
export type OwnedBroadcast = { broadcast: Broadcast; owner: Owner }

const ON_AIR = ['starting', 'live', 'interrupted'] as const
/** As many as the home page shows; the rest of a large instance is found by search. */
const LIVE_MAX = 60
const UPCOMING_MAX = 20

export function createStreamsRepo(db: Database) {
  return {
    /** Makes the live page of an account, with the head of its chat. */
    async insertStream(tx: Tx, ownerId: string): Promise<string> {
      const id = newId()
      await tx.insert(streams).values({ id, ownerId })
      await tx.insert(topicHeads).values({ topic: `chat:${id}`, seq: 0, epoch: newId().slice(-12) })
      return id
    },

    async byHandle(handle: string): Promise<{ streamId: string; owner: Owner } | undefined> {
      const [row] = await db.orm
        .select({ streamId: streams.id, owner: personColumns })
        .from(users)
        .innerJoin(streams, eq(streams.ownerId, users.id))
        .where(and(eq(users.handle, handle), isNull(users.deletedAt), isNull(streams.deletedAt)))
      return row
    },

    async ownedBy(ownerId: string): Promise<{ streamId: string; owner: Owner } | undefined> {
      const [row] = await db.orm
        .select({ streamId: streams.id, owner: personColumns })
        .from(streams)
        .innerJoin(users, eq(users.id, streams.ownerId))
        .where(eq(streams.ownerId, ownerId))
      return row
    },

    async owners(streamIds: readonly string[]): Promise<Map<string, string>> {
      const rows = await db.orm
        .select({ id: streams.id, ownerId: streams.ownerId })
        .from(streams)
        .where(and(inArray(streams.id, [...streamIds]), isNull(streams.deletedAt)))
      return new Map(rows.map(({ id, ownerId }) => [id, ownerId]))
    },

    /** The broadcast on air, else the last one that ended; `isInside`: those for followers count too. */
    async current(streamId: string, isInside: boolean): Promise<Broadcast | undefined> {
      const [row] = await db.orm
        .select()
        .from(broadcasts)
        .where(
          and(
            eq(broadcasts.streamId, streamId),
            ne(broadcasts.state, 'scheduled'),
            neverCancelled,
            forThem(isInside),
          ),
        )
        .orderBy(desc(inArray(broadcasts.state, [...ON_AIR])), desc(broadcasts.createdAt))
        .limit(1)
      return row && toBroadcast(row)
    },

    async upcoming(streamId: string, isInside: boolean): Promise<Broadcast[]> {
      const rows = await db.orm
        .select()
        .from(broadcasts)
        .where(and(eq(broadcasts.streamId, streamId), eq(broadcasts.state, 'scheduled'), forThem(isInside)))
        .orderBy(asc(broadcasts.scheduledFor))
        .limit(UPCOMING_MAX)
      return rows.map(toBroadcast)
    },

    /** Public ones that can be watched, or could a moment ago, as far as somebody wants to hear of them. */
    async publicLive(viewerId: string | undefined): Promise<OwnedBroadcast[]> {
      const rows = await withOwner(db)
        .where(and(isPublicLive, mayHearSql(viewerSql(viewerId), sql`${users.id}`, 'all')))
        .orderBy(desc(broadcasts.startedAt))
        .limit(LIVE_MAX)
      return rows.map(toOwned)
    },

    async onAir(streamId?: string): Promise<OwnedBroadcast[]> {
      const rows = await withOwner(db).where(
        and(inArray(broadcasts.state, [...ON_AIR]), streamId ? eq(broadcasts.streamId, streamId) : undefined),
      )
      return rows.map(toOwned)
    },

    /** Streams of those whom these accounts are not to hear of; who hears of all has no entry. */
    async unheard(viewerIds: readonly string[]): Promise<Map<string, Set<string>>> {
      const rows = await db.orm.execute<{ viewer_id: string; stream_id: string }>(sql`
        select v.id as viewer_id, s.id as stream_id
        from (select distinct i::uuid as id from jsonb_array_elements_text(${JSON.stringify(viewerIds)}::text::jsonb) as t(i)) v
        cross join lateral (
          select blocked_id as id from blocks where blocker_id = v.id
          union select blocker_id from blocks where blocked_id = v.id
          union select muted_id from mutes where muter_id = v.id
        ) o join streams s on s.owner_id = o.id
        where not ${mayHearSql(sql`v.id`, sql`o.id`, 'card')}`)
      const found = new Map<string, Set<string>>()
      for (const { viewer_id: viewerId, stream_id: streamId } of rows)
        found.set(viewerId, (found.get(viewerId) ?? new Set()).add(streamId))
      return found
    },

    /** Those of the streams whose owners are private. */
    async ofPrivate(streamIds: readonly string[]): Promise<string[]> {
      const rows = await db.orm
        .select({ id: streams.id })
        .from(streams)
        .where(and(inArray(streams.id, [...streamIds]), isPrivateSql(sql`${streams.ownerId}`)))
      return rows.map(({ id }) => id)
    },

    /** The one that the list of live streams shows of a stream, if any. */
    async listedNow(streamId: string): Promise<OwnedBroadcast | undefined> {
      const [row] = await withOwner(db).where(and(isPublicLive, eq(broadcasts.streamId, streamId)))
      return row && toOwned(row)
    },

    /** What accounts have on air against which a decision of staff stands, or (`leaving`) that are to be deleted. */
    async onAirOfShut(why: 'sanctioned' | 'leaving', ownerId?: string): Promise<OwnedBroadcast[]> {
      const isShut =
        why === 'leaving'
          ? sql`exists (select 1 from account_deletions d where d.account_id = ${users.id})`
          : sql`exists (select 1 from account_sanctions a
              where a.account_id = ${users.id} and (a.until is null or a.until > now()))`
      const ofOwner = ownerId === undefined ? undefined : eq(users.id, ownerId)
      const rows = await withOwner(db).where(and(inArray(broadcasts.state, [...ON_AIR]), isShut, ofOwner))
      return rows.map(toOwned)
    },

    async find(broadcastId: string): Promise<OwnedBroadcast | undefined> {
      const [row] = await withOwner(db).where(eq(broadcasts.id, broadcastId))
      return row && toOwned(row)
    },

    async byIds(broadcastIds: readonly string[]): Promise<OwnedBroadcast[]> {
      const rows = await withOwner(db).where(
        and(inArray(broadcasts.id, [...broadcastIds]), isNull(broadcasts.deletedAt), isNull(users.deletedAt)),
      )
      return rows.map(toOwned)
    },

    /**
     * Likes of what `current` answers, by stream; every id has an entry. Null where that was for followers and is over: the
     * stream is open again.
     */
    async likes(
      streamIds: readonly string[],
    ): Promise<Map<string, { likes: number | null; asOfMs: number }>> {
      const rows = await db.orm.execute<{ id: string; likes: number; at_ms: number }>(sql`
        select s.id, ${AS_OF_MS} as at_ms, coalesce(
          (select likes_count from broadcasts b
            where b.stream_id = s.id::uuid and b.state in ('starting', 'live', 'interrupted')),
          (select case when b.visibility = 'followers' then -1 else likes_count end from broadcasts b
            where b.stream_id = s.id::uuid and b.state = 'ended' and b.end_reason not in ('cancelled', 'never_started')
            order by b.created_at desc limit 1),
          0) as likes
        from jsonb_array_elements_text(${JSON.stringify(streamIds)}::text::jsonb) as s(id)`)
      return new Map(
        rows.map(({ id, likes, at_ms: asOfMs }) => [id, { likes: likes < 0 ? null : likes, asOfMs }]),
      )
    },

    async insert(tx: Tx, values: typeof broadcasts.$inferInsert): Promise<Broadcast> {
      const [row] = await tx.insert(broadcasts).values(values).returning()
      if (!row) throw new Error('An insert answered no row.')
      return toBroadcast(row)
    },

    /** Changes a broadcast that is in one of `from`, and of this stream where one is named; undefined where it is not (any more). */
    async change(
      tx: Tx,
      broadcastId: string,
      from: readonly Row['state'][],
      changes: Changes,
      streamId?: string,
    ): Promise<Broadcast | undefined> {
      const isOfStream = streamId === undefined ? undefined : eq(broadcasts.streamId, streamId)
      const [row] = await tx
        .update(broadcasts)
        .set({ ...changes, updatedAt: new Date() })
        .where(and(eq(broadcasts.id, broadcastId), inArray(broadcasts.state, [...from]), isOfStream))
        .returning()
      return row && toBroadcast(row)
    },

    /** Those that waited for their picture longer than they may. */
    async overdue(now: Date): Promise<Broadcast[]> {
      const rows = await db.orm
        .select()
        .from(broadcasts)
        .where(and(isNotNull(broadcasts.graceEndsAt), lt(broadcasts.graceEndsAt, now)))
        .limit(200)
      return rows.map(toBroadcast)
    },

    async countScheduled(tx: Tx, streamId: string): Promise<number> {
      return tx.$count(broadcasts, and(eq(broadcasts.streamId, streamId), eq(broadcasts.state, 'scheduled')))
    },
  }
}

export type StreamsRepo = ReturnType<typeof createStreamsRepo>

const neverCancelled = or(
  isNull(broadcasts.endReason),
  sql`${broadcasts.endReason} not in ('cancelled', 'never_started')`,
)

/** What private accounts broadcast is for their followers, whatever they said of it. */
const isPublicLive = and(
  inArray(broadcasts.state, ['live', 'interrupted']),
  eq(broadcasts.visibility, 'public'),
  not(isPrivateSql(sql`${users.id}`)),
)

const forThem = (isInside: boolean) => (isInside ? undefined : ne(broadcasts.visibility, 'followers'))

const withOwner = (db: Database) =>
  db.orm
    .select({ row: broadcasts, owner: personColumns })
    .from(broadcasts)
    .innerJoin(streams, eq(streams.id, broadcasts.streamId))
    .innerJoin(users, eq(users.id, streams.ownerId))
    .$dynamic()

const toOwned = ({ row, owner }: { row: Row; owner: Owner }): OwnedBroadcast => ({
  broadcast: toBroadcast(row),
  owner,
})

const toBroadcast = (row: Row): Broadcast => ({
  id: row.id,
  streamId: row.streamId,
  title: row.title,
  category: row.category as Broadcast['category'],
  visibility: row.visibility,
  state: row.state,
  scheduledFor: row.scheduledFor?.getTime() ?? null,
  startedAt: row.startedAt?.getTime() ?? null,
  interruptedAt: row.interruptedAt?.getTime() ?? null,
  graceEndsAt: row.graceEndsAt?.getTime() ?? null,
  endedAt: row.endedAt?.getTime() ?? null,
  endReason: row.endReason,
  likes: row.likesCount,
})
