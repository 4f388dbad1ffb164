import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { type PersonRow, personColumns } from '../../../drizzle/schema/accounts.ts'
import { channelBans, users } from '../../../drizzle/schema/index.ts'
import type { Place } from '../../core/paging/cursor.ts'
import type { Database, Tx } from '../../infra/db.ts'

export type Person = PersonRow
export type Name = { accountId?: string | undefined; handle?: string | undefined }
export type BanRow = { account: Person; reason: string; until: Date | null; createdAt: Date }

type Wanted = {
  streamId: string
  accountId: string
  bannedBy: string
  reason: string
  forMs: number | undefined
}

/** One that is over counts no more. */
const isActive: SQL = sql`(${channelBans.until} is null or ${channelBans.until} > now())`

export function createBansRepo(db: Database) {
  return {
    async findPerson({ accountId, handle }: Name): Promise<Person | undefined> {
      const named = accountId === undefined ? eq(users.handle, handle ?? '') : eq(users.id, accountId)
      const [row] = await db.orm
        .select(personColumns)
        .from(users)
        .where(and(named, isNull(users.deletedAt)))
      return row
    },

    /** Bans, or changes reason and end of a ban; when it began stays, unless it was over. */
    async put(tx: Tx, { forMs, ...values }: Wanted): Promise<Omit<BanRow, 'account'>> {
      // In whole milliseconds, so that everybody is told the same end.
      const until =
        forMs === undefined
          ? sql`null`
          : sql`date_trunc('milliseconds', now() + make_interval(secs => ${forMs / 1000}))`
      const [row] = await tx
        .insert(channelBans)
        .values({ ...values, until })
        .onConflictDoUpdate({
          target: [channelBans.streamId, channelBans.accountId],
          set: {
            ...{ bannedBy: values.bannedBy, reason: values.reason, until: sql`excluded.until` },
            createdAt: sql`case when ${isActive} then ${channelBans.createdAt} else excluded.created_at end`,
          },
        })
        .returning({
          reason: channelBans.reason,
          until: channelBans.until,
          createdAt: channelBans.createdAt,
        })
      if (!row) throw new Error('A ban was not written.')
      return row
    },

    async remove(streamId: string, accountId: string): Promise<void> {
      await db.orm
        .delete(channelBans)
        .where(and(eq(channelBans.streamId, streamId), eq(channelBans.accountId, accountId)))
    },

    /** Those that count, the newest first, from a place on; `limit` at most. */
    async list(streamId: string, from: Place | undefined, limit: number): Promise<BanRow[]> {
      const before =
        from &&
        sql`(${channelBans.createdAt}, ${channelBans.accountId}) < (${from.at.toISOString()}::timestamptz, ${from.id}::uuid)`
      return db.orm
        .select({
          account: personColumns,
          reason: channelBans.reason,
          until: channelBans.until,
          createdAt: channelBans.createdAt,
        })
        .from(channelBans)
        .innerJoin(users, eq(users.id, channelBans.accountId))
        .where(and(eq(channelBans.streamId, streamId), isActive, before))
        .orderBy(sql`${channelBans.createdAt} desc, ${channelBans.accountId} desc`)
        .limit(limit)
    },
  }
}

export type BansRepo = ReturnType<typeof createBansRepo>
