import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { PersonRow } from '../../../drizzle/schema/accounts.ts'
import type { ChatMessage as ChatMessageSchema } from '../../contract/chat.ts'
import { staffMark } from '../../core/access/permissions.ts'
import type { Viewer, ViewerRole } from '../../core/viewer.ts'
import type { Database } from '../../infra/db.ts'

export type ChatMessage = z.output<typeof ChatMessageSchema>

/** One line to be written. `id` is made by the server, `clientId` by the client. */
export type NewLine = {
  id: string
  clientId: string
  author: ChatMessage['author']
  text: string
  inputHash: string
}

/** `repeat`: the same line was written before; `conflict`: its clientId was used for something else. */
type Written = {
  authorId: string
  clientId: string
  outcome: 'new' | 'repeat' | 'conflict'
  message: ChatMessage | null
}

/** An account as the author of a line in their own stream or somebody else's. */
export function authorOf(
  { id, handle, displayName, avatar, role }: NonNullable<Viewer['account']> & Pick<PersonRow, 'avatar'>,
  isOwner: boolean,
): ChatMessage['author'] {
  const mark = isOwner ? 'streamer' : staffMark(role)
  return { id, handle, displayName, avatar, ...(mark && { role: mark }) }
}

export const chatTopic = (streamId: string) => `chat:${streamId}`

export function createChatRepo(db: Database) {
  return {
    /** Writes lines of one stream in one statement: one round trip, one commit. Throws 23505 when two nodes race on one clientId. */
    async write(streamId: string, lines: readonly NewLine[]): Promise<Written[]> {
      const rows = await db.statement<WrittenRow>(WRITE, [inputOf(lines), streamId, chatTopic(streamId)])
      return rows.map((row) => ({
        authorId: row.account_id,
        clientId: row.client_id,
        outcome: row.outcome,
        message: typeof row.answer === 'string' ? (JSON.parse(row.answer) as ChatMessage) : row.answer,
      }))
    },

    /** Lines with `seq` in (after, before), oldest first: the newest `limit` of them, or the oldest with `fromStart`. */
    async read(
      streamId: string,
      {
        after = 0,
        before,
        limit,
        fromStart = false,
      }: { after?: number; before?: number; limit: number; fromStart?: boolean },
    ): Promise<ChatMessage[]> {
      const rows = await db.orm.execute<LineRow>(sql`
        select m.id, m.seq::int as seq, m.text, (extract(epoch from m.sent_at) * 1000)::float8 as sent_at_ms,
               m.author_id, u.handle, u.display_name, u.avatar, u.role, s.owner_id = m.author_id as is_owner
        from (
          select * from chat_messages
          where stream_id = ${streamId} and seq > ${after} and seq < ${before ?? Number.MAX_SAFE_INTEGER}
          order by seq ${fromStart ? sql`asc` : sql`desc`} limit ${limit}
        ) m join users u on u.id = m.author_id join streams s on s.id = m.stream_id
        order by m.seq`)
      return rows.map((row) => toMessage(streamId, row))
    },

    /** Heads of chats in one query; a chat without a head has nothing in it. */
    async heads(topics: readonly string[]): Promise<Map<string, { epoch: string; seq: number }>> {
      const list = sql.join(
        topics.map((topic) => sql`${topic}`),
        sql`, `,
      )
      const rows = await db.orm.execute<{ topic: string; epoch: string; seq: number }>(
        sql`select topic, epoch, seq::float8 as seq from topic_heads where topic in (${list})`,
      )
      return new Map(rows.map(({ topic, epoch, seq }) => [topic, { epoch, seq }]))
    },
  }
}

export type ChatRepo = ReturnType<typeof createChatRepo>

type WrittenRow = {
  account_id: string
  client_id: string
  outcome: Written['outcome']
  answer: ChatMessage | string | null
}

type LineRow = {
  id: string
  seq: number
  text: string
  sent_at_ms: number
  author_id: string
  handle: string
  display_name: string
  avatar: PersonRow['avatar']
  role: ViewerRole
  is_owner: boolean
}

const toMessage = (streamId: string, row: LineRow): ChatMessage => ({
  id: row.id,
  streamId,
  seq: row.seq,
  author: authorOf(
    {
      ...{ id: row.author_id, handle: row.handle, displayName: row.display_name, role: row.role },
      avatar: row.avatar,
    },
    row.is_owner,
  ),
  text: row.text,
  sentAt: Math.floor(row.sent_at_ms),
})

const inputOf = (lines: readonly NewLine[]): string =>
  JSON.stringify(
    lines.map((line, place) => ({
      ...line,
      author_id: line.author.id,
      client_id: line.clientId,
      input_hash: line.inputHash,
      place,
    })),
  )

/**
 * known: answers given before to these clientIds · fresh: the lines that are new, numbered · head: takes as many numbers,
 * and with its row lock puts commits of one chat in the order of their numbers · lines, keys: what is written; names and
 * pictures of authors are those of the moment, as a socket may be older than they are. $1: lines as JSON, $2: stream, $3:
 * topic. An answer is kept for a day: longer than any client goes on repeating a line it got no answer for.
 *
 * Known answers and authors are looked up line by line. As a plain join, a plan made while the answers were few reads all of
 * them, and is kept while they grow (measured: 5 ms a line after 3 000 lines); and one that knows the figures of the tables
 * reads all of 2 000 users for a single line, as PostgreSQL takes whatever comes out of JSON for a hundred rows.
 */
const WRITE = `
  with input as (
    select * from jsonb_to_recordset($1::text::jsonb)
      as i(id uuid, client_id uuid, author_id uuid, author jsonb, text text, input_hash text, place int)
  ), known as (
    select k.* from input i cross join lateral (
      select k.account_id, k.client_id, k.input_hash, k.answer from idempotency_keys k
      where k.account_id = i.author_id and k.call = 'chat:send' and k.client_id = i.client_id limit 1
    ) k
  ), fresh as (
    select i.*, row_number() over (order by i.place) as nth, count(*) over () as total from input i
    where not exists (select 1 from known k where k.account_id = i.author_id and k.client_id = i.client_id)
  ), head as (
    update topic_heads set seq = seq + (select count(*) from fresh)
    where topic = $3::text and exists (select 1 from fresh)
    returning seq, clock_timestamp() as sent_at
  ), numbered as (
    select f.*, h.seq - f.total + f.nth as seq, date_trunc('milliseconds', h.sent_at) as sent_at from fresh f cross join head h
  ), lines as (
    insert into chat_messages (stream_id, seq, sent_at, id, author_id, text)
    select $2::text::uuid, seq, sent_at, id, author_id, text from numbered
  ), keys as (
    insert into idempotency_keys (account_id, call, client_id, input_hash, answer, expires_at)
    select n.author_id, 'chat:send', n.client_id, n.input_hash, jsonb_build_object(
      'id', n.id, 'streamId', $2::text, 'seq', n.seq, 'author', n.author || case when u.id is null then '{}'
        else jsonb_build_object('displayName', u.display_name, 'avatar', u.avatar) end, 'text', n.text,
      'sentAt', floor(extract(epoch from n.sent_at) * 1000)::bigint), now() + interval '1 day'
    from numbered n left join lateral (select * from users where id = n.author_id limit 1) u on true
    returning account_id, client_id, answer
  )
  select account_id, client_id, 'new' as outcome, answer from keys
  union all
  select k.account_id, k.client_id, case when k.input_hash = i.input_hash then 'repeat' else 'conflict' end, k.answer
  from known k join input i on k.account_id = i.author_id and k.client_id = i.client_id`
