import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FATES } from '../../src/features/data/data.tables.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { erased, exported, fetchExport, leave, sweep } from '../support/leaving.ts'
import { clientId, PASSWORD, type Person } from '../support/person.ts'
import { rawSocket } from '../support/raw-socket.ts'
import { openSql } from '../support/sql.ts'
import { about, apiOf, appoint, outcome } from '../support/staff.ts'
import { until } from '../support/until.ts'

let app: TestApp
let fan: Person
/** Wanted to go once, and stayed. */
let cleo: Person

beforeAll(async () => {
  app = await startApp()
  fan = await app.person('fan')
})
afterAll(() => app[Symbol.asyncDispose]())

const signIn = (who: Person) =>
  who.api.request('post /api/auth/sign-in', {
    body: { email: who.email, password: PASSWORD, session: 'bearer' },
  })
const undo = (who: Person) => who.api.request('delete /api/account/deletion')
const profileOf = (who: Person, asker: Person) =>
  outcome(asker.api.request('get /api/accounts/{handle}', { params: { handle: who.account.handle } }))
const say = (who: Person, where: Person, text: string) =>
  who.connection.call('chat:send', { clientId: clientId(), streamId: where.account.streamId, text })
const start = (who: Person) =>
  who.connection.call('broadcast:start', {
    ...{ clientId: clientId(), title: 'The last show', category: 'talk', visibility: 'public' },
  })

