import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RouteSpec } from '../../src/contract/define.ts'
import { routes } from '../../src/contract/index.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { PASSWORD, type Person } from '../support/person.ts'
import { openSql } from '../support/sql.ts'
import { about, appoint, outcome } from '../support/staff.ts'

let app: TestApp
let chief: Person
let bob: Person

beforeAll(async () => {
  app = await startApp()
  ;[chief, bob] = await Promise.all([app.person('chief'), app.person('bob')])
  await appoint(app, chief, 'admin')
  await bob.api.request('post /api/account/upgrades', { body: { kind: 'advertiser', note: '' } })
})
afterAll(() => app[Symbol.asyncDispose]())

/** As a quarter of an hour later. */
async function letConfirmationsPass(): Promise<void> {
  await using sql = openSql(app)
  await sql`update login_sessions set confirmed_at = now() - interval '16 minutes'`
}

const reason = 'As the rules say'
/** Acts that a stolen session must not be able to do by itself. */
const DANGEROUS: Record<string, () => Promise<unknown>> = {
  createToken: () =>
    bob.api.request('post /api/account/tokens', {
      body: { name: 'Bot', scopes: ['read'], expiresInDays: 1 },
    }),
  decideUpgrade: () =>
    chief.api.request('put /api/admin/people/{accountId}/upgrades', {
      ...about(bob),
      body: { kind: 'advertiser', state: 'granted', reason },
    }),
  giveRole: () =>
    chief.api.request('put /api/admin/people/{accountId}/role', {
      ...about(bob),
      body: { role: 'moderator', reason },
    }),
  sanction: () =>
    chief.api.request('put /api/admin/people/{accountId}/sanction', {
      ...about(bob),
      body: { kind: 'suspended', reason },
    }),
}

describe('acts that reach further than a session', () => {
  test('say in the contract that they need a confirmation', () => {
    const guarded = Object.entries<RouteSpec>(routes).flatMap(([name, { stepUp }]) => (stepUp ? [name] : []))
    expect(guarded).toEqual(expect.arrayContaining(Object.keys(DANGEROUS)))
  })

  test.each(Object.keys(DANGEROUS))('%s is refused to a session confirmed too long ago', async (name) => {
    await letConfirmationsPass()
    expect(await outcome(DANGEROUS[name]?.() ?? Promise.resolve())).toBe('confirm_required')
    for (const who of [chief, bob])
      await who.api.request('post /api/account/confirm', { body: { password: PASSWORD } })
    expect(await outcome(DANGEROUS[name]?.() ?? Promise.resolve())).toBe('done')
  })
})
