import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApi } from '../../client/http.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { clientId, PASSWORD, type Person } from '../support/person.ts'
import { rawSocket, refusal, tokenOf } from '../support/raw-socket.ts'
import { openSql } from '../support/sql.ts'
import { about, appoint, outcome } from '../support/staff.ts'
import { until } from '../support/until.ts'

let app: TestApp
let people: Record<'chief' | 'deputy' | 'warden' | 'peer' | 'bob' | 'carol', Person>

const REASON = 'Unwanted advertising'
const say = ({ account: { streamId }, connection }: Person, text = 'hello') =>
  connection.call('chat:send', { clientId: clientId(), streamId, text })
const suspend = (by: Person, whom: Person, more: { forMs?: number; kind?: 'suspended' | 'banned' } = {}) =>
  by.api.request('put /api/admin/people/{accountId}/sanction', {
    ...about(whom),
    body: { kind: 'suspended', reason: REASON, ...more },
  })
const lift = (by: Person, whom: Person) =>
  by.api.request('post /api/admin/people/{accountId}/lift', { ...about(whom), body: { reason: 'Forgiven' } })
const giveRole = (by: Person, whom: Person, role: 'member' | 'moderator' | 'admin') =>
  by.api.request('put /api/admin/people/{accountId}/role', {
    ...about(whom),
    body: { role, reason: 'Needed' },
  })
const audit = async (query: { action?: 'account.suspend' | 'account.role'; subjectId?: string } = {}) =>
  (await people.chief.api.request('get /api/admin/audit', { query })).entries

beforeAll(async () => {
  app = await startApp()
  const names = ['chief', 'deputy', 'warden', 'peer', 'bob', 'carol'] as const
  const made = await Promise.all(names.map((name) => app.person(name)))
  people = Object.fromEntries(made.map((person) => [person.account.handle, person])) as typeof people
  for (const name of ['chief', 'deputy'] as const) await appoint(app, people[name], 'admin')
  for (const name of ['warden', 'peer'] as const) await appoint(app, people[name], 'moderator')
})
afterAll(() => app[Symbol.asyncDispose]())

describe('a suspension', () => {
  test('keeps somebody from acting and not from reading, says why and until when, and is lifted', async () => {
    const { warden, bob } = people
    const { sanction } = await suspend(warden, bob, { forMs: 3_600_000 })
    const refused = { code: 'forbidden', details: { reason: 'suspended', untilMs: sanction.until } }
    await until('the refusal', () =>
      say(bob).then(
        () => false,
        (error) => error.details?.reason === 'suspended',
      ),
    )
    await expect(say(bob)).rejects.toMatchObject(refused)
    const details = { title: 'No', category: 'talk', visibility: 'public' } as const
    await expect(
      bob.connection.call('broadcast:start', { clientId: clientId(), ...details }),
    ).rejects.toMatchObject(refused)
    await expect(
      bob.api.request('post /api/account/upgrades', { body: { kind: 'creator' } }),
    ).rejects.toMatchObject(refused)
    expect(await outcome(bob.api.request('get /api/feed', { query: {} }))).toBe('done')
    const me = await bob.api.request('get /api/me')
    expect(me.suspension).toEqual({ reason: REASON, until: sanction.until })
    const { sanction: own } = await bob.api.request('get /api/account/standing')
    expect(own).toEqual(sanction)
    await lift(warden, bob)
    await until('them to be free', () =>
      say(bob).then(
        () => true,
        () => false,
      ),
    )
    expect((await bob.api.request('get /api/me')).suspension).toBeNull()
    expect(await outcome(lift(warden, bob))).toBe('conflict')
  })

  test('ends by itself when its time is over, on the socket that is open', async () => {
    const { peer } = people
    await using sql = openSql(app)
    await sql`insert into account_sanctions (account_id, kind, reason, until)
      values (${peer.account.id}, 'suspended', ${REASON}, now() + interval '2 seconds')`
    // Its token says the end; nothing is sent when that is reached.
    const socket = await rawSocket(app, peer)
    const send = () =>
      socket.ask('chat:send', { clientId: clientId(), streamId: peer.account.streamId, text: 'early' })
    expect(await send()).toMatchObject({ ok: false, error: { details: { reason: 'suspended' } } })
    await until('the end', async () => (await send()).ok)
    expect((await peer.api.request('get /api/me')).suspension).toBeNull()
    socket.close()
  })

  test('is for lower roles only: nobody suspends themselves, an equal or a superior', async () => {
    const { chief, deputy, warden, peer, bob, carol } = people
    const refused = [
      suspend(bob, carol),
      suspend(bob, bob),
      suspend(warden, warden),
      suspend(warden, peer),
      suspend(warden, chief),
      suspend(chief, chief),
      suspend(chief, deputy),
      suspend(warden, carol, { kind: 'banned' }),
      lift(warden, chief),
      lift(bob, carol),
    ]
    expect(new Set(await Promise.all(refused.map(outcome)))).toEqual(new Set(['forbidden']))
    expect(await outcome(suspend(chief, warden))).toBe('done')
    expect(await outcome(suspend(warden, carol))).toBe('forbidden suspended')
    await lift(chief, warden)
    const nobody = { params: { accountId: '00000000-0000-7000-8000-000000000000' } }
    const body = { kind: 'suspended', reason: REASON } as const
    expect(
      await outcome(chief.api.request('put /api/admin/people/{accountId}/sanction', { ...nobody, body })),
    ).toBe('not_found')
    expect(await outcome(suspend(chief, carol, { kind: 'banned', forMs: 60_000 }))).toBe('conflict')
  })
})

