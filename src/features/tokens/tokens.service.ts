import { and, count, desc, eq, sql } from 'drizzle-orm'
import { apiTokens } from '../../../drizzle/schema/index.ts'
import type { RouteResponse } from '../../contract/index.ts'
import type { TokenScope } from '../../core/access/scopes.ts'
import { AppError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { type Clock, DAY_MS } from '../../core/time.ts'
import { makeApiToken } from '../../infra/access/rights/api-tokens.ts'
import type { Database, Tx } from '../../infra/db.ts'
import type { Actor, AuditService } from '../audit/audit.service.ts'

type ApiToken = RouteResponse<'listTokens'>['tokens'][number]
type Wanted = { name: string; scopes: TokenScope[]; expiresInDays: number }

/** More than anybody can keep apart. */
const TOKENS_MAX = 50

type Deps = {
  db: Database
  audit: Pick<AuditService, 'write'>
  clock: Clock
  /** Ends the sockets of a token. */
  endLogin: (publicId: string) => void
}

/** Personal API tokens of an account. That only a login session gets here is said by the scopes of their routes. */
export function createTokensService({ db, audit, clock, endLogin }: Deps) {
  return {
    async list(userId: string): Promise<ApiToken[]> {
      const rows = await db.orm
        .select()
        .from(apiTokens)
        .where(eq(apiTokens.userId, userId))
        .orderBy(desc(apiTokens.createdAt), desc(apiTokens.id))
      return rows.map(toToken)
    },

    /** Makes a token; only this answer has it. Errors: `conflict` (too many). */
    async create(actor: Actor, userId: string, { name, scopes, expiresInDays }: Wanted) {
      const { token, hash, hint } = makeApiToken()
      const expiresAt = new Date(clock.nowMs() + expiresInDays * DAY_MS)
      const values = { id: newId(), userId, name, hash, hint, scopes: [...new Set(scopes)], expiresAt }
      const details = await db.withTx(async (tx) => {
        // Of two that are made at once the second counts the first.
        await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`tokens:${userId}`}, 0))`)
        const [has] = await tx.select({ tokens: count() }).from(apiTokens).where(eq(apiTokens.userId, userId))
        if ((has?.tokens ?? 0) >= TOKENS_MAX)
          throw new AppError(
            'conflict',
            `No more than ${TOKENS_MAX} API tokens are possible; revoke one first.`,
          )
        const [row] = await tx.insert(apiTokens).values(values).returning()
        if (!row) throw new Error('A token was not written.')
        const after = { tokenId: row.id, name, scopes: row.scopes, expiresAt: expiresAt.getTime() }
        await audit.write(tx, { actor, action: 'token.create', subjectId: userId, after })
        return toToken(row)
      })
      return { token, details }
    },

    /** Ends a token of this account, and its sockets. Errors: `not_found`, also for one of somebody else. */
    async revoke(actor: Actor, userId: string, tokenId: string): Promise<void> {
      await db.withTx(async (tx) => {
        const [row] = await tx
          .delete(apiTokens)
          .where(and(eq(apiTokens.id, tokenId), eq(apiTokens.userId, userId)))
          .returning({ name: apiTokens.name, scopes: apiTokens.scopes })
        if (!row) throw new AppError('not_found')
        await audit.write(tx, {
          actor,
          action: 'token.revoke',
          subjectId: userId,
          before: { tokenId, ...row },
        })
        tx.afterCommit(() => endLogin(tokenId))
      })
    },

    /** Ends all tokens of an account; answers their ids, whose sockets are to be ended after the commit. */
    async revokeAll(tx: Tx, userId: string): Promise<string[]> {
      const rows = await tx
        .delete(apiTokens)
        .where(eq(apiTokens.userId, userId))
        .returning({ id: apiTokens.id })
      return rows.map(({ id }) => id)
    },
  }
}

export type TokensService = ReturnType<typeof createTokensService>

const toToken = (row: typeof apiTokens.$inferSelect): ApiToken => ({
  ...{ id: row.id, name: row.name, hint: row.hint },
  scopes: row.scopes as TokenScope[],
  createdAt: row.createdAt.getTime(),
  expiresAt: row.expiresAt.getTime(),
  lastUsedAt: row.lastUsedAt?.getTime() ?? null,
})
