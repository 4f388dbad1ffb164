import { expect, test } from 'vitest'
import { newId } from '../../core/ids.ts'
import { relationOf } from '../safety/visibility.service.ts'
import type { Pair, StreamRights } from './rights.repo.ts'
import { createVisibility } from './streams.visibility.ts'

const stream = newId()
const [owner, follower, outsider, banned, formerFollower, blocked, blocker, moderator] = Array.from(
  { length: 8 },
  () => newId(),
) as [...[string, string, string, string], ...[string, string, string, string]]

/** A stream for followers with lines that are theirs, and every read that was made. */
function setUp(isClosed: boolean) {
  const reads: Pair[][] = []
  const rights: StreamRights = {
    ...{ ownerId: owner, isClosed, chatHiddenUpTo: 7 },
    relations: new Map([
      [owner, relationOf({ isSelf: true })],
      [follower, relationOf({ isFollowing: true })],
      [banned, relationOf({ isFollowing: true })],
      [blocked, relationOf({ isBlockedBy: true })],
      [blocker, relationOf({ hasBlocked: true })],
      [moderator, relationOf({ isStaff: true })],
    ]),
    bans: new Map([
      [banned, 1000],
      [moderator, null],
    ]),
  }
  const read = async (_streamIds: readonly string[], pairs: readonly Pair[]) => {
    reads.push([...pairs])
    return new Map([[stream, rights]])
  }
  const repo = { owners: async () => new Map(), byIds: async () => [] }
  return { visibility: createVisibility(repo, { read }), reads }
}

test.each([
  [owner, 'in', 'in', 0],
  [follower, 'in', 'in', 0],
  [outsider, 'not_found', 'in', 7],
  [formerFollower, 'not_found', 'in', 7],
  [banned, 'forbidden', 'forbidden', 7],
  ['anon:x', 'not_found', 'in', 7],
  [blocked, 'not_found', 'not_found', 7],
  [blocker, 'forbidden', 'forbidden', 7],
  [moderator, 'in', 'in', 0],
])('%s sees a closed and an open stream as they may', async (viewer, closed, open, hiddenUpTo) => {
  for (const [isClosed, expected] of [
    [true, closed],
    [false, open],
  ] as const) {
    const view = (await setUp(isClosed).visibility.judge([viewer], [stream]))(viewer, stream)
    expect(view.refusal?.code ?? 'in').toBe(expected)
    expect(view.chatHiddenUpTo).toBe(hiddenUpTo)
  }
})

test('what is asked in one moment is read at once: pairs that were asked for, and nobody without an account', async () => {
  const { visibility, reads } = setUp(true)
  await Promise.all([
    visibility.judge([owner, follower, 'anon:x'], [stream]),
    visibility.judge([outsider], [stream, 'no id']),
    visibility.judge(['anon:y'], [stream]),
  ])
  expect(reads).toEqual([[owner, follower, outsider].map((accountId) => ({ accountId, streamId: stream }))])
})

test('a stream by another spelling, and a word that is no id, are not there', async () => {
  const { visibility, reads } = setUp(false)
  const upper = stream.toUpperCase()
  for (const name of ['word', upper]) {
    const view = (await visibility.judge([follower], [name]))(follower, name)
    expect(view.refusal?.code).toBe('not_found')
  }
  expect(reads).toHaveLength(1)
})