describe('who deletes their account', () => {
  test('is gone for others at once: profile, stream, lists, and what is on air', async () => {
    const ada = await app.person('ada')
    const guest = await app.visitor()
    await fan.connection.call('follow:add', { accountId: ada.account.id })
    await start(ada)
    const seen = guest.follow(`stream:${ada.account.streamId}`)
    await until('the guest to be in', () => seen.items.length > 0 || guest.connection.state === 'online')
    await leave(ada)
    for (const who of [fan, guest]) {
      expect(await profileOf(ada, who)).toBe('not_found')
      const params = { params: { handle: 'ada' } }
      expect(await outcome(who.api.request('get /api/streams/{handle}', params))).toBe('not_found')
    }
    await until('the guest to be put out', () => seen.closed.length > 0)
    const { people } = await fan.api.request('get /api/accounts/{handle}/following', {
      ...{ params: { handle: 'fan' }, query: {} },
    })
    expect(JSON.stringify(people)).not.toContain('ada')
    await using sql = openSql(app)
    const ended = () =>
      sql`select 1 from broadcasts where stream_id = ${ada.account.streamId} and end_reason = 'ended_by_owner'`
    await until('the end of the broadcast', async () => (await ended()).length > 0)
    const { streams } = await guest.api.request('get /api/streams/live')
    expect(JSON.stringify(streams)).not.toContain('The last show')
  })

  test('keeps the session they did it in and no other, and can do nothing but export and undo', async () => {
    const bob = await app.person('bob')
    const { token } = await bob.api.request('post /api/account/tokens', {
      body: { name: 'All', scopes: ['read'], expiresInDays: 5 },
    })
    const { bearer } = await signIn(bob)
    const elsewhere = { ...bob, bearer, api: apiOf(app, bearer as string) }
    const other = await rawSocket(app, {
      token: async () => (await elsewhere.api.request('post /api/socket-token')).token,
    })
    const closed = new Promise((resolve) => other.socket.once('disconnect', resolve))
    const { deletion } = await leave(bob)
    expect(deletion.eraseAt - deletion.askedAt).toBeGreaterThan(29 * 86_400_000)
    await closed
    expect((await elsewhere.api.request('get /api/me')).account).toBeNull()
    expect(await outcome(apiOf(app, token).request('get /api/me'))).toBe('unauthenticated')

    const me = await bob.api.request('get /api/me')
    expect(me).toMatchObject({ account: { handle: 'bob' }, deletion: { eraseAt: deletion.eraseAt } })
    const refused = 'forbidden deleting'
    expect(await outcome(say(bob, fan, 'still here'))).toBe(refused)
    expect(await outcome(start(bob))).toBe(refused)
    expect(await outcome(bob.api.request('get /api/feed', { query: {} }))).toBe(refused)
    expect(await outcome(bob.api.request('patch /api/profile', { body: { bio: 'Hello' } }))).toBe(refused)
    expect((await fetchExport(app, bob, (await exported(bob)).id)).status).toBe(200)
    const mail = await until('the mail', async () => {
      const { mails } = await fan.api.request('get /api/dev/inbox')
      return mails.find(({ to, subject }) => to === bob.email && subject === 'Your account will be deleted')
    })
    expect(mail.text).toContain('/settings/data')
  })

  test('can sign in again and undo it, and everything is as it was', async () => {
    cleo = await app.person('cleo')
    await fan.connection.call('follow:add', { accountId: cleo.account.id })
    await leave(cleo)
    expect(await outcome(leave(cleo))).toBe('conflict')
    const { bearer } = await signIn(cleo)
    const back = { ...cleo, bearer, api: apiOf(app, bearer as string) }
    await undo(back)
    expect(await outcome(undo(back))).toBe('conflict')
    expect(await profileOf(cleo, fan)).toBe('done')
    expect((await back.api.request('get /api/me')).deletion).toBeNull()
    await until(
      'their socket to be as before',
      async () => (await outcome(say(cleo, fan, 'I stay'))) === 'done',
    )
    await sweep(app)
    await using sql = openSql(app)
    const log = await sql`select action from audit_log where subject_id = ${cleo.account.id} order by at`
    expect(log.map(({ action }) => action)).toEqual(['account.delete', 'account.keep'])
  })

  test('must say their handle, and prove that it is them', async () => {
    const request = (body: { handle: string }) =>
      outcome(fan.api.request('post /api/account/deletion', { body }))
    expect(await request({ handle: 'somebody' })).toBe('invalid_input')
    await using sql = openSql(app)
    await sql`update login_sessions set confirmed_at = null where user_id = ${fan.account.id}`
    expect(await request({ handle: 'fan' })).toBe('confirm_required')
    await sql`update login_sessions set confirmed_at = now() where user_id = ${fan.account.id}`
  })

  test('leaves an administrator: of two who go or are demoted at once, one stays', async () => {
    const [eli, flo] = await Promise.all([app.person('eli'), app.person('flo')])
    await using sql = openSql(app)
    for (let round = 0; round < 3; round++) {
      for (const who of [eli, flo]) await appoint(app, who, 'admin')
      const demote = eli.api.request('put /api/admin/people/{accountId}/role', {
        ...about(flo),
        body: { role: 'member', reason: 'For the test' },
      })
      await Promise.all([outcome(demote), outcome(leave(eli)), outcome(leave(flo))])
      const left = await sql`select 1 from users u where role = 'admin' and not exists (
        select 1 from account_deletions d where d.account_id = u.id)`
      expect(left).toHaveLength(1)
      await sql`delete from account_deletions`
    }
    await sql`update users set role = 'member'`
    await appoint(app, eli, 'admin')
    expect(await outcome(leave(eli))).toBe('conflict last_admin')
  })
})

