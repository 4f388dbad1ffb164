import { createHash, randomBytes } from 'node:crypto'
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import { apiTokens, users } from '../../../../drizzle/schema/index.ts'
import type { TokenScope } from '../../../core/access/scopes.ts'
import type { Database } from '../../db.ts'

/** Scanners for secrets find tokens by it, in code that was published by mistake. */
const PREFIX = 'sf_pat_'
/** 256 bits: can't be guessed, so that neither salt nor slow hash is needed to store it. */
const TOKEN_BYTES = 32
const FORM = /^sf_pat_[\w-]{43}$/
/** When it was last used is for people: to the minute is enough, and a busy token does not write at every request. */
const USED_EVERY = sql`interval '1 minute'`
/** Enough to tell two tokens apart, far too little to help in guessing one. */
const HINT_CHARS = 4

/** An API token as it came with a request. */
export type FoundApiToken = {
  id: string
  userId: string
  handle: string
  displayName: string
  scopes: TokenScope[]
}

/** A new token, the hash under which it is stored, and its last characters. */
export function makeApiToken(): { token: string; hash: string; hint: string } {
  const token = `${PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`
  return { token, hash: hashOf(token), hint: token.slice(-HINT_CHARS) }
}

/** Whether a bearer says that it is an API token, valid or not. */
export const isApiToken = (bearer: string): boolean => bearer.startsWith(PREFIX)

/** The token of a bearer; undefined when there is none, it has expired, or its account is deleted. */
export async function findApiToken(orm: Database['orm'], bearer: string): Promise<FoundApiToken | undefined> {
  if (!FORM.test(bearer)) return undefined
  const { handle, displayName } = users
  const [row] = await orm
    .select({
      ...{ id: apiTokens.id, userId: apiTokens.userId, handle, displayName, scopes: apiTokens.scopes },
      isUseOld: sql<boolean>`coalesce(${apiTokens.lastUsedAt} < now() - ${USED_EVERY}, true)`,
    })
    .from(apiTokens)
    .innerJoin(users, eq(users.id, apiTokens.userId))
    .where(
      and(eq(apiTokens.hash, hashOf(bearer)), gt(apiTokens.expiresAt, sql`now()`), isNull(users.deletedAt)),
    )
  if (!row) return undefined
  const { isUseOld, scopes, ...token } = row
  if (isUseOld) await orm.update(apiTokens).set({ lastUsedAt: sql`now()` }).where(eq(apiTokens.id, row.id))
  return { ...token, scopes: scopes as TokenScope[] }
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')
