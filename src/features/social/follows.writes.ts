import { AppError } from '../../core/errors.ts'
import type { Tx } from '../../infra/db.ts'
import type { Relation, Relations } from '../safety/visibility.service.ts'
import type { FollowsRepo } from './follows.repo.ts'
import type { RequestsRepo } from './requests.repo.ts'

/** How it stands after a wish; `blocks` and `blocked`: nothing was changed, as one of them blocks the other. */
export type FollowOutcome = 'following' | 'requested' | 'none' | 'blocks' | 'blocked'

type Notify = (tx: Tx, accountId: string, actorIds: readonly string[]) => Promise<void>

export type FollowWriteDeps = {
  follows: FollowsRepo
  requests: RequestsRepo
  relations: Pick<Relations, 'readIn'>
  /** Tell somebody, in the transaction that is the cause: of new followers, of who asks to follow, and of who let them in. */
  notifyFollowed: Notify
  notifyRequested: Notify
  notifyAccepted: Notify
  /** Counters of this account have changed, and that is committed. */
  counted: (accountId: string) => void
  /** Requests to follow an account were answered, and that is committed. */
  answered: (accountId: string, requesterIds: readonly string[], isFollowing: boolean) => void
  /** Followers of an account follow it no longer, and that is committed. */
  leftBehind: (accountId: string, followerIds: readonly string[]) => void
}

/**
 * Who follows whom, and who asks to. Everything here first locks the accounts it is about, all in one order; so do blocks
 * and changes of privacy. Of two that race, the later one finds what the earlier one did.
 */
export function createFollowWrites(deps: FollowWriteDeps) {
  const { follows, requests, relations } = deps

  return {
    lockAccounts: follows.lockAccounts,

    /** Brings what these people have with an account to what they wish. Errors: `not_found` (no such account). */
    async setAll(tx: Tx, followeeId: string, wishes: ReadonlyMap<string, boolean>) {
      const known = await follows.lockAccounts(tx, [followeeId, ...wishes.keys()])
      if (!known.has(followeeId)) throw new AppError('not_found')
      const ids = [...wishes.keys()].filter((id) => known.has(id))
      const relation = await relations.readIn(
        tx,
        ids.map((viewerId) => ({ viewerId, subjectId: followeeId })),
      )
      const outcomes = new Map(
        ids.map((id) => [id, outcomeOf(relation(id, followeeId), wishes.get(id) ?? false)]),
      )
      const those = (...wanted: FollowOutcome[]) =>
        ids.filter((id) => wanted.includes(outcomes.get(id) ?? 'none'))
      const added = await follows.insert(tx, followeeId, those('following'))
      const removed = await follows.remove(tx, followeeId, those('none'))
      const asked = await requests.insert(tx, followeeId, those('requested'))
      await requests.remove(tx, followeeId, those('none', 'following'))
      const followers = await follows.count(tx, followeeId, added, removed)
      if (added.length > 0) await deps.notifyFollowed(tx, followeeId, added)
      if (asked.length > 0) await deps.notifyRequested(tx, followeeId, asked)
      tx.afterCommit(() => {
        deps.counted(followeeId)
        if (removed.length > 0) deps.leftBehind(followeeId, removed)
      })
      return { outcomes, followers }
    },

    /** Lets those of them in who ask, under their locks; answers how many did. */
    async accept(tx: Tx, targetId: string, requesterIds: readonly string[]): Promise<number> {
      const accepted = await requests.remove(tx, targetId, requesterIds)
      const added = await follows.insert(tx, targetId, accepted)
      await follows.count(tx, targetId, added, [])
      for (const id of added) await deps.notifyAccepted(tx, id, [targetId])
      tx.afterCommit(() => {
        deps.counted(targetId)
        deps.answered(targetId, accepted, true)
      })
      return accepted.length
    },

    /** Sends somebody away who asks, under their locks. */
    async decline(tx: Tx, targetId: string, requesterId: string): Promise<void> {
      const declined = await requests.remove(tx, targetId, [requesterId])
      tx.afterCommit(() => deps.answered(targetId, declined, false))
    },

    /** Ends everything between two accounts that are locked. */
    async endBetween(tx: Tx, one: string, other: string): Promise<void> {
      await requests.removeBetween(tx, one, other)
      for (const [followee, follower] of [
        [one, other],
        [other, one],
      ] as const) {
        const removed = await follows.remove(tx, followee, [follower])
        if (removed.length === 0) continue
        await follows.count(tx, followee, [], removed)
        tx.afterCommit(() => deps.counted(followee))
      }
    },
  }
}

export type FollowWrites = ReturnType<typeof createFollowWrites>

function outcomeOf(relation: Relation, isWished: boolean): FollowOutcome {
  if (relation.hasBlocked) return 'blocks'
  if (relation.isBlockedBy) return 'blocked'
  if (!isWished) return 'none'
  return relation.isFollowing || !relation.isPrivate ? 'following' : 'requested'
}
