import { describe, expect, test } from 'vitest'
import { type Relation, relationOf } from '../../safety/visibility.service.ts'
import { isChatOf, isShutUntil, listedFor, publishedAtOf, refusalOf } from './videos.visibility.ts'

const NOW = new Date(1_000_000)
const before = new Date(999_000)
const after = new Date(1_001_000)

const viewers: Record<string, Partial<Relation>> = {
  owner: { isSelf: true },
  staff: { isStaff: true },
  stranger: {},
  follower: { isFollowing: true },
  muter: { hasMuted: true },
  blocker: { hasBlocked: true },
  blocked: { isBlockedBy: true },
  'stranger of a private account': { isPrivate: true },
  'follower of a private account': { isPrivate: true, isFollowing: true },
  'stranger of one that is leaving': { isLeaving: true, isPrivate: true },
}
const visibilities = ['public', 'unlisted', 'followers', 'subscribers', 'paid', 'private'] as const
type Visibility = (typeof visibilities)[number]
const everything: Visibility[] = [...visibilities]

/** Which visibilities each of them sees once a video is out, as far as no rule stops them; nobody else sees anything. */
const SEEN: Record<string, Visibility[]> = {
  owner: everything,
  staff: everything,
  stranger: ['public', 'unlisted', 'subscribers', 'paid'],
  follower: ['public', 'unlisted', 'followers', 'subscribers', 'paid'],
  muter: ['public', 'unlisted', 'subscribers', 'paid'],
  'follower of a private account': ['public', 'unlisted', 'followers', 'subscribers', 'paid'],
}

const plain = { isPremiere: false, scheduledFor: null, durationMs: 60_000 }
const out = { ...plain, state: 'ready', publishedAt: before, deletedAt: null } as const
const announced = { ...out, isPremiere: true, publishedAt: after, scheduledFor: after }
const codeOf = (video: Parameters<typeof refusalOf>[0], viewer: string) =>
  refusalOf(video, relationOf(viewers[viewer] ?? {}), NOW.getTime())?.code

describe('who sees a video', () => {
  test.each(Object.keys(viewers))('%s', (viewer) => {
    const seen = everything.filter((visibility) => codeOf({ ...out, visibility }, viewer) === undefined)
    expect(seen).toEqual(SEEN[viewer] ?? [])
  })

  test.each([
    ['waits for its time', { ...out, publishedAt: after }],
    ['never came out', { ...out, publishedAt: null }],
    ['is being uploaded', { ...out, state: 'uploading' }],
    ['is processed', { ...out, state: 'processing' }],
    ['failed', { ...out, state: 'failed' }],
    ['is a draft', { ...out, state: 'draft' }],
  ] as const)('one that %s is for its owner and staff', (_what, video) => {
    const seeing = Object.keys(viewers).filter(
      (viewer) => codeOf({ ...video, visibility: 'public' }, viewer) === undefined,
    )
    expect(seeing).toEqual(['owner', 'staff'])
  })

  test.each(Object.keys(viewers))('%s sees the page of a premiere as of a video that is out', (viewer) => {
    const seen = everything.filter((visibility) => codeOf({ ...announced, visibility }, viewer) === undefined)
    expect(seen).toEqual(SEEN[viewer] ?? [])
  })

  test('the files of a premiere are shut until its time to all but its owner and staff', () => {
    const shutUntil = (viewer: string, nowMs: number) =>
      isShutUntil({ ...announced, visibility: 'public' }, relationOf(viewers[viewer] ?? {}), nowMs)
    const shut = (nowMs: number) =>
      Object.keys(viewers).filter((viewer) => shutUntil(viewer, nowMs) !== undefined)
    const others = Object.keys(viewers).filter((viewer) => viewer !== 'owner' && viewer !== 'staff')
    expect(shut(after.getTime() - 1)).toEqual(others)
    expect(shut(after.getTime())).toEqual([])
  })

  test.each([
    ['public', false, true],
    ['public', true, true],
    ['unlisted', false, false],
    ['followers', false, false],
    ['followers', true, true],
  ] as const)(
    'the chat of a channel beside a premiere: %s, private account: %s → %s',
    (visibility, isPrivate, has) => {
      expect(isChatOf({ visibility }, { isPrivate })).toBe(has)
    },
  )

  test('a deleted one is for nobody', () => {
    for (const viewer of Object.keys(viewers))
      expect(codeOf({ ...out, visibility: 'public', deletedAt: before }, viewer)).toBe('not_found')
  })

  test('only whoever blocks is told why; what is not theirs is not there', () => {
    expect(codeOf({ ...out, visibility: 'public' }, 'blocker')).toBe('forbidden')
    expect(codeOf({ ...out, visibility: 'public' }, 'blocked')).toBe('not_found')
    expect(codeOf({ ...out, visibility: 'followers' }, 'stranger')).toBe('not_found')
  })

  test.each(Object.keys(viewers))('a channel lists for %s nothing that they may not see', (viewer) => {
    const listed = listedFor(relationOf(viewers[viewer] ?? {}))
    expect(listed).not.toContain('unlisted')
    expect(listed).not.toContain('private')
    for (const visibility of listed) expect(codeOf({ ...out, visibility }, viewer)).toBeUndefined()
  })
})

describe('when a video comes out', () => {
  const at = (video: Partial<Parameters<typeof publishedAtOf>[0]>) =>
    publishedAtOf(
      { state: 'ready', visibility: 'public', publishedAt: null, scheduledFor: null, ...video },
      NOW,
    )

  test.each([
    ['at once where nothing else is said', {}, NOW],
    ['never while it is private', { visibility: 'private' }, null],
    ['not before it is ready', { state: 'processing' }, null],
    ['at its time', { scheduledFor: after }, after],
    ['at once where its time has passed while it was processed', { scheduledFor: before }, NOW],
    ['at once where its time is taken back', { publishedAt: after }, NOW],
    ['when it did, however it is changed', { publishedAt: before, visibility: 'unlisted' }, before],
    ['when it did, also while it is hidden again', { publishedAt: before, visibility: 'private' }, before],
    [
      'not at all where it is made private before its time',
      { publishedAt: after, visibility: 'private' },
      null,
    ],
  ] as const)('%s', (_what, video, expected) => {
    expect(at(video)).toEqual(expected)
  })
})
