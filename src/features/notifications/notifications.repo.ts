import { and, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm'
import { type PersonRow, personColumns } from '../../../drizzle/schema/accounts.ts'
import { notificationKeys, users } from '../../../drizzle/schema/index.ts'
import { AS_OF_MS, type Database, type Tx } from '../../infra/db.ts'

export type Kind = typeof notificationKeys.$inferSelect.kind

/** One notification to be written; `id` is made by the server. */
export type NewNotification = { id: string; userId: string; actorId: string; subjectId: string }

export type NotificationRow = Omit<NewNotification, 'userId'> & {
  userId: string
  seq: number
  kind: Kind
  createdAt: number
}

export type State = { unread: number; readUpTo: number }

export const notificationsTopic = (userId: string) => `notifications:${userId}`

/**
 * Epoch of every such topic. Its head is made with the first notification, and whoever joined before that stood at 0 of
 * the same life.
 */
const EPOCH = '0'

export function createNotificationsRepo(db: Database) {
  return {
    /**
     * Writes those that were not told within `keep` before, numbered, and answers them. One per person and subject.
     */
    async write(
      tx: Tx,
      kind: Kind,
      keep: SQL,
      wanted: readonly NewNotification[],
    ): Promise<NotificationRow[]> {
      const rows = await tx.execute<Row>(writeStatement(kind, keep, wanted))
      return rows.map(toRow)
    },

    /** Those with `seq` in (after, before), oldest first: the newest `limit` of them, or the oldest with `fromStart`. */
    async read(
      userId: string,
      range: { after?: number; before?: number; limit: number; fromStart?: boolean },
    ): Promise<NotificationRow[]> {
      const { after = 0, before = Number.MAX_SAFE_INTEGER, limit, fromStart = false } = range
      const rows = await db.orm.execute<Row>(sql`
        select user_id, seq::float8 as seq, id, kind, actor_id, subject_id, ${EPOCH_MS} as created_at_ms from (
          select * from notifications where user_id = ${userId} and seq > ${after} and seq < ${before}
          order by seq ${fromStart ? sql`asc` : sql`desc`} limit ${limit}
        ) n order by seq`)
      return rows.map(toRow)
    },

    /** Heads of these topics in one query; one without a head has nothing in it. */
    async heads(topics: readonly string[]): Promise<Map<string, { epoch: string; seq: number }>> {
      const rows = await db.orm.execute<{ topic: string; epoch: string; seq: number }>(sql`
        select h.topic, h.epoch, h.seq::float8 as seq from topic_heads h
        join jsonb_array_elements_text(${JSON.stringify(topics)}::text::jsonb) as t(topic) using (topic)`)
      return new Map(rows.map(({ topic, epoch, seq }) => [topic, { epoch, seq }]))
    },

    /** What is unread is the distance to the head, as numbers have no holes: two look-ups a person, nothing is counted. */
    async states(userIds: readonly string[]): Promise<Map<string, { state: State; asOfMs: number }>> {
      const rows = await db.orm.execute<StateRow & { at_ms: number }>(sql`
        select u.id, ${AS_OF_MS} as at_ms, coalesce(h.seq, 0)::float8 as head, coalesce(s.read_up_to, 0)::float8 as read_up_to
        from jsonb_array_elements_text(${JSON.stringify(userIds)}::text::jsonb) as u(id)
        left join topic_heads h on h.topic = 'notifications:' || u.id
        left join notification_states s on s.user_id = u.id::uuid`)
      return new Map(rows.map((row) => [row.id, { state: toState(row), asOfMs: row.at_ms }]))
    },

    /** Moves the mark forward, never back and never beyond the head. */
    async markRead(userId: string, upTo: number): Promise<State> {
      const rows = await db.orm.execute<StateRow>(sql`
        with head as (
          select coalesce((select seq from topic_heads where topic = ${notificationsTopic(userId)}), 0) as seq
        ), marked as (
          insert into notification_states as s (user_id, read_up_to)
          select ${userId}::uuid, least(${upTo}::bigint, head.seq) from head
          on conflict (user_id) do update
            set read_up_to = greatest(s.read_up_to, excluded.read_up_to), updated_at = now()
          returning read_up_to
        )
        select ${userId} as id, head.seq::float8 as head, marked.read_up_to::float8 as read_up_to from head, marked`)
      const [row] = rows
      if (!row) throw new Error('A mark was not written.')
      return toState(row)
    },

    async people(ids: readonly string[]) {
      if (ids.length === 0) return new Map<string, PersonRow>()
      const rows = await db.orm
        .select(personColumns)
        .from(users)
        .where(and(inArray(users.id, [...ids]), isNull(users.deletedAt)))
      return new Map(rows.map((row) => [row.id, row]))
    },

    async forgetKeys(now: Date): Promise<void> {
      await db.orm.delete(notificationKeys).where(lt(notificationKeys.expiresAt, now))
    },
  }
}

export type NotificationsRepo = ReturnType<typeof createNotificationsRepo>

const EPOCH_MS = sql`(extract(epoch from created_at) * 1000)::float8`

type Row = {
  user_id: string
  seq: number
  id: string
  kind: Kind
  actor_id: string
  subject_id: string
  created_at_ms: number
}
type StateRow = { id: string; head: number; read_up_to: number }

const toRow = (row: Row): NotificationRow => ({
  userId: row.user_id,
  seq: row.seq,
  id: row.id,
  kind: row.kind,
  actorId: row.actor_id,
  subjectId: row.subject_id,
  createdAt: Math.floor(row.created_at_ms),
})

const toState = ({ head, read_up_to: readUpTo }: StateRow): State => ({
  unread: Math.max(0, head - readUpTo),
  readUpTo,
})

/**
 * input: without those who don't want to know · claimed: who is told for the first time, or again after the time was over · fresh: theirs, counted per person · heads:
 * as many numbers for each, and with its row lock the order of commits · the insert at the end: what is written.
 * Everything in the order of people, so that two statements don't lock each other out.
 */
function writeStatement(kind: Kind, keep: SQL, wanted: readonly NewNotification[]) {
  const input = JSON.stringify(
    wanted.map(({ id, userId, actorId, subjectId }) => ({
      ...{ id, user_id: userId, actor_id: actorId, subject_id: subjectId },
    })),
  )
  return sql`
    with input as (
      select i.* from jsonb_to_recordset(${input}::text::jsonb)
        as i(id uuid, user_id uuid, actor_id uuid, subject_id uuid)
      where not exists (
        select 1 from preferences p where p.user_id = i.user_id and ${kind}::text = any(p.muted_notifications))
    ), claimed as (
      insert into notification_keys as k (user_id, kind, subject_id, expires_at)
      select user_id, ${kind}::notification_kind, subject_id, now() + ${keep} from input order by user_id, subject_id
      on conflict (user_id, kind, subject_id) do update set expires_at = excluded.expires_at where k.expires_at < now()
      returning user_id, subject_id
    ), fresh as (
      select i.*, row_number() over (partition by i.user_id order by i.id) as nth,
             count(*) over (partition by i.user_id) as total
      from input i join claimed c on c.user_id = i.user_id and c.subject_id = i.subject_id
    ), heads as (
      insert into topic_heads as h (topic, seq, epoch)
      select 'notifications:' || user_id, count(*), ${EPOCH} from fresh group by user_id order by user_id
      on conflict (topic) do update set seq = h.seq + excluded.seq
      returning topic, seq, date_trunc('milliseconds', clock_timestamp()) as created_at
    )
    insert into notifications (user_id, seq, created_at, id, kind, actor_id, subject_id)
    select f.user_id, h.seq - f.total + f.nth, h.created_at, f.id, ${kind}::notification_kind, f.actor_id, f.subject_id
    from fresh f join heads h on h.topic = 'notifications:' || f.user_id
    returning user_id, seq::float8 as seq, id, kind, actor_id, subject_id, ${EPOCH_MS} as created_at_ms`
}
