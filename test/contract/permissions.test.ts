import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CallSpec, RouteSpec, TopicSpec } from '../../src/contract/define.ts'
import { calls, routes, topics } from '../../src/contract/index.ts'

/** Comparisons that are judgements on who may: they belong into one file. `media` is a role of processes. */
const JUDGEMENTS: [what: string, pattern: RegExp][] = [
  ['a role is compared', /\brole\b\)?\s*[!=]==(?!\s*(?:undefined|'media'))|[!=]==\s*[\w.?]*\brole\b/],
  ['a role is named in a comparison', /[!=]==\s*'(?:member|moderator|admin|owner)'/],
  [
    'an owner is compared',
    /\bowner(?:Id|\.id)\b\)?\s*[!=]==(?!\s*undefined)|[!=]==\s*[\w.?]*\bowner(?:Id|\.id)\b/i,
  ],
  ['an owner that was asked for is compared', /[oO]wner\w*\([^)]*\)\)?\s*[!=]==(?!\s*undefined)/],
  [
    'a viewer is compared',
    /viewer\.(?:id|account\??\.id)\b\s*[!=]==(?!\s*undefined)|[!=]==\s*[\w.?]*viewer(?:Id|\.id|\.account\??\.id)\b/,
  ],
  ['a role is compared in a statement', /\brole\s*(?:(?:=|<>|!=)\s*(?:'|\$\{)|in\s*\((?!\$\{listOf\())/],
]
const MAY_JUDGE = 'src/core/access/permissions.ts'

const files = ['src', 'realtime']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))

const judgementsIn = (text: string): string[] =>
  text
    .split('\n')
    .flatMap((line) =>
      JUDGEMENTS.flatMap(([what, pattern]) => (pattern.test(line) ? [`${what}: ${line.trim()}`] : [])),
    )

describe('one place judges who may', () => {
  test('no other file compares roles, owners or viewers', () => {
    expect(files.length).toBeGreaterThan(150)
    const found = files
      .filter((file) => file !== MAY_JUDGE)
      .flatMap((file) => judgementsIn(readFileSync(file, 'utf8')).map((problem) => `${file}: ${problem}`))
    expect(found).toEqual([])
  })

  test.each([
    "if (account.role === 'admin') return",
    'if (found?.owner.id !== ownerId) throw',
    'return (await streams.ownerOf(streamId)) === accountId',
    'if (held?.viewerId !== session.viewer.id) throw',
    'const isOwner = ownerId === viewer.account?.id',
    "where u.role in ('moderator', 'admin')",
    "where role = 'admin'",
  ])('the search finds %s', (line) => {
    expect(judgementsIn(line)).not.toEqual([])
  })
})

describe('everything says what it asks for', () => {
  test.each(Object.entries<CallSpec>(calls))('the call %s', (_name, { scope }) => {
    expect(scope).toBeDefined()
  })
  test.each(Object.entries<RouteSpec>(routes))('the route %s', (_name, { scope }) => {
    expect(scope).toBeDefined()
  })
  test.each(Object.entries<TopicSpec>(topics))('the topic %s', (_name, { readScope }) => {
    expect(readScope).toBeDefined()
  })

  test('no token reaches what makes tokens, changes accounts or governs', () => {
    const closed = Object.values<RouteSpec>(routes).filter(
      ({ path }) => path.startsWith('/api/admin') || path.startsWith('/api/auth') || path.includes('/tokens'),
    )
    expect(closed.length).toBeGreaterThan(15)
    for (const { path, scope } of closed) expect(['login', 'security'], path).toContain(scope)
  })

  test('what every token reaches says nothing about its account', () => {
    const all = (specs: object) =>
      Object.entries(specs as Record<string, { scope?: string }>).filter(([, { scope }]) => scope === 'any')
    const open = [...all(routes), ...all(calls)].map(([name]) => name).sort()
    expect(open).toEqual(['getConfig', 'socketToken', 'topic:join', 'topic:leave'])
  })
})
