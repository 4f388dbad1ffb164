import { and, eq, gte, inArray, lt, type SQL, sql } from 'drizzle-orm'
import { personColumns } from '../../../drizzle/schema/accounts.ts'
import { auditLog, users } from '../../../drizzle/schema/index.ts'
import type { RouteResponse } from '../../contract/index.ts'
import type { AuditField } from '../../core/access/audit-actions.ts'
import { newId } from '../../core/ids.ts'
import { fromCursor, toPage } from '../../core/paging/cursor.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database, Tx } from '../../infra/db.ts'
import { networkOf } from './audit.network.ts'

export type AuditEntry = RouteResponse<'auditLog'>['entries'][number]

/** Who does something by special rights, and the address of their request. */
export type Actor = { viewer: Viewer; address: string }

/** How something was or is; the pages of staff have words for these fields alone. */
type State = Partial<{ [field in AuditField]: unknown }>

type Record = {
  actor: Actor
  action: AuditEntry['action']
  /** The account that it is done to. */
  subjectId: string
  reason?: string
  before?: State
  after?: State
}

type Filter = {
  cursor?: string | undefined
  action?: AuditEntry['action'] | undefined
  actorId?: string | undefined
  subjectId?: string | undefined
  /** Handles, in lower case. */
  actor?: string | undefined
  subject?: string | undefined
  since?: number | undefined
  until?: number | undefined
}

const PAGE_ROWS = 50

/** The log of what was done by special rights: written in the transaction that does it, read in pages, never changed. */
export function createAuditService({ db }: { db: Database }) {
  /** Names of accounts that are there still. */
  async function peopleOf(ids: readonly string[]) {
    const found = await db.orm
      .select(personColumns)
      .from(users)
      .where(inArray(users.id, [...new Set(ids)]))
    return new Map(found.map((person) => [person.id, person]))
  }

  return {
    /** Never give it secrets: everything in `before` and `after` is shown to admins. */
    async write(tx: Tx, { actor, action, subjectId, reason = '', before = {}, after = {} }: Record) {
      const network = networkOf(actor.address)
      const actorId = actor.viewer.account?.id ?? null
      await tx
        .insert(auditLog)
        .values({ id: newId(), actorId, action, subjectId, reason, before, after, network })
    },

    /** One page of entries, the newest first. Errors: `invalid_input` (no cursor). */
    async page(filter: Filter, { isNetworkShown }: { isNetworkShown: boolean }) {
      const from = fromCursor(filter.cursor)
      const { id, at } = auditLog
      const found = await db.orm
        .select()
        .from(auditLog)
        .where(
          and(
            ...conditionsOf(filter),
            from && sql`(${at}, ${id}) < (${from.at.toISOString()}::timestamptz, ${from.id}::uuid)`,
          ),
        )
        .orderBy(sql`${at} desc, ${id} desc`)
        .limit(PAGE_ROWS + 1)
      const { rows, nextCursor } = toPage(found, PAGE_ROWS, (row) => row)
      const people = await peopleOf(rows.flatMap((row) => [row.actorId ?? [], row.subjectId].flat()))
      const entries = rows.map(
        (row): AuditEntry => ({
          ...{ id: row.id, at: row.at.getTime(), reason: row.reason },
          action: row.action as AuditEntry['action'],
          actor: people.get(row.actorId ?? '') ?? null,
          subject: people.get(row.subjectId) ?? null,
          before: row.before as AuditEntry['before'],
          after: row.after as AuditEntry['after'],
          network: isNetworkShown ? row.network : null,
        }),
      )
      return { entries, nextCursor }
    },
  }
}

export type AuditService = ReturnType<typeof createAuditService>

/** The id behind a handle, found once per query; nobody's is null, which nothing equals. */
const idOf = (handle: string) => sql`(select ${users.id} from ${users} where ${users.handle} = ${handle})`

function conditionsOf(filter: Filter): (SQL | undefined)[] {
  const { action, actorId, subjectId, actor, subject, since, until } = filter
  return [
    action && eq(auditLog.action, action),
    actorId ? eq(auditLog.actorId, actorId) : undefined,
    subjectId ? eq(auditLog.subjectId, subjectId) : undefined,
    actor === undefined ? undefined : eq(auditLog.actorId, idOf(actor)),
    subject === undefined ? undefined : eq(auditLog.subjectId, idOf(subject)),
    since === undefined ? undefined : gte(auditLog.at, new Date(since)),
    until === undefined ? undefined : lt(auditLog.at, new Date(until)),
  ]
}
