import { AppError } from '../../../core/errors.ts'
import type { Limits } from '../../../core/ports.ts'
import type { Clock } from '../../../core/time.ts'
import type { Database } from '../../../infra/db.ts'
import { enqueueText } from '../accounts.jobs.ts'
import * as repo from '../accounts.repo.ts'
import { countMessage } from '../joining/registration.ts'
import type { PhoneCodes } from './phone-codes.ts'

export type Contacts = {
  email: string | null
  phone: string | null
  pendingEmail: string | null
  pendingPhone: string | null
}

export type PhoneChanges = {
  contacts(userId: string): Promise<Contacts>
  /** Texts a code. To a number that has an account goes a notice instead; the answer is the same. */
  changePhone(userId: string, phone: string, origin: string): Promise<void>
  /** Throws `expired` for a code that is wrong, used or old, `conflict` where the number was taken meanwhile. */
  verifyPhone(userId: string, code: string): Promise<void>
  /** Throws `conflict` where the account has no mail address: nobody could ever reset its password. */
  removePhone(userId: string): Promise<void>
}

type Deps = { db: Database; limits: Limits; phoneCodes: PhoneCodes; clock: Clock }

export function createPhoneChanges({ db, limits, phoneCodes, clock }: Deps): PhoneChanges {
  const now = () => new Date(clock.nowMs())
  return {
    async contacts(userId) {
      const found = await repo.findCredentialsOf(db.orm, userId)
      return {
        email: found?.email ?? null,
        phone: found?.phone ?? null,
        pendingEmail: (await repo.findPendingEmail(db.orm, userId, now())) ?? null,
        pendingPhone: (await phoneCodes.pending(userId)) ?? null,
      }
    },
    async changePhone(userId, phone, origin) {
      await countMessage(limits, { phone })
      await db.withTx(async (tx) => {
        await phoneCodes.revoke(tx, userId)
        await enqueueText(tx, { kind: 'change', userId, phone, origin })
      })
    },
    async verifyPhone(userId, code) {
      const phone = await phoneCodes.redeem(userId, code)
      if (phone === undefined) throw new AppError('expired', 'This code is wrong or has expired.')
      await db.withTx(async (tx) => {
        await repo.lockSubject(tx, `phone:${phone}`)
        await repo.lockSubject(tx, `credentials:${userId}`)
        await repo.deleteUnverified(tx, [{ phone }])
        const owner = await repo.findCredentials(tx, { phone })
        if (owner && owner.userId !== userId)
          throw new AppError('conflict', 'This number belongs to another account by now.', { field: 'phone' })
        const change = { phone, phoneVerifiedAt: now() }
        if (!(await repo.changeCredentials(tx, userId, change, now())))
          await repo.insertCredentials(tx, { userId, ...change })
      })
    },
    async removePhone(userId) {
      await db.withTx(async (tx) => {
        await repo.lockSubject(tx, `credentials:${userId}`)
        const found = await repo.findCredentialsOf(tx, userId)
        if (!found?.phone) return
        if (!found.email)
          throw new AppError('conflict', 'Add a mail address first: nothing else leads into this account.', {
            field: 'phone',
          })
        await repo.changeCredentials(tx, userId, { phone: null, phoneVerifiedAt: null }, now())
      })
    },
  }
}
