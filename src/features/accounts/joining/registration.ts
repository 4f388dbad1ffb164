import { AppError } from '../../../core/errors.ts'
import { newId, type UserId } from '../../../core/ids.ts'
import type { LimitRule, Limits } from '../../../core/ports.ts'
import { type Clock, DAY_MS, MINUTE_MS } from '../../../core/time.ts'
import type { Database, Tx } from '../../../infra/db.ts'
import { enqueue } from '../../../infra/jobs.ts'
import { enqueueMail, enqueueText, resendMessage } from '../accounts.jobs.ts'
import type { Passwords } from '../accounts.passwords.ts'
import * as repo from '../accounts.repo.ts'
import { hashToken } from '../accounts.tokens.ts'
import {
  type Contact,
  type ContactInput,
  contactKey,
  contactOf,
  isEmail,
  shadowOf,
} from '../contacts/contact.ts'
import type { PasswordRule } from '../security/guessable.ts'
import { isReservedHandle } from './handles.ts'

export type Registration = {
  /**
   * Makes an unverified account and asks for a verification mail or text; `origin` begins the links in it. A contact
   * that has an account already gets the same answer by the same work, and its owner a message that says so.
   * Throws `conflict` with `{ field: 'handle' }` for a handle that is taken or reserved, and `invalid_input` for a
   * password that is easily guessed.
   */
  register(
    input: ContactInput & { handle: string; displayName: string; password: string },
    origin: string,
  ): Promise<void>
  /** Asks for that message again, where the contact waits for one; says nothing about whether it does. */
  resend(input: ContactInput, origin: string): Promise<void>
}

export type RegistrationDeps = {
  db: Database
  limits: Limits
  passwords: Passwords
  passwordRule: PasswordRule
  clock: Clock
  /** Makes the stream of a new account and answers its id. */
  createStream: (tx: Tx, ownerId: UserId) => Promise<string>
}

/** Each of these can send a message to somebody; more would be a nuisance to them. */
const MESSAGE_LIMIT: LimitRule = { credits: 3, perMs: 10 * MINUTE_MS }
/** A text costs money, and each one brings five guesses of its code: 50 of a million in a day. */
const TEXT_DAY_LIMIT: LimitRule = { credits: 10, perMs: DAY_MS }

/** Counts one message to a contact, whoever asked for it. */
export async function countMessage(limits: Limits, contact: Contact): Promise<void> {
  await limits.take(`account-message:${contactKey(contact)}`, MESSAGE_LIMIT)
  if (!isEmail(contact)) await limits.take(`account-texts:${contact.phone}`, TEXT_DAY_LIMIT)
}

export const createRegistration = (deps: RegistrationDeps): Registration => ({
  register: (input, origin) => register(deps, input, origin),
  async resend(input, origin) {
    const contact = contactOf(input)
    await countMessage(deps.limits, contact)
    // Known or not, the same is done here; the job looks who it is.
    await deps.db.withTx((tx) =>
      enqueue(
        tx,
        resendMessage,
        { contact, origin },
        { key: `accounts.resend:${hashToken(contactKey(contact))}` },
      ),
    )
  },
})

async function register(
  { db, limits, passwords, passwordRule, createStream }: RegistrationDeps,
  input: Parameters<Registration['register']>[0],
  origin: string,
): Promise<void> {
  const { handle, displayName } = input
  const contact = contactOf(input)
  if (isReservedHandle(handle)) throw handleTaken()
  passwordRule.requireUnguessable(input.password, input)
  await countMessage(limits, contact)
  const passwordHash = await passwords.hash(input.password)
  await db.withTx(async (tx) => {
    await repo.lockSubject(tx, contactKey(contact))
    // Whoever registers a contact last wins: who was first may not own it, and must not keep its owner out.
    await repo.deleteUnverified(tx, [contact, shadowOf(contact)])
    const owner = await repo.findCredentials(tx, contact)
    const userId = newId<UserId>()
    if (!(await repo.insertAccount(tx, { id: userId, handle, displayName, role: 'member' })))
      throw handleTaken()
    await createStream(tx, userId)
    await repo.insertCredentials(tx, { userId, ...(owner ? shadowOf(contact) : contact), passwordHash })
    const [kind, about] = owner ? (['in_use', owner.userId] as const) : (['verify', userId] as const)
    if (isEmail(contact))
      await enqueueMail(tx, kind === 'verify' ? 'verify' : 'address_in_use', about, origin)
    else await enqueueText(tx, { kind, userId: about, phone: contact.phone, origin })
  })
}

export const handleTaken = () => new AppError('conflict', 'This handle is taken.', { field: 'handle' })
