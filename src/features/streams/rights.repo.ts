import { and, eq, type SQL, sql } from 'drizzle-orm'
import { broadcasts, streams } from '../../../drizzle/schema/index.ts'
import type { Database, Tx } from '../../infra/db.ts'
import {
  isPrivateSql,
  isStaffSql,
  type Relation,
  relationColumns,
  relationIn,
} from '../safety/visibility.service.ts'

/** An account and a stream that somebody asks about. */
export type Pair = { accountId: string; streamId: string }

/** What the database says of a stream, and of the accounts that were asked about. */
export type StreamRights = {
  ownerId: string
  /** Its owner's account is private, or a broadcast for followers is on air or its end was told a moment ago. */
  isClosed: boolean
  chatHiddenUpTo: number
  /** What those who were asked about have with the owner; whoever is missing is a stranger. */
  relations: ReadonlyMap<string, Relation>
  /** Until when, in milliseconds since the epoch; null for ever. */
  bans: ReadonlyMap<string, number | null>
}

/** What of a stream may be remembered for a moment. */
export type StreamDoor = {
  ownerId: string
  /**
   * Nothing of it is or was for followers alone, its owner's account is not private, and bans and blocks are few: whoever
   * has neither may enter.
   */
  isOpen: boolean
  /** Who may write in its chat. */
  comments: 'everyone' | 'followers' | 'nobody'
  /** Who blocks the owner or is blocked by them; their views are asked for. */
  blocked: ReadonlySet<string>
  /** Until when, in milliseconds since the epoch; null for ever. */
  bans: ReadonlyMap<string, number | null>
}

/** A list of bans or blocks longer than this is not kept in memory for everybody who enters. */
const BANS_MAX = 1000

/**
 * What was for followers stays closed for so long after its end: those who are in are told of the end, title and all,
 * through the topic that others may join then.
 */
const CLOSED_AFTER_END = sql`interval '2 seconds'`

export function createRightsRepo(db: Database) {
  return {
    /** Rights on streams in one query, however many pairs there are; a stream that does not exist has no entry. */
    async read(streamIds: readonly string[], pairs: readonly Pair[]): Promise<Map<string, StreamRights>> {
      const rows = await db.orm.execute<RightsRow>(rightsStatement(streamIds, pairs))
      const found = new Map<
        string,
        StreamRights & { relations: Map<string, Relation>; bans: Map<string, number | null> }
      >()
      for (const row of rows) {
        const rights = found.get(row.stream_id) ?? {
          ownerId: row.owner_id,
          isClosed: row.is_closed,
          chatHiddenUpTo: row.chat_hidden_up_to,
          relations: new Map(),
          bans: new Map(),
        }
        found.set(row.stream_id, rights)
        if (row.account_id === null) continue
        rights.relations.set(row.account_id, relationIn(row))
        if (row.is_banned) rights.bans.set(row.account_id, row.banned_until_ms)
      }
      return found
    },

    /** Doors of streams in one query; a stream that does not exist has none. */
    async doors(streamIds: readonly string[]): Promise<Map<string, StreamDoor>> {
      const rows = await db.orm.execute<DoorRow>(doorsStatement(streamIds))
      return new Map(
        rows.map(({ id, owner_id: ownerId, is_open: isOpen, comments, bans, blocked }) => [
          id,
          {
            ...{ ownerId, isOpen, comments, blocked: new Set(blocked) },
            bans: new Map(Object.entries(JSON.parse(bans) as Record<string, number | null>)),
          },
        ]),
      )
    },

    /** Locks a broadcast and answers how it was. */
    async lock(tx: Tx, broadcastId: string) {
      const [row] = await tx
        .select({ state: broadcasts.state, visibility: broadcasts.visibility })
        .from(broadcasts)
        .where(eq(broadcasts.id, broadcastId))
        .for('no key update')
      return row
    },

    /** What was said up to now stays among followers. Waits for lines that are being written. */
    async hideChat(tx: Tx, streamId: string): Promise<void> {
      await tx.execute(sql`
        with head as (select seq from topic_heads where topic = ${`chat:${streamId}`} for update)
        update streams set chat_hidden_up_to = head.seq from head where id = ${streamId}`)
    },

    /** The stream of an owner while it is closed to those who do not follow them. */
    async closedStreamOf(ownerId: string): Promise<string | undefined> {
      const [row] = await db.orm
        .select({ id: streams.id })
        .from(streams)
        .where(and(eq(streams.ownerId, ownerId), isClosed(sql`${streams.id}`, sql`${streams.ownerId}`)))
      return row?.id
    },
  }
}

