import { newId } from '../../core/ids.ts'
import type { Mail, Mailer } from '../../core/ports.ts'
import type { Database } from '../../infra/db.ts'
import * as repo from './inbox.repo.ts'

export type InboxMail = Mail & { id: string; sentAt: number }

/** Where mails land on a server that has no SMTP: a `Mailer` whose mails can be read again. */
export type InboxService = Mailer & {
  /** The newest 50, newest first. */
  list(): Promise<InboxMail[]>
}

/** One page; who looks for a mail looks for one of the last. */
const SHOWN = 50
/** Enough to look back over a day of trying things out. */
const KEPT = 200

export const createInbox = ({ db }: { db: Database }): InboxService => ({
  async send({ to, subject, text, html }) {
    await db.withTx(async (tx) => {
      await repo.insertMail(tx, { id: newId(), recipient: to, subject, text, html })
      await repo.keepNewest(tx, KEPT)
    })
  },
  async list() {
    const rows = await repo.listNewest(db.orm, SHOWN)
    return rows.map(({ id, recipient, subject, text, html, createdAt }) => ({
      id,
      to: recipient,
      subject,
      text,
      html,
      sentAt: createdAt.getTime(),
    }))
  },
})
