import { AppError } from '../../core/errors.ts'
import { fromCursor, toPage } from '../../core/paging/cursor.ts'
import type { Database, Tx } from '../../infra/db.ts'
import type { FollowsRepo } from './follows.repo.ts'
import type { FollowWrites } from './follows.writes.ts'
import type { RequestsRepo } from './requests.repo.ts'

const PAGE_ROWS = 50
/** Let in within one transaction; as large as a batch of follows. */
const ACCEPT_MAX = 200

type Deps = {
  db: Database
  requests: RequestsRepo
  follows: Pick<FollowsRepo, 'followersAmong'>
  writes: FollowWrites
}

/** Requests to follow private accounts, as those answer them. */
export function createRequestsService({ db, requests, follows, writes }: Deps) {
  return {
    /** Lets somebody in; who is in already stays so. Errors: `not_found` (they do not ask). */
    async accept(targetId: string, requesterId: string): Promise<void> {
      const accepted = await db.withTx(async (tx) => {
        await writes.lockAccounts(tx, [targetId, requesterId])
        return writes.accept(tx, targetId, [requesterId])
      })
      if (accepted === 0 && (await follows.followersAmong(targetId, [requesterId])).length === 0)
        throw new AppError('not_found')
    },

    decline: (targetId: string, requesterId: string): Promise<void> =>
      db.withTx(async (tx) => {
        await writes.lockAccounts(tx, [targetId, requesterId])
        await writes.decline(tx, targetId, requesterId)
      }),

    /** Lets in a batch of those who wait, while `mayLetIn` holds; answers whether more may be waiting. */
    async acceptWaiting(targetId: string, mayLetIn: (tx: Tx) => Promise<boolean>): Promise<boolean> {
      const waiting = await requests.oldest(targetId, ACCEPT_MAX)
      if (waiting.length === 0) return false
      const accepted = await db.withTx(async (tx) => {
        await writes.lockAccounts(tx, [targetId, ...waiting])
        return (await mayLetIn(tx)) ? writes.accept(tx, targetId, waiting) : 0
      })
      return accepted > 0
    },

    /** One page of who asks. Errors: `invalid_input` (no cursor). */
    async list(targetId: string, cursor: string | undefined) {
      const found = await requests.list(targetId, fromCursor(cursor), PAGE_ROWS + 1)
      const { rows, nextCursor } = toPage(found, PAGE_ROWS, ({ createdAt: at, id }) => ({ at, id }))
      return {
        people: rows.map(({ createdAt, ...person }) => ({ ...person, createdAt: createdAt.getTime() })),
        nextCursor,
      }
    },
  }
}
