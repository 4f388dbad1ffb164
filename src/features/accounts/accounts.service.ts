import type { z } from 'zod'
import type { Account } from '../../contract/accounts.ts'
import { AppError } from '../../core/errors.ts'
import { newId, type UserId } from '../../core/ids.ts'
import type { LimitRule, Limits } from '../../core/ports.ts'
import { type Clock, HOUR_MS, MINUTE_MS } from '../../core/time.ts'
import type { LoginSessions } from '../../infra/access/login-sessions.ts'
import type { Database, Tx } from '../../infra/db.ts'
import { enqueue } from '../../infra/jobs.ts'
import { isReservedHandle } from './accounts.handles.ts'
import { accountMail } from './accounts.jobs.ts'
import type { Passwords } from './accounts.passwords.ts'
import * as repo from './accounts.repo.ts'
import { hashToken, makeToken } from './accounts.tokens.ts'

export type AccountView = z.output<typeof Account>
/** A new login session: the account, and the secret that its browser or client keeps. */
export type SignedIn = { account: AccountView; secret: string }

export type AccountsService = {
  /**
   * Makes an unverified account and asks for a verification mail; `origin` begins the links in it. An address that has
   * an account already gets the same answer by the same work, and its owner a mail that says so.
   * Throws `conflict` with `{ field: 'handle' }` for a handle that is taken or reserved.
   */
  register(
    input: { handle: string; displayName: string; email: string; password: string },
    origin: string,
  ): Promise<void>
  /** Asks for the verification mail again, where the address waits for one; says nothing about whether it does. */
  resend(email: string, origin: string): Promise<void>
  /** Redeems a verification token; throws `expired` when it was used, has expired or never was. */
  verify(token: string): Promise<SignedIn>
  /** Throws `unauthenticated` for a wrong pair, `forbidden` with `{ reason: 'unverified' }` for a right one that waits, or `{ reason: 'banned' }`. */
  signIn(input: { email: string; password: string }): Promise<SignedIn>
  /** Redeems a login link; throws `expired`. */
  signInByLink(token: string): Promise<SignedIn>
  /** Ends the session of a secret; ending one that is none changes nothing. */
  signOut(secret: string): Promise<void>
  /** A token that signs this account in once, within an hour. */
  createLoginLink(userId: string): Promise<string>
  /**
   * Gives an account that a login link opened its mail address and password. Whoever runs the server vouches for it, so
   * the address counts as proven. Throws `conflict` when it has them already (`{ field: 'password' }`) or the address is
   * somebody's (`{ field: 'email' }`).
   */
  setCredentials(userId: string, input: { email: string; password: string }): Promise<AccountView>
  /** The account, or undefined when it does not exist or is deleted. */
  find(userId: string): Promise<AccountView | undefined>
  /** Makes the first admin where there is none, and a login link for it until it has a password; then undefined. */
  firstAdminLink(): Promise<string | undefined>
}

export type AccountsDeps = {
  db: Database
  sessions: LoginSessions
  limits: Limits
  passwords: Passwords
  clock: Clock
  /** Makes the stream of a new account and answers its id. */
  createStream: (tx: Tx, ownerId: UserId) => Promise<string>
  /** Throws `forbidden` with `{ reason: 'banned' }` for a banned account; nobody bans it until the transaction ends. */
  mustNotBeBanned: (tx: Tx, userId: string) => Promise<void>
  /** Told after a session has ended, so that its open sockets end too. */
  onSessionEnded?: (publicId: string) => void
}

/** Per mail address, from wherever the attempts come: far below what guessing needs (NIST SP 800-63B: 100 at most). */
const SIGN_IN_LIMIT: LimitRule = { credits: 10, perMs: 10 * MINUTE_MS }
/** Each of these can send a mail to the address; more would be a nuisance to its owner. */
const MAIL_LIMIT: LimitRule = { credits: 3, perMs: 10 * MINUTE_MS }
/** Whoever asked for a login link is about to click it. */
const LOGIN_LINK_LIFE_MS = HOUR_MS

export function createAccounts(deps: AccountsDeps): AccountsService {
  const { db, sessions, clock } = deps
  const now = () => new Date(clock.nowMs())

  async function redeem(
    token: string,
    kind: repo.TokenKind,
    before?: (tx: Tx, userId: string) => Promise<void>,
  ) {
    return await db.withTx(async (tx) => {
      const userId = await repo.takeToken(tx, hashToken(token), kind, now())
      if (userId === undefined) throw new AppError('expired')
      await before?.(tx, userId)
      return await begin(deps, tx, userId)
    })
  }

  return {
    register: (input, origin) => register(deps, input, origin),
    async resend(email, origin) {
      await deps.limits.take(`account-mail:${email}`, MAIL_LIMIT)
      await db.withTx(async (tx) => {
        const found = await repo.findCredentialsByEmail(tx, email)
        if (found && !found.emailVerifiedAt) await enqueueMail(tx, 'verify', found.userId, origin)
      })
    },
    verify: (token) =>
      redeem(token, 'verify_email', async (tx, userId) => {
        await repo.markVerified(tx, userId, now())
        await repo.deleteTokensOf(tx, userId, 'verify_email')
      }),
    signIn: (input) => signIn(deps, input),
    signInByLink: (token) => redeem(token, 'login_link'),
    async signOut(secret) {
      const session = await sessions.find(secret)
      await sessions.end(secret)
      if (session) deps.onSessionEnded?.(session.publicId)
    },
    createLoginLink: (userId) => db.withTx((tx) => createLoginLink(tx, userId, clock)),
    setCredentials: (userId, input) => setCredentials(deps, userId, input),
    find: (userId) => repo.findAccount(db.orm, userId),
    firstAdminLink: () => firstAdminLink(deps),
  }
}

