import { z } from 'zod'
import type { Mailer, SmsSender } from '../../core/ports.ts'
import { type Clock, DAY_MS, HOUR_MS } from '../../core/time.ts'
import type { Database, Tx } from '../../infra/db.ts'
import { defineJob, enqueue, handleJob, type JobHandler } from '../../infra/jobs.ts'
import * as mails from './accounts.mails.ts'
import * as repo from './accounts.repo.ts'
import { makeToken } from './accounts.tokens.ts'
import { isEmail } from './contacts/contact.ts'
import type { PhoneCodes } from './contacts/phone-codes.ts'
import { codeText, inUseText, resetText } from './contacts/texts.ts'
import { sweepDevices } from './security/devices.ts'
import type { Sessions } from './security/sessions.ts'

// With growing pauses this goes on for about half a day, longer than most mail servers are away.
const MESSAGE_ATTEMPTS = 14
/** Origin that links in a message begin with. */
const origin = z.url()

/** Asks for one mail. Its token is made only when the mail is sent, so that none lies readable in the queue. */
const accountMail = defineJob({
  name: 'accounts.mail',
  payload: z.object({
    kind: z.enum([
      ...(['verify', 'address_in_use', 'change_email', 'email_changed', 'password_changed'] as const),
      ...(['export_ready', 'deletion_asked'] as const),
    ]),
    userId: z.uuid(),
    /** The new address of `change_email`, the former one of `email_changed`; else it goes to the account's own. */
    email: z.string().optional(),
    origin,
  }),
  maxAttempts: MESSAGE_ATTEMPTS,
})
type MailWish = z.output<typeof accountMail.payload>

const accountText = defineJob({
  name: 'accounts.text',
  payload: z.object({
    kind: z.enum(['verify', 'change', 'in_use']),
    userId: z.uuid(),
    phone: z.string(),
    origin,
  }),
  // A code that comes after minutes finds nobody waiting for it.
  maxAttempts: 4,
})
type TextWish = z.output<typeof accountText.payload>

const contact = z.union([z.object({ email: z.string() }), z.object({ phone: z.string() })])

/** Of a contact that may be unknown: whoever asks learns nothing, because asking is the same work. */
export const resendMessage = defineJob({
  name: 'accounts.resend',
  payload: z.object({ contact, origin }),
  maxAttempts: MESSAGE_ATTEMPTS,
})
export const resetMessage = defineJob({
  name: 'accounts.reset',
  payload: z.object({ contact, origin }),
  maxAttempts: MESSAGE_ATTEMPTS,
})

const accountSweep = defineJob({
  name: 'accounts.sweep',
  payload: z.unknown(),
  // It comes again by itself within the hour.
  maxAttempts: 3,
})

/** A mail may lie unread over night. */
const VERIFICATION_LIFE_MS = DAY_MS
/** Who asked for it waits for it; it opens the account. */
const RESET_LIFE_MS = HOUR_MS
/** The owner may be away over a week when somebody takes their address away. */
const UNDO_LIFE_MS = 7 * DAY_MS
/** Until then the mail can be asked for again; afterwards handle and address are free for somebody else. */
const UNVERIFIED_LIFE_MS = 7 * DAY_MS
/** As long as people keep a browser without coming by; forgetting one costs nothing but its own limit. */
const DEVICE_LIFE_MS = 365 * DAY_MS
/** Hourly, away from the full hour when everybody's jobs run. */
const SWEEP_CRON = '17 * * * *'

/** One waiting mail of a kind per account and address is enough: a later wish replaces one that was not sent yet. */
export const enqueueMail = (
  tx: Tx,
  kind: MailWish['kind'],
  userId: string,
  origin: string,
  email?: string,
): Promise<void> =>
  enqueue(
    tx,
    accountMail,
    { kind, userId, origin, ...(email && { email }) },
    { key: `accounts.mail:${kind}:${userId}${email ? `:${email}` : ''}` },
  )

export const enqueueText = (tx: Tx, wish: TextWish): Promise<void> =>
  enqueue(tx, accountText, wish, { key: `accounts.text:${wish.kind}:${wish.userId}` })

type Deps = {
  db: Database
  mailer: Mailer
  sms: SmsSender
  phoneCodes: PhoneCodes
  accounts: Pick<Sessions, 'sweepSessions'>
  clock: Clock
}

export const accountJobs = (deps: Deps): JobHandler[] => [
  handleJob(accountMail, (wish) => sendMail(deps, wish)),
  handleJob(accountText, (wish) => sendText(deps, wish)),
  handleJob(resendMessage, (wish) => resend(deps, wish)),
  handleJob(resetMessage, (wish) => sendReset(deps, wish)),
  handleJob(
    accountSweep,
    async () => {
      const nowMs = deps.clock.nowMs()
      await repo.sweep(deps.db.orm, new Date(nowMs), new Date(nowMs - UNVERIFIED_LIFE_MS))
      await sweepDevices(deps.db.orm, new Date(nowMs - DEVICE_LIFE_MS))
      await deps.phoneCodes.sweep()
      await deps.accounts.sweepSessions()
    },
    SWEEP_CRON,
  ),
]

