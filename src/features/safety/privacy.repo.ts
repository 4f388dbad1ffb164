import { eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { accountPrivacy } from '../../../drizzle/schema/index.ts'
import type { Privacy as PrivacySchema } from '../../contract/safety.ts'
import type { Database, Tx } from '../../infra/db.ts'

export type Privacy = z.output<typeof PrivacySchema>

/** Of an account that never changed anything. */
const OPEN: Privacy = { isPrivate: false, comments: 'everyone', mentions: 'everyone', messages: 'everyone' }

const columns = {
  isPrivate: accountPrivacy.isPrivate,
  comments: accountPrivacy.comments,
  mentions: accountPrivacy.mentions,
  messages: accountPrivacy.messages,
}

export function createPrivacyRepo(db: Database) {
  return {
    async read(accountId: string, orm: Pick<Tx, 'select'> = db.orm): Promise<Privacy> {
      const [row] = await orm.select(columns).from(accountPrivacy).where(eq(accountPrivacy.userId, accountId))
      return row ?? OPEN
    },

    async write(tx: Tx, accountId: string, privacy: Privacy): Promise<void> {
      await tx
        .insert(accountPrivacy)
        .values({ userId: accountId, ...privacy })
        .onConflictDoUpdate({ target: accountPrivacy.userId, set: { ...privacy, updatedAt: sql`now()` } })
    },
  }
}

export type PrivacyRepo = ReturnType<typeof createPrivacyRepo>
