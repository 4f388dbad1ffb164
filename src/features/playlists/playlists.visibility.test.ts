import { expect, test } from 'vitest'
import { relationOf } from '../safety/visibility.service.ts'
import type { PlaylistRow } from './playlists.repo.ts'
import { refusalOf } from './playlists.visibility.ts'

const list = (visibility: PlaylistRow['visibility'], more: Partial<PlaylistRow> = {}) => ({
  ...{ kind: 'own' as const, visibility, deletedAt: null },
  ...more,
})
const codeOf = (...args: Parameters<typeof refusalOf>) => refusalOf(...args)?.code

const stranger = relationOf({})
const self = relationOf({ isSelf: true })
const staff = relationOf({ isStaff: true })

test('a public or unlisted list is shown to strangers, a private one to its owner and staff', () => {
  expect(codeOf(list('public'), stranger)).toBeUndefined()
  expect(codeOf(list('unlisted'), stranger)).toBeUndefined()
  expect(codeOf(list('private'), stranger)).toBe('not_found')
  for (const one of [self, staff]) expect(codeOf(list('private'), one)).toBeUndefined()
})

test('what somebody watches later is shown to nobody else, not even to staff', () => {
  const later = list('private', { kind: 'watch_later' })
  expect(codeOf(later, self)).toBeUndefined()
  for (const one of [staff, stranger]) expect(codeOf(later, one)).toBe('not_found')
})

test('a deleted list is there for nobody', () => {
  const deleted = list('public', { deletedAt: new Date(0) })
  for (const one of [self, staff, stranger]) expect(codeOf(deleted, one)).toBe('not_found')
})

test('blocks and private accounts shut lists as everything else', () => {
  expect(codeOf(list('public'), relationOf({ hasBlocked: true }))).toBe('forbidden')
  expect(codeOf(list('public'), relationOf({ isBlockedBy: true }))).toBe('not_found')
  expect(codeOf(list('public'), relationOf({ isPrivate: true }))).toBe('not_found')
  expect(codeOf(list('unlisted'), relationOf({ isPrivate: true, isFollowing: true }))).toBeUndefined()
})