type NewToken = { kind: repo.TokenKind; userId: string; email?: string; lifeMs: number }

/** Stores a new token and answers it as it stands in the message. */
async function issueToken({ db, clock }: Deps, { kind, userId, email, lifeMs }: NewToken): Promise<string> {
  const { token, hash } = makeToken()
  const now = clock.nowMs()
  const row = { id: hash, kind, userId, expiresAt: new Date(now + lifeMs), createdAt: new Date(now) }
  await db.withTx((tx) => repo.insertToken(tx, { ...row, ...(email && { email }) }))
  return token
}

async function sendMail(deps: Deps, { kind, userId, origin, email }: MailWish): Promise<void> {
  const account = await repo.findCredentialsOf(deps.db.orm, userId)
  const to = email ?? account?.email
  // Deleted meanwhile, or an account that has only a telephone number.
  if (!account || !to) return
  const link = async (path: string, token: Omit<NewToken, 'userId'>) =>
    `${origin}/${path}?token=${await issueToken(deps, { ...token, userId })}`
  if (kind === 'address_in_use')
    await deps.mailer.send(mails.addressInUseMail(to, account.handle, `${origin}/sign-in`))
  else if (kind === 'password_changed')
    await deps.mailer.send(mails.passwordChangedMail(to, account.handle, `${origin}/forgot`))
  else if (kind === 'export_ready')
    await deps.mailer.send(mails.exportReadyMail(to, account.handle, `${origin}/settings/data`))
  else if (kind === 'deletion_asked')
    await deps.mailer.send(mails.deletionAskedMail(to, account.handle, `${origin}/settings/data`))
  else if (kind === 'change_email') {
    const url = await link('confirm-email', { kind, email: to, lifeMs: VERIFICATION_LIFE_MS })
    await deps.mailer.send(mails.changeEmailMail(to, account.handle, url))
  } else if (kind === 'email_changed') {
    const url = await link('undo-email', { kind: 'undo_email', email: to, lifeMs: UNDO_LIFE_MS })
    await deps.mailer.send(mails.emailChangedMail(to, account.handle, url))
  } else if (!account.emailVerifiedAt) {
    const url = await link('verify', { kind: 'verify_email', lifeMs: VERIFICATION_LIFE_MS })
    await deps.mailer.send(mails.verificationMail(to, account.handle, url))
  }
}

async function sendText({ db, sms, phoneCodes }: Deps, { kind, userId, phone, origin }: TextWish) {
  const account = await repo.findCredentialsOf(db.orm, userId)
  const owner = await repo.findCredentials(db.orm, { phone })
  const isSomebodyElses = owner !== undefined && owner.userId !== userId && owner.phoneVerifiedAt !== null
  if (kind === 'in_use' || (kind === 'change' && isSomebodyElses))
    return await sms.sendText({ to: phone, text: inUseText(`${origin}/sign-in`) })
  // Deleted, or verified meanwhile through an earlier text: nobody waits for this one.
  const isWaiting = kind === 'change' ? account?.phone !== phone : account && !account.phoneVerifiedAt
  if (isWaiting) await sms.sendText({ to: phone, text: codeText(await phoneCodes.issue(userId, phone)) })
}

type ContactWish = z.output<typeof resetMessage.payload>

async function resend(deps: Deps, { contact, origin }: ContactWish): Promise<void> {
  const found = await repo.findCredentials(deps.db.orm, contact)
  if (!found) return
  const { userId } = found
  if (isEmail(contact)) await sendMail(deps, { kind: 'verify', userId, origin })
  else await sendText(deps, { kind: 'verify', userId, phone: contact.phone, origin })
}

/** Nothing is sent for a contact that nobody has proved: it may be a stranger's. */
async function sendReset(deps: Deps, { contact, origin }: ContactWish): Promise<void> {
  const found = await repo.findCredentials(deps.db.orm, contact)
  if (!found || !(isEmail(contact) ? found.emailVerifiedAt : found.phoneVerifiedAt)) return
  const { userId, handle } = found
  const token = await issueToken(deps, { kind: 'reset_password', userId, lifeMs: RESET_LIFE_MS })
  const url = `${origin}/reset?token=${token}`
  if (isEmail(contact)) await deps.mailer.send(mails.resetMail(contact.email, handle, url))
  else await deps.sms.sendText({ to: contact.phone, text: resetText(url) })
}