describe('a ban', () => {
  test('ends sessions and sockets, and nothing lets them in until it is lifted by an admin', async () => {
    const { chief, warden } = people
    const eve = await app.person('evil')
    const socket = await rawSocket(app, eve)
    const admission = await tokenOf(eve)
    const told = new Promise((resolve) => socket.socket.once('disconnect', resolve))
    await suspend(chief, eve, { kind: 'banned' })
    await told
    // Until the gateway has read how the account is now, nobody gets in at all.
    await until('the refusal for good', async () => {
      const told = await refusal(app, { auth: { token: admission } })
      expect(['unavailable', 'token_expired']).toContain(told)
      return told === 'token_expired'
    })
    expect((await eve.api.request('get /api/me')).account).toBeNull()
    const visitor = createApi({ baseUrl: app.url })
    const signIn = () =>
      visitor.request('post /api/auth/sign-in', { body: { email: eve.email, password: PASSWORD } })
    expect(await outcome(signIn())).toBe('forbidden banned')
    expect(await outcome(lift(warden, eve))).toBe('forbidden')
    expect(await outcome(suspend(warden, eve))).toBe('forbidden')
    await lift(chief, eve)
    expect(await outcome(signIn())).toBe('done')
  })
})

describe('roles', () => {
  test('are given by admins alone, and nobody raises themselves', async () => {
    const { chief, warden, bob, carol } = people
    const refused = [
      giveRole(warden, warden, 'admin'),
      giveRole(bob, bob, 'admin'),
      giveRole(warden, carol, 'moderator'),
    ]
    expect(new Set(await Promise.all(refused.map(outcome)))).toEqual(new Set(['forbidden']))
    expect(await giveRole(chief, carol, 'moderator')).toEqual({ role: 'moderator' })
    expect(await outcome(carol.api.request('get /api/admin/people', { query: {} }))).toBe('done')
    await giveRole(chief, carol, 'member')
    expect(await outcome(carol.api.request('get /api/admin/people', { query: {} }))).toBe('forbidden')
    await suspend(chief, carol)
    expect(await outcome(giveRole(chief, carol, 'admin'))).toBe('conflict')
    await lift(chief, carol)
    await using sql = openSql(app)
    expect(await sql`select role from users where id = ${warden.account.id}`).toEqual([{ role: 'moderator' }])
  })

  test('are not taken from any body that is not about them', async () => {
    const { bob } = people
    const role = { role: 'admin' }
    const credentials = { email: 'bob2@example.com', password: PASSWORD }
    await outcome(
      bob.api.request('put /api/account/credentials', { body: { ...credentials, ...role } as never }),
    )
    await outcome(
      bob.api.request('post /api/account/upgrades', { body: { kind: 'creator', ...role } as never }),
    )
    const body = { handle: 'sneaky', displayName: 'S', email: 's@example.com', password: PASSWORD, ...role }
    await createApi({ baseUrl: app.url }).request('post /api/auth/register', { body: body as never })
    await using sql = openSql(app)
    const rows = await sql`select role from users where handle in ('bob', 'sneaky')`
    expect([...rows]).toEqual([{ role: 'member' }, { role: 'member' }])
  })

  test('two admins who demote each other at once leave one', async () => {
    await using own = await startApp()
    const [one, two] = await Promise.all([own.person('first_admin'), own.person('second_admin')])
    // The one that the server makes for itself is no admin here.
    await using sql = openSql(own)
    await sql`update users set role = 'member'`
    for (let round = 0; round < 5; round++) {
      for (const person of [one, two]) await appoint(own, person, 'admin')
      const outcomes = await Promise.all([
        outcome(giveRole(one, two, 'member')),
        outcome(giveRole(two, one, 'member')),
      ])
      expect(outcomes.sort()).toEqual(['done', 'forbidden'])
      const [left] = await sql<{ id: string }[]>`select id from users where role = 'admin'`
      const last = left?.id === one.account.id ? one : two
      expect(await outcome(giveRole(last, last, 'member'))).toBe('conflict last_admin')
    }
  })
})

