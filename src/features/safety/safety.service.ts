import { owns } from '../../core/access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import { fromCursor, toPage } from '../../core/paging/cursor.ts'
import type { Database, Tx } from '../../infra/db.ts'
import { enqueue } from '../../infra/jobs.ts'
import type { SocialService } from '../social/social.service.ts'
import type { StreamsService } from '../streams/streams.service.ts'
import type { BlocksRepo, Kind } from './blocks.repo.ts'
import type { Privacy, PrivacyRepo } from './privacy.repo.ts'
import { acceptWaiting } from './safety.queue.ts'

const PAGE_ROWS = 50
/** Clients hold the ids of all of them to leave out what rooms push: 5 000 are 200 KB. */
const HIDDEN_MAX = 5000

type Deps = {
  db: Database
  blocks: BlocksRepo
  privacy: PrivacyRepo
  social: Pick<SocialService, 'lockAccounts' | 'endBetween' | 'requests'>
  streams: Pick<StreamsService, 'blockChanged' | 'heardChanged' | 'privacyChanged' | 'keepChat'>
}

/**
 * Blocks, mutes and private accounts: who wants to have nothing to do with whom. What that keeps somebody from seeing is
 * decided in `visibility.service.ts`; here it is made and undone, and who is in is put out. Every change locks the
 * accounts it is about, as follows do: a block and a follow that race leave a block and no follow.
 */
export function createSafetyService({ db, blocks, privacy, social, streams }: Deps) {
  /** Errors: `not_found` (no such account), `conflict` (oneself, or one too many). */
  async function add(tx: Tx, kind: Kind, ownerId: string, accountId: string): Promise<boolean> {
    if (owns({ id: accountId }, { ownerId })) throw new AppError('conflict', `You can not ${kind} yourself.`)
    const known = await social.lockAccounts(tx, [ownerId, accountId])
    if (!known.has(accountId)) throw new AppError('not_found')
    const isNew = await blocks.insert(tx, kind, ownerId, accountId)
    if (isNew && (await blocks.count(tx, kind, ownerId)) > HIDDEN_MAX)
      throw new AppError('conflict', `You can ${kind} no more than ${HIDDEN_MAX} accounts.`)
    return isNew
  }

  return {
    /** Errors: `not_found` (no such account), `conflict` (oneself, or one too many). */
    async block(ownerId: string, accountId: string): Promise<void> {
      await db.withTx(async (tx) => {
        if (await add(tx, 'block', ownerId, accountId)) await social.endBetween(tx, ownerId, accountId)
      })
      // Also where it was there before: whoever repeats the call had no answer, and perhaps nobody was put out.
      await streams.blockChanged(ownerId, accountId)
    },

    async unblock(ownerId: string, accountId: string): Promise<void> {
      const wasThere = await db.withTx((tx) => blocks.remove(tx, 'block', ownerId, accountId))
      // Nobody is to be put out, but what is remembered of the block must go.
      if (wasThere) await streams.blockChanged(ownerId, accountId)
    },

    /** Errors: as `block`. */
    async mute(ownerId: string, accountId: string): Promise<void> {
      if (await db.withTx((tx) => add(tx, 'mute', ownerId, accountId))) await streams.heardChanged(ownerId)
    },

    async unmute(ownerId: string, accountId: string): Promise<void> {
      if (await db.withTx((tx) => blocks.remove(tx, 'mute', ownerId, accountId)))
        await streams.heardChanged(ownerId)
    },

    /** One page of whom somebody blocks or has muted. Errors: `invalid_input` (no cursor). */
    async list(kind: Kind, ownerId: string, cursor: string | undefined) {
      const found = await blocks.list(kind, ownerId, fromCursor(cursor), PAGE_ROWS + 1)
      const { rows, nextCursor } = toPage(found, PAGE_ROWS, ({ createdAt: at, id }) => ({ at, id }))
      return {
        people: rows.map(({ createdAt, ...person }) => ({ ...person, createdAt: createdAt.getTime() })),
        nextCursor,
      }
    },

    hiddenFrom: blocks.hiddenFrom,
    privacy: (accountId: string): Promise<Privacy> => privacy.read(accountId),

    /** Changes what an account shows to whom, and puts out at once who may not stay. */
    async setPrivacy(accountId: string, wanted: Privacy): Promise<Privacy> {
      await db.withTx(async (tx) => {
        // Whoever follows at this moment comes before the change and stays, or after it and asks.
        await social.lockAccounts(tx, [accountId])
        const before = await privacy.read(accountId, tx)
        await privacy.write(tx, accountId, wanted)
        if (!before.isPrivate || wanted.isPrivate) return
        await streams.keepChat(tx, accountId)
        await enqueue(tx, acceptWaiting, { accountId }, { key: `${acceptWaiting.name}:${accountId}` })
      })
      await streams.privacyChanged(accountId)
      return wanted
    },

    /** Lets in everybody who waits for an account, as long as it is not private (again). */
    async acceptWaiting(accountId: string): Promise<void> {
      const isOpen = async (tx: Tx) => !(await privacy.read(accountId, tx)).isPrivate
      while (await social.requests.acceptWaiting(accountId, isOpen));
    },

    requests: social.requests,
  }
}

export type SafetyService = ReturnType<typeof createSafetyService>
