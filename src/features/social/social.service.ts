import type { SQL } from 'drizzle-orm'
import { AppError } from '../../core/errors.ts'
import { isUuid } from '../../core/ids.ts'
import type { Logger } from '../../core/log.ts'
import { fromCursor, toPage } from '../../core/paging/cursor.ts'
import type { Online, Topics } from '../../core/ports.ts'
import { createGroupBatcher } from '../../core/running/group-batcher.ts'
import { createRefresher } from '../../core/running/refresher.ts'
import type { Database, Tx } from '../../infra/db.ts'
import {
  mayView,
  mayViewSql,
  mustBeShown,
  type Relations,
  sightOf,
  viewerSql,
} from '../safety/visibility.service.ts'
import type { FollowsRepo, Side } from './follows.repo.ts'
import { createFollowWrites, type FollowOutcome } from './follows.writes.ts'
import type { LikesRepo, Wish } from './likes.repo.ts'
import { findProfile } from './profiles.repo.ts'
import { createRequestPushes } from './requests.pushes.ts'
import type { RequestsRepo } from './requests.repo.ts'
import { createRequestsService } from './requests.service.ts'

/** More in one transaction gain nothing and make the others wait longer. */
const BATCH_MAX = 200
const PAGE_ROWS = 50
/** Counters of as many accounts are read at once. */
const REFRESH_MAX = 500

type Deps = {
  db: Database
  follows: FollowsRepo
  requests: RequestsRepo
  likes: LikesRepo
  relations: Relations
  topics: Topics
  online: Online
  log: Logger
  /** Tell somebody of new followers, of who asks to follow, and of who let them in, in the transaction that is the cause. */
  notifyFollowed: (tx: Tx, followeeId: string, followerIds: readonly string[]) => Promise<void>
  notifyRequested: (tx: Tx, targetId: string, requesterIds: readonly string[]) => Promise<void>
  notifyAccepted: (tx: Tx, requesterId: string, targetIds: readonly string[]) => Promise<void>
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
  const { db, follows, requests, likes, relations, topics, log } = deps

  const showFollowers = createRefresher({
    maxKeys: REFRESH_MAX,
    async refresh(ids) {
      for (const [id, { followers, asOfMs }] of await follows.followerCounts(ids))
        topics.set(followersTopic(id), { followers }, asOfMs)
    },
    onError: (error) => log.warn({ error }, 'The followers of accounts could not be counted'),
  })

  const { answered, sift: siftAnswers } = createRequestPushes(deps)
  const writes = createFollowWrites({ ...deps, counted: showFollowers, answered, leftBehind })
  const following = createGroupBatcher<FollowWish, { outcome: FollowOutcome; followers: number }>({
    maxItems: BATCH_MAX,
    async run(followeeId, wishes) {
      // Of two wishes of one person the later holds; both are told so.
      const last = new Map(wishes.map(({ followerId, isFollowing }) => [followerId, isFollowing]))
      const { outcomes, followers } = await db.withTx((tx) => writes.setAll(tx, followeeId, last))
      return wishes.map(({ followerId }) => ({ outcome: outcomes.get(followerId) ?? 'none', followers }))
    },
  })

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

  /** An account as far as somebody sees it. Errors: `not_found`, `forbidden` (they have blocked it). */
  async function profileOf(handle: string, viewerId: string | undefined) {
    const profile = await findProfile(db, handle)
    if (!profile) throw new AppError('not_found')
    const relation = await relations.of(viewerId, profile.id)
    const { id, displayName } = profile
    mustBeShown(sightOf(relation), { account: { id, handle, displayName } })
    return { profile, relation }
  }

  return {
    /** What somebody was told of their requests before, as far as it may be told now. */
    siftAnswers,

    /** Errors: `conflict` (oneself), `not_found`, `forbidden` (they have blocked the account). */
    async setFollowing(followerId: string, accountId: string, isFollowing: boolean) {
      if (followerId === accountId) throw new AppError('conflict', 'You can not follow yourself.')
      const { outcome, followers } = await following.add(accountId, { followerId, isFollowing })
      if (outcome === 'blocks') mustBeShown('notice')
      if (outcome === 'blocked') mustBeShown('nothing')
      return { isFollowing: outcome === 'following', isRequested: outcome === 'requested', followers }
    },

    /** Errors: `not_found`, `forbidden` (they are banned). */
    async setLiked(userId: string, broadcastId: string, isLiked: boolean) {
      await deps.mustSeeBroadcast(userId, broadcastId)
      return liking.add(broadcastId, { userId, isLiked })
    },

    /** Whether the viewer likes a broadcast; nobody does where either is unknown. */
    isLiked: async (viewerId: string | undefined, broadcastId: string | undefined): Promise<boolean> =>
      viewerId !== undefined && broadcastId !== undefined && likes.isLikedBy(viewerId, broadcastId),

    /** Errors: `not_found`, `forbidden` (they have blocked the account). */
    async profile(handle: string, viewerId: string | undefined) {
      const { profile, relation } = await profileOf(handle, viewerId)
      const { isFollowing, isPrivate, hasMuted: isMuted, hasBlocked: isBlocked } = relation
      const mayWait = isPrivate && !isFollowing && viewerId !== undefined
      const isRequested = mayWait && (await requests.isRequested(viewerId, profile.id))
      return { ...profile, isFollowing, isPrivate, isRequested, isMuted, isBlocked }
    },

    /**
     * One page of who follows an account, or whom it follows, but for those who are none to the viewer. Errors: `not_found`,
     * `forbidden` (a private account, or one they have blocked), `invalid_input` (no cursor).
     */
    async people(
      side: Side,
      handle: string,
      page: { cursor?: string | undefined; viewerId?: string | undefined },
    ) {
      const from = fromCursor(page.cursor)
      const { profile, relation } = await profileOf(handle, page.viewerId)
      if (!mayView(relation, 'all'))
        throw new AppError('forbidden', 'This account is private.', { reason: 'private' })
      const isShown = (personId: SQL) => mayViewSql(viewerSql(page.viewerId), personId, 'card')
      const found = await follows.list(side, profile.id, { from, isShown, limit: PAGE_ROWS + 1 })
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
    /** Whether these viewers may see at least the cards of these accounts. */
    async visible(viewerIds: readonly string[], ids: readonly string[]) {
      const [counts, relation] = await Promise.all([
        follows.followerCounts(ids.filter(isUuid)),
        relations.read(viewerIds.flatMap((viewerId) => ids.map((subjectId) => ({ viewerId, subjectId })))),
      ])
      return (viewerId: string, id: string): boolean =>
        counts.has(id) && mayView(relation(viewerId, id), 'card')
    },
    requests: createRequestsService({ db, requests, follows, writes }),
    lockAccounts: writes.lockAccounts,
    /** Ends everything between two accounts that are locked. */
    endBetween: writes.endBetween,
    /** Somebody looks at the counters of an account: whoever comes gets the value, also where nobody looked before. */
    showFollowers,
  }
}

export type SocialService = ReturnType<typeof createSocialService>
