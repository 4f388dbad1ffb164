import { z } from 'zod'
import type { Mailer } from '../../core/ports.ts'
import { type Clock, DAY_MS } from '../../core/time.ts'
import type { LoginSessions } from '../../infra/access/login-sessions.ts'
import type { Database } from '../../infra/db.ts'
import { defineJob, handleJob, type JobHandler } from '../../infra/jobs.ts'
import { addressInUseMail, verificationMail } from './accounts.mails.ts'
import * as repo from './accounts.repo.ts'
import { makeToken } from './accounts.tokens.ts'

/** Asks for one mail. The token is made only when the mail is sent, so that none lies readable in the queue. */
export const accountMail = defineJob({
  name: 'accounts.mail',
  payload: z.object({
    kind: z.enum(['verify', 'address_in_use']),
    userId: z.uuid(),
    /** Origin that links in the mail begin with. */
    origin: z.url(),
  }),
  // With growing pauses this goes on for about half a day, longer than most mail servers are away.
  maxAttempts: 14,
})

const accountSweep = defineJob({
  name: 'accounts.sweep',
  payload: z.unknown(),
  // It comes again by itself within the hour.
  maxAttempts: 3,
})

/** A mail may lie unread over night. */
const VERIFICATION_LIFE_MS = DAY_MS
/** Until then the mail can be asked for again; afterwards handle and address are free for somebody else. */
const UNVERIFIED_LIFE_MS = 7 * DAY_MS
/** Hourly, away from the full hour when everybody's jobs run. */
const SWEEP_CRON = '17 * * * *'

type Deps = { db: Database; mailer: Mailer; sessions: LoginSessions; clock: Clock }

export const accountJobs = (deps: Deps): JobHandler[] => [
  handleJob(accountMail, (payload) => sendAccountMail(deps, payload)),
  handleJob(
    accountSweep,
    async () => {
      const nowMs = deps.clock.nowMs()
      await repo.sweep(deps.db.orm, new Date(nowMs), new Date(nowMs - UNVERIFIED_LIFE_MS))
      await deps.sessions.sweepExpired()
    },
    SWEEP_CRON,
  ),
]

async function sendAccountMail(
  { db, mailer, clock }: Deps,
  { kind, userId, origin }: z.output<typeof accountMail.payload>,
): Promise<void> {
  const account = await repo.findCredentialsOf(db.orm, userId)
  // Deleted, or verified meanwhile through an earlier mail: nobody waits for this one.
  if (!account || (kind === 'verify' && account.emailVerifiedAt)) return
  if (kind === 'address_in_use') {
    await mailer.send(addressInUseMail(account.email, account.handle, `${origin}/sign-in`))
    return
  }
  const { token, hash } = makeToken()
  const expiresAt = new Date(clock.nowMs() + VERIFICATION_LIFE_MS)
  await db.withTx((tx) => repo.insertToken(tx, { id: hash, kind: 'verify_email', userId, expiresAt }))
  await mailer.send(verificationMail(account.email, account.handle, `${origin}/verify?token=${token}`))
}
