import { desc, notInArray } from 'drizzle-orm'
import { inboxMails, inboxTexts } from '../../../drizzle/schema/inbox.ts'
import type { Database, Tx } from '../../infra/db.ts'

export async function insertMail(tx: Tx, mail: typeof inboxMails.$inferInsert): Promise<void> {
  await tx.insert(inboxMails).values(mail)
}

export async function insertText(tx: Tx, text: typeof inboxTexts.$inferInsert): Promise<void> {
  await tx.insert(inboxTexts).values(text)
}

export async function listNewestMails(db: Database['orm'], limit: number) {
  return await db
    .select()
    .from(inboxMails)
    .orderBy(desc(inboxMails.createdAt), desc(inboxMails.id))
    .limit(limit)
}

export async function listNewestTexts(db: Database['orm'], limit: number) {
  return await db
    .select()
    .from(inboxTexts)
    .orderBy(desc(inboxTexts.createdAt), desc(inboxTexts.id))
    .limit(limit)
}

export async function keepNewestMails(tx: Tx, count: number): Promise<void> {
  const newest = tx
    .select({ id: inboxMails.id })
    .from(inboxMails)
    .orderBy(desc(inboxMails.createdAt), desc(inboxMails.id))
    .limit(count)
  await tx.delete(inboxMails).where(notInArray(inboxMails.id, newest))
}

export async function keepNewestTexts(tx: Tx, count: number): Promise<void> {
  const newest = tx
    .select({ id: inboxTexts.id })
    .from(inboxTexts)
    .orderBy(desc(inboxTexts.createdAt), desc(inboxTexts.id))
    .limit(count)
  await tx.delete(inboxTexts).where(notInArray(inboxTexts.id, newest))
}
