import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import type { Person } from '../support/person.ts'
import { openSql } from '../support/sql.ts'
import { about, appoint, outcome } from '../support/staff.ts'

let app: TestApp
let people: Record<'chief' | 'warden' | 'bob', Person>

beforeAll(async () => {
  app = await startApp()
  const [chief, warden, bob] = await Promise.all(['chief', 'warden', 'bob'].map((name) => app.person(name)))
  people = { chief, warden, bob } as typeof people
  await appoint(app, people.chief, 'admin')
  await appoint(app, people.warden, 'moderator')
})
afterAll(() => app[Symbol.asyncDispose]())

describe('upgrades', () => {
  test('a creator is one at once, an advertiser by an admin, and both stand in the log', async () => {
    const { chief, warden, bob } = people
    const ask = (kind: 'creator' | 'advertiser', note = '') =>
      bob.api.request('post /api/account/upgrades', { body: { kind, note } })
    expect((await ask('creator')).upgrade).toMatchObject({ kind: 'creator', state: 'granted' })
    expect((await ask('advertiser', 'Umbrellas')).upgrade).toMatchObject({
      state: 'pending',
      note: 'Umbrellas',
    })
    expect([await outcome(ask('creator')), await outcome(ask('advertiser'))]).toEqual([
      'conflict',
      'conflict',
    ])
    const { requests } = await chief.api.request('get /api/admin/upgrades')
    expect(requests).toMatchObject([{ account: { handle: 'bob' }, note: 'Umbrellas' }])
    expect(await outcome(warden.api.request('get /api/admin/upgrades'))).toBe('forbidden')
    const decide = (by: Person, state: 'granted' | 'refused', whom = bob) =>
      by.api.request('put /api/admin/people/{accountId}/upgrades', {
        ...about(whom),
        body: { kind: 'advertiser', state, reason: 'Looked at' },
      })
    expect(await outcome(decide(warden, 'granted'))).toBe('forbidden')
    expect(await outcome(decide(bob, 'granted'))).toBe('forbidden')
    expect(await outcome(decide(chief, 'granted', warden))).toBe('not_found')
    expect((await decide(chief, 'granted')).upgrade.state).toBe('granted')
    expect((await decide(chief, 'refused')).upgrade.state).toBe('refused')
    expect(await outcome(ask('advertiser'))).toBe('conflict')
    const { person, may } = await chief.api.request('get /api/admin/people/{accountId}', about(bob))
    expect(person.upgrades.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'creator granted',
      'advertiser refused',
    ])
    expect(may).toEqual({ suspend: true, ban: true, giveRole: true, decideUpgrade: true })
  })
})

describe('finding people', () => {
  test('by handle and name, by mail address for admins alone, in pages, whatever is typed', async () => {
    const { chief, warden, bob } = people
    const find = async (by: Person, search: string) =>
      (await by.api.request('get /api/admin/people', { query: { search } })).people.map(
        ({ handle }) => handle,
      )
    expect(await find(warden, 'BO')).toContain('bob')
    expect(await find(chief, 'bob@exam')).toEqual(['bob'])
    expect(await find(warden, 'bob@exam')).toEqual([])
    for (const search of ['%', '_', '\\', "'; drop table users; --"])
      expect(await find(chief, search)).toEqual([])
    const mails = await Promise.all(
      [chief, warden].map(
        async (by) => (await by.api.request('get /api/admin/people/{accountId}', about(bob))).person.mail,
      ),
    )
    expect(mails).toEqual(['bob@example.com', null])
    expect(await outcome(bob.api.request('get /api/admin/people/{accountId}', about(bob)))).toBe('forbidden')
    await using sql = openSql(app)
    await sql`insert into users (id, handle, display_name) select gen_random_uuid(), 'planted_' || n, 'Planted' from generate_series(1, 70) n`
    const first = await warden.api.request('get /api/admin/people', { query: { search: 'planted' } })
    const query = { search: 'planted', cursor: first.nextCursor ?? '' }
    const second = await warden.api.request('get /api/admin/people', { query })
    expect([first.people.length, second.people.length, second.nextCursor]).toEqual([50, 20, null])
    expect(new Set([...first.people, ...second.people].map(({ id }) => id)).size).toBe(70)
  })
})
