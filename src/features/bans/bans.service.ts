import type { z } from 'zod'
import type { Ban as BanSchema } from '../../contract/bans.ts'
import type { Calls } from '../../contract/index.ts'
import { type Action, can, owns } from '../../core/access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import { fromCursor, toPage } from '../../core/paging/cursor.ts'
import type { Topics } from '../../core/ports.ts'
import type { Viewer } from '../../core/viewer.ts'
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
  /** Answers the owner of a channel where somebody may do this there; throws `not_found` or `forbidden`. */
  async function must(viewer: Viewer, action: Action, streamId: string): Promise<string> {
    const ownerId = await streams.visibility.ownerOf(streamId)
    if (ownerId === undefined) throw new AppError('not_found')
    if (!can(viewer, action, { ownerId })) throw new AppError('forbidden')
    return ownerId
  }

  async function personOf(name: Name) {
    const found = await repo.findPerson(name)
    if (!found) throw new AppError('not_found')
    return found
  }

  return {
    /** Errors: `forbidden`, `not_found` (no such stream or account), `conflict` (oneself). */
    async ban(viewer: Viewer, { streamId, reason, forMs, ...name }: Input<'channel:ban'>): Promise<Ban> {
      const ownerId = await must(viewer, 'channel:moderate', streamId)
      const account = await personOf(name)
      if (owns(account, { ownerId })) throw new AppError('conflict', 'You can not ban yourself.')
      const wanted = { streamId, accountId: account.id, bannedBy: viewer.id, reason, forMs }
      const row = await db.withTx((tx) => repo.put(tx, wanted))
      await topics.rejudge(streamId, [account.id])
      return toBan({ account, ...row })
    },

    /** Errors: `forbidden`, `not_found` (no such stream or account). */
    async unban(viewer: Viewer, { streamId, ...name }: Input<'channel:unban'>): Promise<void> {
      await must(viewer, 'channel:moderate', streamId)
      const { id } = await personOf(name)
      await repo.remove(streamId, id)
      // Nobody is to be put out, but what is remembered of the ban must go.
      await topics.rejudge(streamId, [id])
    },

    /** One page of who is banned. Errors: `forbidden`, `not_found`, `invalid_input` (no cursor). */
    async list(viewer: Viewer, handle: string, cursor: string | undefined) {
      const from = fromCursor(cursor)
      const streamId = await streams.streamOfHandle(handle)
      if (streamId === undefined) throw new AppError('not_found')
      await must(viewer, 'channel:list-bans', streamId)
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