async function register(
  { db, limits, passwords, createStream }: AccountsDeps,
  input: Parameters<AccountsService['register']>[0],
  origin: string,
): Promise<void> {
  const { handle, displayName, email } = input
  if (isReservedHandle(handle)) throw handleTaken()
  await limits.take(`account-mail:${email}`, MAIL_LIMIT)
  const passwordHash = await passwords.hash(input.password)
  await db.withTx(async (tx) => {
    await repo.lockSubject(tx, `email:${email}`)
    // Whoever registers an address last wins: who was first may not own it, and must not keep its owner out.
    await repo.deleteUnverified(tx, [email, shadowOf(email)])
    const owner = await repo.findCredentialsByEmail(tx, email)
    const userId = newId<UserId>()
    if (!(await repo.insertAccount(tx, { id: userId, handle, displayName, role: 'member' })))
      throw handleTaken()
    await createStream(tx, userId)
    await repo.insertCredentials(tx, { userId, email: owner ? shadowOf(email) : email, passwordHash })
    if (owner) await enqueueMail(tx, 'address_in_use', owner.userId, origin)
    else await enqueueMail(tx, 'verify', userId, origin)
  })
}

/**
 * What stands in place of an address that has an account already: an account that can never be verified nor signed in to
 * (it is no mail address) and is swept like any that was not verified. Without it, whether the handle is taken afterwards
 * would tell whether the address was.
 */
const shadowOf = (email: string) => `in-use:${email}`

async function signIn(
  deps: AccountsDeps,
  { email, password }: { email: string; password: string },
): Promise<SignedIn> {
  const { db, limits, passwords } = deps
  await limits.take(`sign-in:${email}`, SIGN_IN_LIMIT)
  const found = await repo.findCredentialsByEmail(db.orm, email)
  if (!(await passwords.verify(found?.passwordHash, password)) || !found)
    throw new AppError('unauthenticated', 'This mail address and this password do not belong together.')
  if (!found.emailVerifiedAt)
    throw new AppError('forbidden', 'Confirm your mail address first.', { reason: 'unverified' })
  return await db.withTx((tx) => begin(deps, tx, found.userId))
}

async function setCredentials(
  { db, limits, passwords, clock }: AccountsDeps,
  userId: string,
  { email, password }: { email: string; password: string },
): Promise<AccountView> {
  await limits.take(`credentials:${userId}`, SIGN_IN_LIMIT)
  const passwordHash = await passwords.hash(password)
  return await db.withTx(async (tx) => {
    await repo.lockSubject(tx, `email:${email}`)
    await repo.lockSubject(tx, `credentials:${userId}`)
    if (await repo.findCredentialsOf(tx, userId))
      throw new AppError('conflict', 'This account has a mail address and a password already.', {
        field: 'password',
      })
    await repo.deleteUnverified(tx, [email])
    if (await repo.findCredentialsByEmail(tx, email))
      throw new AppError('conflict', 'There is an account with this mail address.', { field: 'email' })
    await repo.insertCredentials(tx, {
      userId,
      email,
      passwordHash,
      emailVerifiedAt: new Date(clock.nowMs()),
    })
    await repo.deleteTokensOf(tx, userId, 'login_link')
    return await requireAccount(tx, userId)
  })
}

async function firstAdminLink({ db, createStream, clock }: AccountsDeps): Promise<string | undefined> {
  return await db.withTx(async (tx) => {
    await repo.lockSubject(tx, 'first-admin')
    const admins = await repo.listAdmins(tx)
    if (admins.some((admin) => admin.hasPassword)) return undefined
    const first = admins[0]
    if (first) return await createLoginLink(tx, first.id, clock)
    const id = newId<UserId>()
    const admin = { id, displayName: 'Admin', role: 'admin' } as const
    // `admin` is reserved, so only an admin that was deleted can have it.
    const isMade =
      (await repo.insertAccount(tx, { ...admin, handle: 'admin' })) ||
      (await repo.insertAccount(tx, { ...admin, handle: `admin_${id.slice(-12)}` }))
    if (!isMade) throw new AppError('conflict', 'No handle is left for the first admin.')
    await createStream(tx, id)
    return await createLoginLink(tx, id, clock)
  })
}

async function createLoginLink(tx: Tx, userId: string, clock: Clock): Promise<string> {
  const { token, hash } = makeToken()
  const expiresAt = new Date(clock.nowMs() + LOGIN_LINK_LIFE_MS)
  await repo.insertToken(tx, { id: hash, kind: 'login_link', userId, expiresAt })
  return token
}

async function begin({ sessions, mustNotBeBanned }: AccountsDeps, tx: Tx, userId: string): Promise<SignedIn> {
  await mustNotBeBanned(tx, userId)
  const account = await requireAccount(tx, userId)
  const { secret } = await sessions.begin(tx, userId)
  return { account, secret }
}

async function requireAccount(tx: Tx, userId: string): Promise<AccountView> {
  const account = await repo.findAccount(tx, userId)
  if (!account) throw new AppError('not_found')
  return account
}

// One waiting mail of a kind per account is enough: a later wish replaces one that was not sent yet.
const enqueueMail = (tx: Tx, kind: 'verify' | 'address_in_use', userId: string, origin: string) =>
  enqueue(tx, accountMail, { kind, userId, origin }, { key: `accounts.mail:${kind}:${userId}` })

const handleTaken = () => new AppError('conflict', 'This handle is taken.', { field: 'handle' })
