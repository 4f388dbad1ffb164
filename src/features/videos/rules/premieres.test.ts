import { describe, expect, test } from 'vitest'
import { currentPremiere, plannedPremiere, premiereOf, premiereVersion, waitsUntil } from './premieres.ts'

const NOW_MS = 1_000_000
const LENGTH_MS = 60_000
const before = new Date(NOW_MS - 1000)
const later = new Date(NOW_MS + 1000)
const evenLater = new Date(NOW_MS + 2000)

const waiting = {
  ...{ isPremiere: true, state: 'ready' as const, durationMs: LENGTH_MS },
  ...{ publishedAt: later, scheduledFor: later },
} satisfies Parameters<typeof premiereOf>[0]

describe('when a premiere is', () => {
  test('it waits for its time, plays for its length, and is over then', () => {
    const startsAt = later.getTime()
    const endsAt = startsAt + LENGTH_MS
    expect(premiereOf(waiting)).toEqual({ startsAt, endsAt })
    const at = (nowMs: number) => [waitsUntil(waiting, nowMs), currentPremiere(waiting, nowMs)?.endsAt]
    expect(at(startsAt - 1)).toEqual([startsAt, endsAt])
    expect(at(startsAt)).toEqual([undefined, endsAt])
    expect(at(endsAt - 1)).toEqual([undefined, endsAt])
    expect(at(endsAt)).toEqual([undefined, undefined])
  })

  test.each([
    ['a video that is none', { isPremiere: false }],
    ['one that is not ready', { state: 'processing' }],
    ['one that is private: it has no time', { publishedAt: null }],
    ['one that missed its time, and came out later', { scheduledFor: before }],
    ['one that has no time any more', { scheduledFor: null }],
    ['one of unknown length', { durationMs: null }],
  ] as const)('never: %s', (_what, video) => {
    expect(premiereOf({ ...waiting, ...video })).toBeUndefined()
    expect(waitsUntil({ ...waiting, ...video }, NOW_MS)).toBeUndefined()
  })
})

describe('what its owner may want', () => {
  const plain = { ...waiting, isPremiere: false }
  const hidden = { ...plain, publishedAt: null, scheduledFor: null }
  const out = { ...plain, publishedAt: before, scheduledFor: null }
  const shown = { ...waiting, publishedAt: before, scheduledFor: before }

  test.each([
    ['one that is hidden, with a time', hidden, { isPremiere: true, scheduledFor: later }, true],
    ['one that has a time already', plain, { isPremiere: true }, true],
    ['another time', waiting, { scheduledFor: evenLater }, true],
    ['other things', waiting, {}, true],
    ['to call it off', waiting, { isPremiere: false }, false],
    ['to let it come out now', waiting, { scheduledFor: null }, false],
    ['the same of one that has begun', shown, { isPremiere: true, scheduledFor: before }, true],
    ['to end one that has begun', shown, { isPremiere: false }, false],
    ['another time for what is none', out, { scheduledFor: later }, false],
  ])('%s', (_what, video, wanted, expected) => {
    expect(plannedPremiere(video, wanted, NOW_MS)).toBe(expected)
  })

  test.each([
    ['no time', hidden, { isPremiere: true }, 'time'],
    ['a time that is over', hidden, { isPremiere: true, scheduledFor: before }, 'time'],
    ['this very moment', hidden, { isPremiere: true, scheduledFor: new Date(NOW_MS) }, 'time'],
    ['to move it into the past', waiting, { scheduledFor: before }, 'time'],
    ['to take its time away and keep it', waiting, { isPremiere: true, scheduledFor: null }, 'time'],
    ['one that is out', out, { isPremiere: true, scheduledFor: later }, 'out'],
    ['to move one that has begun', shown, { scheduledFor: later }, 'out'],
  ])('not: %s', (_what, video, wanted, reason) => {
    expect(() => plannedPremiere(video, wanted, NOW_MS)).toThrow(
      expect.objectContaining({ code: 'conflict', details: { reason } }),
    )
  })
})

describe('the version of its page', () => {
  const row = {
    ...waiting,
    ...{ title: 'A title', description: '', tags: [], category: 'other', visibility: 'public' },
    ...{ isAgeRestricted: false, thumbhash: null, posterId: null, posterChoice: 1, runId: null },
  }
  const versionOf = (change: object) => premiereVersion({ ...row, ...change } as never)

  test.each([
    ['its title', { title: 'Another' }],
    ['its time', { publishedAt: evenLater }],
    ['its poster', { posterChoice: 2 }],
    ['who may see it', { visibility: 'followers' }],
    ['its file', { runId: 'another' }],
  ])('is another one after %s has changed', (_what, change) => {
    expect(versionOf(change)).not.toBe(versionOf({}))
  })

  test('stays where nothing of it has, and names nothing', () => {
    expect(versionOf({ viewsCount: 7, updatedAt: new Date() })).toBe(versionOf({}))
    expect(versionOf({})).toMatch(/^[\w-]{12}$/)
  })
})