describe('the audit log', () => {
  test('has who did what to whom, why, how it was and is, and from where; filtered and in pages', async () => {
    const { chief, warden, bob } = people
    const [entry] = (await audit({ action: 'account.suspend', subjectId: bob.account.id })).slice(-1)
    expect(entry).toMatchObject({
      ...{ actor: { handle: 'warden' }, subject: { handle: 'bob' }, reason: REASON },
      ...{ before: { state: 'free' }, after: { state: 'suspended' }, network: '127.0.0.0/24' },
    })
    expect(await outcome(warden.api.request('get /api/admin/audit', { query: {} }))).toBe('forbidden')
    const path = 'get /api/admin/people/{accountId}/history'
    const { entries } = await warden.api.request(path, { ...about(bob), query: {} })
    expect(entries.some(({ action }) => action === 'account.lift')).toBe(true)
    expect(new Set(entries.map(({ network }) => network))).toEqual(new Set([null]))
    expect(await outcome(bob.api.request(path, { ...about(bob), query: {} }))).toBe('forbidden')
    await using sql = openSql(app)
    await sql`insert into audit_log (id, at, actor_id, action, subject_id)
      select gen_random_uuid(), '2020-01-01'::timestamptz + n * interval '1 millisecond', ${warden.account.id}, 'account.role', ${bob.account.id}
      from generate_series(1, 120) n`
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const query = { actorId: warden.account.id, until: Date.parse('2021-01-01'), ...(cursor && { cursor }) }
      const page = await chief.api.request('get /api/admin/audit', { query })
      seen.push(...page.entries.map(({ id }) => id))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect([seen.length, new Set(seen).size]).toEqual([120, 120])
  })

  test('is filtered by the handles of who acted and of whom it was done to, for admins alone', async () => {
    const { chief, warden, carol } = people
    await suspend(warden, carol)
    await lift(chief, carol)
    type Query = { actor?: string; subject?: string; action?: 'account.lift' }
    const find = async (query: Query) => {
      const since = Date.parse('2021-01-01')
      const { entries } = await chief.api.request('get /api/admin/audit', { query: { ...query, since } })
      return entries.map(({ action, actor, subject }) => [action, actor?.handle, subject?.handle].join(' '))
    }
    const byBoth = await find({ actor: '@Warden', subject: ' carol ' })
    expect(byBoth).toContain('account.suspend warden carol')
    expect(byBoth.filter((line) => !line.endsWith('warden carol'))).toEqual([])
    expect((await find({ actor: 'chief', subject: 'carol', action: 'account.lift' }))[0]).toBe(
      'account.lift chief carol',
    )
    const ofWarden = await find({ actor: 'warden' })
    expect(new Set(ofWarden.map((line) => line.split(' ')[1]))).toEqual(new Set(['warden']))
    expect(await find({ actor: 'nobody_at_all' })).toEqual([])
    expect(await find({ subject: '%' })).toEqual([])
    const path = 'get /api/admin/audit'
    expect(await outcome(chief.api.request(path, { query: { actor: ' ' } }))).toBe('invalid_input')
    for (const person of [warden, carol])
      expect(await outcome(person.api.request(path, { query: { actor: 'warden' } }))).toBe('forbidden')
  })

  test('can not be changed by the program, nor by the owner of the schema', async () => {
    await using sql = openSql(app)
    const { default: postgres } = await import('postgres')
    const program = postgres(app.database.appUrl, { max: 1, onnotice: () => {} })
    const statements = ['update audit_log set reason = $$x$$', 'delete from audit_log', 'truncate audit_log']
    for (const statement of statements) {
      await expect(program.unsafe(statement), statement).rejects.toMatchObject({ code: '42501' })
      await expect(sql.unsafe(statement), statement).rejects.toMatchObject({ code: '42501' })
    }
    const granted = await sql`select privilege_type as type from information_schema.role_table_grants
      where table_name = 'audit_log' and grantee = 'social_flow' order by 1`
    expect(granted.map(({ type }) => type)).toEqual(['INSERT', 'SELECT'])
    await program.end()
  })

  test('has no line of what was refused', async () => {
    const { warden, chief } = people
    const before = (await audit({ subjectId: chief.account.id })).length
    await outcome(suspend(warden, chief))
    await outcome(giveRole(warden, chief, 'member'))
    expect(await audit({ subjectId: chief.account.id })).toHaveLength(before)
  })
})