export type RightsRepo = ReturnType<typeof createRightsRepo>

type DoorRow = {
  id: string
  owner_id: string
  is_open: boolean
  comments: StreamDoor['comments']
  bans: string
  blocked: string[]
}

type RightsRow = Relation & {
  stream_id: string
  owner_id: string
  is_closed: boolean
  chat_hidden_up_to: number
  account_id: string | null
  is_banned: boolean
  banned_until_ms: number | null
}

const isClosed = (streamId: SQL, ownerId: SQL) => sql`(
  ${isPrivateSql(ownerId)}
  or exists (select 1 from broadcasts b where b.stream_id = ${streamId} and b.visibility = 'followers'
    and b.state in ('starting', 'live', 'interrupted'))
  or exists (select 1 from broadcasts b where b.stream_id = ${streamId} and b.visibility = 'followers'
    and b.ended_at > now() - ${CLOSED_AFTER_END}))`

/** subjects: the streams, each judged once · pairs: who is asked about · one row per pair, or one for a stream without any. */
function rightsStatement(streamIds: readonly string[], pairs: readonly Pair[]) {
  const asked = JSON.stringify(pairs.map(({ accountId, streamId }) => ({ a: accountId, s: streamId })))
  return sql`
    with subjects as materialized (
      select s.id, s.owner_id, s.chat_hidden_up_to, ${isClosed(sql`s.id`, sql`s.owner_id`)} as is_closed
      from (select distinct i::uuid as id from jsonb_array_elements_text(${JSON.stringify(streamIds)}::text::jsonb) as t(i)) i
      join streams s on s.id = i.id and s.deleted_at is null
    ), pairs as (
      select distinct a, s from jsonb_to_recordset(${asked}::text::jsonb) as p(a uuid, s uuid)
    )
    select s.id as stream_id, s.owner_id, s.is_closed, s.chat_hidden_up_to::float8 as chat_hidden_up_to,
           p.a as account_id, b.account_id is not null as is_banned, ${relationColumns(sql`p.a`, sql`s.owner_id`)},
           (extract(epoch from b.until) * 1000)::float8 as banned_until_ms
    from subjects s
    left join pairs p on p.s = s.id
    left join channel_bans b on b.stream_id = s.id and b.account_id = p.a and (b.until is null or b.until > now())`
}

function doorsStatement(streamIds: readonly string[]) {
  return sql`
    select s.id, s.owner_id, coalesce(b.bans, '{}') as bans, coalesce(k.ids, '{}') as blocked,
           coalesce((select p.comments from account_privacy p where p.user_id = s.owner_id), 'everyone') as comments,
           coalesce(b.count, 0) <= ${BANS_MAX} and cardinality(coalesce(k.ids, '{}')) <= ${BANS_MAX}
             and s.chat_hidden_up_to = 0 and not ${isPrivateSql(sql`s.owner_id`)} and not exists (
             select 1 from broadcasts f where f.stream_id = s.id and f.visibility = 'followers') as is_open
    from (select distinct i::uuid as id from jsonb_array_elements_text(${JSON.stringify(streamIds)}::text::jsonb) as t(i)) i
    join streams s on s.id = i.id and s.deleted_at is null
    left join lateral (
      select count(*) as count, jsonb_object_agg(account_id, (extract(epoch from until) * 1000)::float8)::text as bans
      from (
        select account_id, until from channel_bans
        where stream_id = s.id and (until is null or until > now())
          -- Staff see everything: bans do not reach them.
          and not ${isStaffSql(sql`channel_bans.account_id`)} limit ${BANS_MAX + 1}
      ) few
    ) b on true
    left join lateral (
      select array_agg(few.id) as ids from (
        select blocked_id as id from blocks where blocker_id = s.owner_id
        union all select blocker_id from blocks where blocked_id = s.owner_id
        limit ${BANS_MAX + 1}
      ) few
    ) k on true`
}
