import type { z } from 'zod'
import type { Ban as BanSchema } from '../../contract/bans.ts'
import type { Calls } from '../../contract/index.ts'
import { AppError } from '../../core/errors.ts'
import { fromCursor, toPage } from '../../core/paging/cursor.ts'
import type { Topics } from '../../core/ports.ts'
import type { Database } from '../../infra/db.ts'
import type { StreamsService } from '../streams/streams.service.ts'
import type { BanRow, BansRepo, Name } from './bans.repo.ts'

export type Ban = z.output<typeof BanSchema>
type Input<K extends keyof Calls> = z.output<Calls[K]['input']>

const PAGE_ROWS = 50

type Deps = {
  db: Database
  repo: BansRepo
  streams: Pick<StreamsService, 'visibility' | 'streamOfHandle'>
  topics: Pick<Topics, 'rejudge'>
}

/**
 * Bans from channels. What a ban keeps somebody from is decided where everything is that may be seen (`streams.visibility`);
 * here they are made and undone, and who is in is put out.
 */
export function createBansService({ db, repo, streams, topics }: Deps) {
  /** Whether somebody may ban people from a channel: its owner, until moderators come. */
  const canModerate = async (accountId: string, streamId: string): Promise<boolean> =>
    (await streams.visibility.ownerOf(streamId)) === accountId

  async function mustModerate(accountId: string, streamId: string): Promise<void> {
    if ((await streams.visibility.ownerOf(streamId)) === undefined) throw new AppError('not_found')
    if (!(await canModerate(accountId, streamId))) throw new AppError('forbidden')
  }

  async function personOf(name: Name) {
    const found = await repo.findPerson(name)
    if (!found) throw new AppError('not_found')
    return found
  }

  return {
    /** Errors: `forbidden`, `not_found` (no such stream or account), `conflict` (oneself). */
    async ban(moderatorId: string, { streamId, reason, forMs, ...name }: Input<'channel:ban'>): Promise<Ban> {
      await mustModerate(moderatorId, streamId)
      const account = await personOf(name)
      const ownerId = await streams.visibility.ownerOf(streamId)
      if (account.id === moderatorId || account.id === ownerId)
        throw new AppError('conflict', 'You can not ban yourself.')
      const wanted = { streamId, accountId: account.id, bannedBy: moderatorId, reason, forMs }
      const row = await db.withTx((tx) => repo.put(tx, wanted))
      await topics.rejudge(streamId, [account.id])
      return toBan({ account, ...row })
    },

    /** Errors: `forbidden`, `not_found` (no such stream or account). */
    async unban(moderatorId: string, { streamId, ...name }: Input<'channel:unban'>): Promise<void> {
      await mustModerate(moderatorId, streamId)
      const { id } = await personOf(name)
      await repo.remove(streamId, id)
      // Nobody is to be put out, but what is remembered of the ban must go.
      await topics.rejudge(streamId, [id])
    },

    /** One page of who is banned. Errors: `forbidden`, `not_found`, `invalid_input` (no cursor). */
    async list(moderatorId: string, handle: string, cursor: string | undefined) {
      const from = fromCursor(cursor)
      const streamId = await streams.streamOfHandle(handle)
      if (streamId === undefined) throw new AppError('not_found')
      await mustModerate(moderatorId, streamId)
      const found = await repo.list(streamId, from, PAGE_ROWS + 1)
      const { rows, nextCursor } = toPage(found, PAGE_ROWS, (row) => ({
        at: row.createdAt,
        id: row.account.id,
      }))
      return { bans: rows.map(toBan), nextCursor }
    },
  }
}

export type BansService = ReturnType<typeof createBansService>

const toBan = ({ account, reason, until, createdAt }: BanRow): Ban => ({
  account,
  reason,
  until: until?.getTime() ?? null,
  createdAt: createdAt.getTime(),
})
