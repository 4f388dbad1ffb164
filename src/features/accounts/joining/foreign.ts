import { AppError } from '../../../core/errors.ts'
import { newId, type UserId } from '../../../core/ids.ts'
import type { Tx } from '../../../infra/db.ts'
import * as repo from '../accounts.repo.ts'
import { contactKey } from '../contacts/contact.ts'
import { isReservedHandle } from './handles.ts'
import { handleTaken, type RegistrationDeps } from './registration.ts'

export type ForeignJoining = {
  /**
   * Makes an account that a provider opens. An address that the provider verified becomes its own: whoever registered
   * that address without proving it loses the account, with its password. Throws `conflict` with `{ field: 'handle' }`,
   * or with `{ reason: 'link_first' }` where somebody has proven the address before.
   */
  create(tx: Tx, input: { handle: string; displayName: string; email?: string | undefined }): Promise<string>
  /** Whether somebody has proven this address. */
  hasEmail(email: string): Promise<boolean>
}

type Deps = Pick<RegistrationDeps, 'db' | 'clock' | 'createStream'>

export const createForeignJoining = (deps: Deps): ForeignJoining => ({
  create: (tx, input) => create(deps, tx, input),
  hasEmail: async (email) =>
    (await repo.findCredentials(deps.db.orm, { email }))?.emailVerifiedAt instanceof Date,
})

async function create(
  { createStream, clock }: Deps,
  tx: Tx,
  { handle, displayName, email }: Parameters<ForeignJoining['create']>[1],
): Promise<string> {
  const userId = newId<UserId>()
  if (isReservedHandle(handle)) throw handleTaken()
  if (email !== undefined) {
    await repo.lockSubject(tx, contactKey({ email }))
    await repo.deleteUnverified(tx, [{ email }])
    if (await repo.findCredentials(tx, { email }))
      throw new AppError('conflict', 'There is an account with this mail address.', { reason: 'link_first' })
  }
  if (!(await repo.insertAccount(tx, { id: userId, handle, displayName, role: 'member' })))
    throw handleTaken()
  await createStream(tx, userId)
  if (email !== undefined)
    await repo.insertCredentials(tx, { userId, email, emailVerifiedAt: new Date(clock.nowMs()) })
  return userId
}
