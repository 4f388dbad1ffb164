import { describe, expect, test } from 'vitest'
import type { Viewer } from '../viewer.ts'
import { ACTIONS, type Action, can, owns, refusalOf, staffMark } from './permissions.ts'
import { isSuspended, type Scope, scopeRefusal, TOKEN_SCOPES } from './scopes.ts'

const NOW_MS = 1_000_000

const account = (more: Partial<NonNullable<Viewer['account']>> = {}): Viewer => {
  const own = { id: 'me', handle: 'me', displayName: 'Me', role: 'member' as const, ...more }
  return { id: own.id, account: own }
}
const suspension = { untilMs: NOW_MS + 1 }
const everybody = {
  visitor: { id: 'anon:1' },
  member: account(),
  creator: account({ upgrades: ['creator'] }),
  advertiser: account({ upgrades: ['advertiser'] }),
  moderator: account({ role: 'moderator' }),
  admin: account({ role: 'admin' }),
  suspended: account({ suspension }),
  'suspended admin': account({ role: 'admin', suspension }),
  'token for reading': { ...account({ role: 'admin' }), token: { scopes: ['read', 'account:read'] } },
  'token for all': { ...account({ role: 'admin', upgrades: ['creator'] }), token: { scopes: TOKEN_SCOPES } },
} satisfies Record<string, Viewer>
type Name = keyof typeof everybody

const subjects = {
  mine: { ownerId: 'me' },
  theirs: { ownerId: 'you' },
  member: { id: 'you', role: 'member' },
  moderator: { id: 'you', role: 'moderator' },
  admin: { id: 'you', role: 'admin' },
  myself: { id: 'me', role: 'member' },
  none: {},
} as const
type SubjectName = keyof typeof subjects

const SIGNED_IN: Name[] = ['member', 'creator', 'advertiser', 'moderator', 'admin']
const WRITING: Name[] = [...SIGNED_IN, 'token for all']
const READING: Name[] = [...WRITING, 'suspended', 'suspended admin', 'token for reading']
const STAFF: Name[] = ['moderator', 'admin']

/** Who may do what to what; nobody else may. */
const EXPECTED: Record<Action, Partial<Record<SubjectName, Name[]>>> = {
  'broadcast:edit': { mine: WRITING },
  'broadcast:send': { mine: WRITING },
  'video:edit': { mine: WRITING },
  'playlist:edit': { mine: WRITING },
  'channel:moderate': { mine: WRITING },
  'channel:list-bans': { mine: READING },
  'own:follow': { mine: READING },
  'earnings:read': Object.fromEntries(
    Object.keys(subjects).map((name) => [name, ['creator', 'token for all']]),
  ),
  'ads:book': Object.fromEntries(Object.keys(subjects).map((name) => [name, ['advertiser']])),
  'upgrade:ask': Object.fromEntries(Object.keys(subjects).map((name) => [name, SIGNED_IN])),
  'upgrade:decide': Object.fromEntries(Object.keys(subjects).map((name) => [name, ['admin']])),
  'people:look': Object.fromEntries(Object.keys(subjects).map((name) => [name, STAFF])),
  'credentials:vouch': Object.fromEntries(
    Object.keys(subjects).map((name) => [name, ['admin', 'suspended admin']]),
  ),
  'people:see-mail': Object.fromEntries(Object.keys(subjects).map((name) => [name, ['admin']])),
  'people:suspend': { member: STAFF, moderator: ['admin'] },
  'people:ban': { member: ['admin'], moderator: ['admin'] },
  'people:give-role': Object.fromEntries(Object.keys(subjects).map((name) => [name, ['admin']])),
  'audit:read': Object.fromEntries(Object.keys(subjects).map((name) => [name, ['admin']])),
  'metrics:read': Object.fromEntries(Object.keys(subjects).map((name) => [name, ['admin']])),
  'inbox:read': Object.fromEntries(Object.keys(subjects).map((name) => [name, ['admin']])),
}

