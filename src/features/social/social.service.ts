import { AppError } from '../../core/errors.ts'
import { isUuid } from '../../core/ids.ts'
import type { Logger } from '../../core/log.ts'
import { fromCursor, toPage } from '../../core/paging/cursor.ts'
import type { Topics } from '../../core/ports.ts'
import { createGroupBatcher } from '../../core/running/group-batcher.ts'
import { createRefresher } from '../../core/running/refresher.ts'
import type { Database, Tx } from '../../infra/db.ts'
import type { FollowsRepo, Side } from './follows.repo.ts'
import type { LikesRepo, Wish } from './likes.repo.ts'
import { findProfile } from './profiles.repo.ts'

/** More in one transaction gain nothing and make the others wait longer. */
const BATCH_MAX = 200
const PAGE_ROWS = 50
/** Counters of as many accounts are read at once. */
const REFRESH_MAX = 500

type Deps = {
  db: Database
  follows: FollowsRepo
  likes: LikesRepo
  topics: Topics
  log: Logger
  /** Tells somebody of new followers, in the transaction that made them. */
  notifyFollowed: (tx: Tx, followeeId: string, followerIds: readonly string[]) => Promise<void>
  /** Followers of an account follow it no longer, and that is committed. */
  unfollowed: (accountId: string, followerIds: readonly string[]) => Promise<void>
  /** Throws where somebody may not see a broadcast. */
  mustSeeBroadcast: (viewerId: string, broadcastId: string) => Promise<void>
  /** The likes of a stream's broadcast changed. */
  likesChanged: (streamId: string) => void
}

type FollowWish = { followerId: string; isFollowing: boolean }

export const followersTopic = (accountId: string) => `counters:account:${accountId}`

/**
 * Follows and likes. Both are natural keys: saying something twice changes nothing, and of two that race each is told how
 * it is afterwards. What arrives together for one account or one broadcast shares a transaction, so that a popular one
 * is no convoy.
 */
export function createSocialService(deps: Deps) {
  const { db, follows, likes, topics, log } = deps

  const showFollowers = createRefresher({
    maxKeys: REFRESH_MAX,
    async refresh(ids) {
      for (const [id, { followers, asOfMs }] of await follows.followerCounts(ids))
        topics.set(followersTopic(id), { followers }, asOfMs)
    },
    onError: (error) => log.warn({ error }, 'The followers of accounts could not be counted'),
  })

  const following = createGroupBatcher<FollowWish, { isFollowing: boolean; followers: number }>({
    maxItems: BATCH_MAX,
    async run(followeeId, wishes) {
      // Of two wishes of one person the later holds; both are told so.
      const last = new Map(wishes.map(({ followerId, isFollowing }) => [followerId, isFollowing]))
      const followers = await db.withTx((tx) => writeFollows(tx, followeeId, last))
      return wishes.map(({ followerId }) => ({ isFollowing: last.get(followerId) ?? false, followers }))
    },
  })

  async function writeFollows(
    tx: Tx,
    followeeId: string,
    wishes: ReadonlyMap<string, boolean>,
  ): Promise<number> {
    const known = await follows.lockAccounts(tx, [followeeId, ...wishes.keys()])
    if (!known.has(followeeId)) throw new AppError('not_found')
    const wanting = (isFollowing: boolean) =>
      [...wishes].flatMap(([id, wish]) => (wish === isFollowing && known.has(id) ? [id] : []))
    const added = await follows.insert(tx, followeeId, wanting(true))
    const removed = await follows.remove(tx, followeeId, wanting(false))
    const followers = await follows.count(tx, followeeId, added, removed)
    if (added.length > 0) await deps.notifyFollowed(tx, followeeId, added)
    tx.afterCommit(() => {
      showFollowers(followeeId)
      if (removed.length > 0) leftBehind(followeeId, removed)
    })
    return followers
  }

  function leftBehind(followeeId: string, followerIds: readonly string[]): void {
    deps
      .unfollowed(followeeId, followerIds)
      .catch((error: unknown) => log.warn({ error }, 'Who follows no longer could not be put out at once'))
  }

  const liking = createGroupBatcher<Wish, { isLiked: boolean; likes: number }>({
    maxItems: BATCH_MAX,
    async run(broadcastId, wishes) {
      const last = new Map(wishes.map((wish) => [wish.userId, wish]))
      const written = await likes.write(broadcastId, [...last.values()])
      if (!written) throw new AppError('not_found')
      deps.likesChanged(written.streamId)
      return wishes.map(({ userId }) => ({
        isLiked: last.get(userId)?.isLiked ?? false,
        likes: written.likes,
      }))
    },
  })

  async function profileOf(handle: string) {
    const found = await findProfile(db, handle)
    if (!found) throw new AppError('not_found')
    return found
  }

  return {
    /** Errors: `conflict` (oneself), `not_found`. */
    async setFollowing(followerId: string, accountId: string, isFollowing: boolean) {
      if (followerId === accountId) throw new AppError('conflict', 'You can not follow yourself.')
      return following.add(accountId, { followerId, isFollowing })
    },

    /** Errors: `not_found`, `forbidden` (they are banned). */
    async setLiked(userId: string, broadcastId: string, isLiked: boolean) {
      await deps.mustSeeBroadcast(userId, broadcastId)
      return liking.add(broadcastId, { userId, isLiked })
    },

    /** Whether the viewer likes a broadcast; nobody does where either is unknown. */
    isLiked: async (viewerId: string | undefined, broadcastId: string | undefined): Promise<boolean> =>
      viewerId !== undefined && broadcastId !== undefined && likes.isLikedBy(viewerId, broadcastId),

    /** Errors: `not_found`. */
    async profile(handle: string, viewerId: string | undefined) {
      const found = await profileOf(handle)
      const followed = viewerId && (await follows.followedAmong(viewerId, [found.id]))
      return { ...found, isFollowing: followed ? followed.has(found.id) : false }
    },

    /** One page of who follows an account, or whom it follows. Errors: `not_found`, `invalid_input` (no cursor). */
    async people(
      side: Side,
      handle: string,
      page: { cursor?: string | undefined; viewerId?: string | undefined },
    ) {
      const from = fromCursor(page.cursor)
      const { id } = await profileOf(handle)
      const found = await follows.list(side, id, from, PAGE_ROWS + 1)
      const { rows, nextCursor } = toPage(found, PAGE_ROWS, (row) => ({ at: row.followedAt, id: row.id }))
      const followed = page.viewerId
        ? await follows.followedAmong(
            page.viewerId,
            rows.map((row) => row.id),
          )
        : new Set<string>()
      const people = rows.map(({ followedAt: _, ...person }) => ({
        ...person,
        isFollowing: followed.has(person.id),
      }))
      return { people, nextCursor }
    },

    /** Those of the accounts who follow `followeeId`. */
    followersAmong: follows.followersAmong,
    /** Followers since before `until`, the oldest first, after a place. */
    followersUntil: follows.followersUntil,
    /** Those of the ids that are accounts. */
    visible: async (ids: readonly string[]): Promise<ReadonlySet<string>> =>
      new Set((await follows.followerCounts(ids.filter(isUuid))).keys()),
    /** Somebody looks at the counters of an account: whoever comes gets the value, also where nobody looked before. */
    showFollowers,
  }
}

export type SocialService = ReturnType<typeof createSocialService>