describe('once the grace period is over', () => {
  /** Columns of the database that lead to accounts: by a foreign key, or by their name where there is none. */
  const leading = (sql: ReturnType<typeof openSql>) => sql<{ table: string; column: string }[]>`
    select c.conrelid::regclass::text as "table", a.attname as "column" from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f' and c.confrelid = 'users'::regclass
    union
    select r.relname, a.attname from pg_attribute a join pg_class r on r.oid = a.attrelid
    where r.relnamespace = 'public'::regnamespace and r.relkind in ('r', 'p') and not r.relispartition
      and a.atttypid = 'uuid'::regtype and a.attname ~ '(user|account|author|actor|owner|follower|followee|blocker|blocked|muter|muted|requester|target)_id$|_by$|^subject_id$'`

  /** Ids of other things under a name that accounts have as well. */
  const OF_OTHERS = ['notifications.subject_id', 'notification_keys.subject_id', 'activities.subject_id']

  test('it is decided for every column that leads to accounts what becomes of it', async () => {
    await using sql = openSql(app)
    const found = (await leading(sql)).map(({ table, column }) => `${table}.${column}`)
    const decided = FATES.map(({ table, column }) => `${table}.${column}`)
    expect(found.filter((name) => !OF_OTHERS.includes(name)).sort()).toEqual(
      decided.filter((name) => name !== 'users.id').sort(),
    )
  })

  test('nothing of the person is left, lines keep their numbers, and counts of others are right', async () => {
    const [gil, hal] = await Promise.all([app.person('gil'), app.person('hal')])
    await using sql = openSql(app)
    await gil.connection.call('follow:add', { accountId: hal.account.id })
    await hal.connection.call('follow:add', { accountId: gil.account.id })
    await say(hal, hal, 'one')
    await say(gil, hal, 'a secret of gil')
    await say(hal, hal, 'three')
    await say(hal, gil, 'in the room of gil')
    const { id: broadcastId } = await start(hal)
    await gil.connection.call('like:add', { broadcastId })
    await gil.connection.call('block:add', { accountId: fan.account.id })
    await gil.api.request('patch /api/profile', { body: { bio: 'Secret life' } })
    await exported(gil)
    await leave(gil)
    await erased(app, gil)

    const kept = FATES.filter(({ fate }) => fate === 'keep').map(({ table, column }) => `${table}.${column}`)
    for (const { table, column } of await leading(sql)) {
      const name = `${table}.${column}`
      if (kept.includes(name) || OF_OTHERS.includes(name) || name === 'chat_messages.author_id') continue
      const rows = await sql`select 1 from ${sql(table)} where ${sql(column)} = ${gil.account.id}`
      expect(rows, name).toHaveLength(0)
    }
    const dump = JSON.stringify([
      await sql`select * from users where id = ${gil.account.id}`,
      await sql`select * from chat_messages`,
      await sql`select * from inbox_mails where recipient = ${gil.email}`,
    ])
    for (const text of ['gil', 'Secret life']) expect(dump).not.toContain(text)

    const { messages } = await hal.connection.call('chat:history', {
      streamId: hal.account.streamId,
      beforeSeq: 100,
    })
    expect(messages.map(({ seq, text }) => [seq, text])).toEqual([
      [1, 'one'],
      [2, ''],
      [3, 'three'],
    ])
    expect(messages[1]?.author.displayName).toBe('Deleted account')
    const [counts] =
      await sql`select followers_count, following_count from users where id = ${hal.account.id}`
    expect(counts).toEqual({ followers_count: 0, following_count: 0 })
    expect([...(await sql`select likes_count from broadcasts where id = ${broadcastId}`)]).toEqual([
      { likes_count: 0 },
    ])
    await until(
      'the archive to go',
      async () => (await sql`select 1 from account_exports where user_id = ${gil.account.id}`).length === 0,
    )
    expect(await outcome(undo(gil))).toBe('unauthenticated')
    expect(await outcome(signIn(gil))).toBe('unauthenticated')

    // The address is free, and the handle is not, for a while.
    const register = (handle: string) =>
      outcome(
        fan.api.request('post /api/auth/register', {
          body: { handle, displayName: 'New', email: gil.email, password: PASSWORD },
        }),
      )
    expect(await register('gil')).toBe('conflict')
    expect(await register('gilbert')).toBe('done')
    // What is done is not done again.
    await sweep(app)
    expect(await profileOf(gil, hal)).toBe('not_found')
  })

  test('an erasure that is broken off goes on where it was', async () => {
    await say(cleo, fan, 'words of cleo')
    await leave(cleo)
    await using sql = openSql(app)
    await sql`alter table broadcasts rename to broadcasts_away`
    await sql`update account_deletions set erase_at = now() where account_id = ${cleo.account.id}`
    await sweep(app)
    await until(
      'the first try',
      async () =>
        (
          await sql`select 1 from graphile_worker.jobs where task_identifier = 'data.erase' and attempts > 0 and last_error is not null`
        ).length > 0,
    )
    await sql`alter table broadcasts_away rename to broadcasts`
    expect(await outcome(undo(cleo))).toBe('unauthenticated')
    await erased(app, cleo)
    expect(await sql`select 1 from credentials where user_id = ${cleo.account.id}`).toHaveLength(0)
  })
})
