import { can } from '../../../core/access/permissions.ts'
import { AppError } from '../../../core/errors.ts'
import { newId, type UserId } from '../../../core/ids.ts'
import type { LimitRule, Limits } from '../../../core/ports.ts'
import { type Clock, HOUR_MS, MINUTE_MS } from '../../../core/time.ts'
import type { Viewer, ViewerId } from '../../../core/viewer.ts'
import type { Database, Tx } from '../../../infra/db.ts'
import type { Passwords } from '../accounts.passwords.ts'
import * as repo from '../accounts.repo.ts'
import { makeToken } from '../accounts.tokens.ts'
import type { PasswordRule } from '../security/guessable.ts'
import { type AccountView, requireAccount } from '../security/signed-in.ts'

export type FirstAdmin = {
  /** A token that signs this account in once, within an hour. */
  createLoginLink(userId: string): Promise<string>
  /**
   * Gives an admin that a login link opened its mail address and password. Whoever runs the server vouches for it, so
   * the address counts as proven; nobody else may say so of theirs (`forbidden`). Throws `conflict` when it has them
   * already (`{ field: 'password' }`) or the address is somebody's (`{ field: 'email' }`), and `invalid_input` for a
   * password that is easily guessed.
   */
  setCredentials(userId: string, input: { email: string; password: string }): Promise<AccountView>
  /** Makes the first admin where there is none, and a login link for it until it has a password; then undefined. */
  firstAdminLink(): Promise<string | undefined>
}

type Deps = {
  db: Database
  limits: Limits
  passwords: Passwords
  passwordRule: PasswordRule
  clock: Clock
  createStream: (tx: Tx, ownerId: UserId) => Promise<string>
}

/** Whoever asked for a login link is about to click it. */
const LOGIN_LINK_LIFE_MS = HOUR_MS
/** Each hashes a password; nobody needs more than a few. */
const CREDENTIALS_LIMIT: LimitRule = { credits: 10, perMs: 10 * MINUTE_MS }

export const createFirstAdmin = (deps: Deps): FirstAdmin => ({
  createLoginLink: (userId) => deps.db.withTx((tx) => createLoginLink(tx, userId, deps.clock)),
  setCredentials: (userId, input) => setCredentials(deps, userId, input),
  firstAdminLink: () => firstAdminLink(deps),
})

async function setCredentials(
  { db, limits, passwords, passwordRule, clock }: Deps,
  userId: string,
  { email, password }: { email: string; password: string },
): Promise<AccountView> {
  await limits.take(`credentials:${userId}`, CREDENTIALS_LIMIT)
  const passwordHash = await passwords.hash(password)
  return await db.withTx(async (tx) => {
    await repo.lockSubject(tx, `email:${email}`)
    await repo.lockSubject(tx, `credentials:${userId}`)
    const account = await requireAccount(tx, userId)
    passwordRule.requireUnguessable(password, { handle: account.handle, email })
    if (await repo.findCredentialsOf(tx, userId))
      throw new AppError('conflict', 'This account has a mail address and a password already.', {
        field: 'password',
      })
    if (!can(toViewer(account), 'credentials:vouch')) throw new AppError('forbidden')
    await repo.deleteUnverified(tx, [{ email }])
    if (await repo.findCredentials(tx, { email }))
      throw new AppError('conflict', 'There is an account with this mail address.', { field: 'email' })
    const emailVerifiedAt = new Date(clock.nowMs())
    await repo.insertCredentials(tx, { userId, email, passwordHash, emailVerifiedAt })
    await repo.deleteTokensOf(tx, userId, ['login_link'])
    return await requireAccount(tx, userId)
  })
}

/** As the transaction has them, whatever the session said when it began. */
const toViewer = ({ id, handle, displayName, role }: AccountView): Viewer => ({
  id: id as ViewerId,
  account: { id, handle, displayName, role },
})

async function firstAdminLink({ db, createStream, clock }: Deps): Promise<string | undefined> {
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
