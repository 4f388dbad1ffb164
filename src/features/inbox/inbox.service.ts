import { newId } from '../../core/ids.ts'
import type { Mail, Mailer, Sms, SmsSender } from '../../core/ports.ts'
import type { Database } from '../../infra/db.ts'
import * as repo from './inbox.repo.ts'

export type InboxMail = Mail & { id: string; sentAt: number }
export type InboxText = Sms & { id: string; sentAt: number }

/** Where mails and texts land on a server that sends none: what was sent can be read again. */
export type InboxService = Mailer &
  SmsSender & {
    /** The newest 50 of each, newest first. */
    list(): Promise<{ mails: InboxMail[]; texts: InboxText[] }>
  }

/** One page; who looks for a mail looks for one of the last. */
const SHOWN = 50
/** Enough to look back over a day of trying things out. */
const KEPT = 200

export const createInbox = ({ db }: { db: Database }): InboxService => ({
  async send({ to, subject, text, html }) {
    await db.withTx(async (tx) => {
      await repo.insertMail(tx, { id: newId(), recipient: to, subject, text, html })
      await repo.keepNewestMails(tx, KEPT)
    })
  },
  async sendText({ to, text }) {
    await db.withTx(async (tx) => {
      await repo.insertText(tx, { id: newId(), recipient: to, text })
      await repo.keepNewestTexts(tx, KEPT)
    })
  },
  async list() {
    const mails = await repo.listNewestMails(db.orm, SHOWN)
    const texts = await repo.listNewestTexts(db.orm, SHOWN)
    return { mails: mails.map(shown), texts: texts.map(shown) }
  },
})

const shown = <Row extends { recipient: string; createdAt: Date }>({
  recipient,
  createdAt,
  ...row
}: Row) => ({
  ...row,
  to: recipient,
  sentAt: createdAt.getTime(),
})