describe('who may do what', () => {
  test.each(Object.keys(ACTIONS) as Action[])('%s', (action) => {
    for (const [subjectName, subject] of Object.entries(subjects)) {
      const may = Object.entries(everybody).filter(([, viewer]) => can(viewer, action, subject, NOW_MS))
      const expected = EXPECTED[action][subjectName as SubjectName] ?? []
      expect(may.map(([name]) => name).sort(), subjectName).toEqual([...expected].sort())
    }
  })

  test('what belongs to nobody is nobody’s, and a visitor owns what is theirs', () => {
    expect(owns({ id: 'me' }, { ownerId: undefined })).toBe(false)
    expect(owns(everybody.visitor, { ownerId: 'anon:1' })).toBe(true)
    expect(can(everybody.visitor, 'own:follow', { ownerId: 'anon:1' }, NOW_MS)).toBe(false)
  })

  test('a role that waits for a second factor gives nothing, and is named as the reason where it would do', () => {
    const waiting = account({ role: 'member', heldRole: 'moderator' })
    expect(can(waiting, 'people:look', {}, NOW_MS)).toBe(false)
    expect(refusalOf(waiting, 'people:look')).toMatchObject({
      ...{ code: 'forbidden', details: { reason: 'second_factor' } },
    })
    for (const [viewer, action] of [
      [waiting, 'audit:read'],
      [account(), 'people:look'],
      [everybody.visitor, 'people:look'],
    ] as const)
      expect(refusalOf(viewer, action)).toMatchObject({ code: 'forbidden', details: undefined })
  })

  test('staff is marked, members are not', () => {
    expect((['member', 'moderator', 'admin'] as const).map(staffMark)).toEqual([
      undefined,
      'moderator',
      'admin',
    ])
  })
})

describe('scopes', () => {
  const scopes: (Scope | undefined)[] = [...TOKEN_SCOPES, 'any', 'login', 'security', undefined]
  const allowed = (viewer: Viewer) => scopes.filter((scope) => !scopeRefusal(viewer, scope, NOW_MS))

  test('a login session may use everything, also what has no scope', () => {
    expect(allowed(account())).toEqual(scopes)
    expect(allowed(everybody.visitor)).toEqual(scopes)
  })

  test('a token may use what it was given, and nothing that has no scope or asks for a login session', () => {
    expect(allowed({ ...account(), token: { scopes: ['chat:write'] } })).toEqual(['chat:write', 'any'])
    expect(allowed(everybody['token for all'])).toEqual([...TOKEN_SCOPES, 'any'])
  })

  test('a suspended account reads and keeps itself safe, and does nothing else', () => {
    expect(allowed(everybody.suspended)).toEqual(['read', 'account:read', 'any', 'security'])
    const token = { ...account({ suspension }), token: { scopes: TOKEN_SCOPES } }
    expect(allowed(token)).toEqual(['read', 'account:read', 'any'])
  })

  test('an account that waits to be deleted may what is declared open to it, and nothing else', () => {
    const leaving = account({ deletion: { eraseAtMs: NOW_MS } })
    expect(allowed(leaving)).toEqual(['any'])
    const refusal = scopeRefusal(leaving, 'security', NOW_MS)
    expect(refusal).toMatchObject({ details: { reason: 'deleting', eraseAtMs: NOW_MS } })
    expect(scopeRefusal(leaving, 'security', NOW_MS, true)).toBeUndefined()
  })

  test('a suspension says its end, ends by itself, and one for ever does not', () => {
    const refusal = scopeRefusal(everybody.suspended, 'chat:write', NOW_MS)
    expect(refusal).toMatchObject({
      code: 'forbidden',
      details: { reason: 'suspended', untilMs: NOW_MS + 1 },
    })
    expect(scopeRefusal(everybody.suspended, 'chat:write', NOW_MS + 1)).toBeUndefined()
    expect(isSuspended(account({ suspension: { untilMs: null } }), Number.MAX_SAFE_INTEGER)).toBe(true)
  })
})
