import { desc, notInArray } from 'drizzle-orm'
import { inboxMails } from '../../../drizzle/schema/inbox.ts'
import type { Database, Tx } from '../../infra/db.ts'

export async function insertMail(tx: Tx, mail: typeof inboxMails.$inferInsert): Promise<void> {
  await tx.insert(inboxMails).values(mail)
}

export async function listNewest(db: Database['orm'], limit: number) {
  return await db
    .select()
    .from(inboxMails)
    .orderBy(desc(inboxMails.createdAt), desc(inboxMails.id))
    .limit(limit)
}

export async function keepNewest(tx: Tx, count: number): Promise<void> {
  const newest = tx
    .select({ id: inboxMails.id })
    .from(inboxMails)
    .orderBy(desc(inboxMails.createdAt), desc(inboxMails.id))
    .limit(count)
  await tx.delete(inboxMails).where(notInArray(inboxMails.id, newest))
}
