import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createConnection } from '../../client/connection.ts'
import { TOKEN_SCOPES, type TokenScope } from '../../src/core/access/scopes.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { startNodes } from '../support/nodes.ts'
import { clientId, type Person } from '../support/person.ts'
import { rawSocket, refusal } from '../support/raw-socket.ts'
import { openSql } from '../support/sql.ts'
import { about, apiOf, appoint, outcome } from '../support/staff.ts'
import { until } from '../support/until.ts'

let app: TestApp
let alice: Person
let mallory: Person

beforeAll(async () => {
  app = await startApp()
  ;[alice, mallory] = await Promise.all([app.person('alice'), app.person('mallory')])
})
afterAll(() => app[Symbol.asyncDispose]())

const create = (who: Person, scopes: TokenScope[] = [...TOKEN_SCOPES], name = 'A program') =>
  who.api.request('post /api/account/tokens', { body: { name, scopes, expiresInDays: 30 } })

const socketOf = (node: TestApp, token: string) =>
  rawSocket(node, {
    token: async () => (await apiOf(node, token).request('post /api/socket-token')).token,
  })

describe('an API token', () => {
  test('is shown once, kept as a hash, told apart in the list, and says when it was used', async () => {
    const { token, details } = await create(alice, ['read', 'read', 'account:read'], '  My\nbot ')
    expect(token).toMatch(/^sf_pat_[\w-]{43}$/)
    expect(details).toMatchObject({ name: 'My bot', scopes: ['read', 'account:read'], hint: token.slice(-4) })
    expect(details.lastUsedAt).toBeNull()
    const { account } = await apiOf(app, token).request('get /api/me')
    expect(account?.handle).toBe('alice')
    const { tokens } = await alice.api.request('get /api/account/tokens')
    expect(tokens[0]).toMatchObject({ id: details.id, name: 'My bot' })
    expect(tokens[0]?.lastUsedAt).toBeGreaterThan(0)
    expect(JSON.stringify(tokens)).not.toContain(token)
    await using sql = openSql(app)
    const dump = JSON.stringify([
      await sql`select * from api_tokens`,
      await sql`select * from audit_log where subject_id = ${alice.account.id}`,
    ])
    expect(dump).not.toContain(token)
    expect(dump).not.toContain(token.slice('sf_pat_'.length, -8))
    expect(dump).toContain('token.create')
  })

  test('opens sockets, and does there what its scopes name and nothing else', async () => {
    const { streamId } = alice.account
    const line = { clientId: clientId(), streamId, text: 'from a program' }
    const writer = await socketOf(app, (await create(alice, ['chat:write'])).token)
    expect(await writer.ask('chat:send', line)).toMatchObject({ ok: true })
    const refused = { ok: false, error: { code: 'forbidden', details: { reason: 'scope' } } }
    expect(await writer.ask('chat:history', { streamId, beforeSeq: 9 })).toMatchObject(refused)
    expect(await writer.ask('follow:add', { accountId: mallory.account.id })).toMatchObject(refused)
    expect(await writer.ask('topic:join', { topics: [{ topic: `chat:${streamId}` }] })).toMatchObject({
      data: { topics: [{ error: { code: 'forbidden' } }] },
    })
    const reader = await socketOf(app, (await create(alice, ['read'])).token)
    expect(await reader.ask('chat:send', { ...line, clientId: clientId() })).toMatchObject(refused)
    const own = `notifications:${alice.account.id}`
    expect(
      await reader.ask('topic:join', { topics: [{ topic: `chat:${streamId}` }, { topic: own }] }),
    ).toMatchObject({ data: { topics: [{ class: 'durable' }, { error: { code: 'forbidden' } }] } })
    expect(await reader.ask('media:open-transport', { streamId, direction: 'send' })).toMatchObject({
      ok: false,
      error: { code: 'forbidden' },
    })
    for (const socket of [writer, reader]) socket.close()
  })

  test('with all scopes makes no token, revokes none, changes no account and governs nobody', async () => {
    const root = await app.person('chief')
    await appoint(app, root, 'admin')
    const { token, details } = await create(root)
    const api = apiOf(app, token)
    const body = { name: 'Escalated', scopes: [...TOKEN_SCOPES], expiresInDays: 1 }
    const tokenId = details.id
    const attempts = [
      api.request('post /api/account/tokens', { body }),
      api.request('get /api/account/tokens'),
      api.request('delete /api/account/tokens/{tokenId}', { params: { tokenId } }),
      api.request('put /api/account/credentials', {
        body: { email: 'x@example.com', password: 'a long password' },
      }),
      api.request('post /api/auth/sign-out'),
      api.request('post /api/account/upgrades', { body: { kind: 'creator' } }),
      api.request('get /api/admin/people', { query: {} }),
      api.request('put /api/admin/people/{accountId}/role', {
        ...about(root),
        body: { role: 'member', reason: 'Because' },
      }),
      api.request('get /api/admin/audit', { query: {} }),
    ]
    expect(new Set(await Promise.all(attempts.map(outcome)))).toEqual(new Set(['forbidden scope']))
    expect(await outcome(api.request('get /api/account/standing'))).toBe('done')
  })

  test('learns whose it is where it may read the account, and else not', async () => {
    const meOf = async (scopes: TokenScope[]) =>
      outcome(apiOf(app, (await create(alice, scopes)).token).request('get /api/me'))
    expect(await meOf(['account:read'])).toBe('done')
    expect(await meOf(TOKEN_SCOPES.filter((scope) => scope !== 'account:read'))).toBe('forbidden scope')
  })

  test('of somebody else can be neither seen nor revoked', async () => {
    const { token, details } = await create(alice)
    const params = { tokenId: details.id }
    expect(await outcome(mallory.api.request('delete /api/account/tokens/{tokenId}', { params }))).toBe(
      'not_found',
    )
    const { tokens } = await mallory.api.request('get /api/account/tokens')
    expect(tokens.map(({ id }) => id)).not.toContain(details.id)
    expect(await outcome(apiOf(app, token).request('get /api/me'))).toBe('done')
  })

  test('takes no field but its own, no scope that does not exist, and no life without end', async () => {
    const body = { name: 'x', scopes: ['read'], expiresInDays: 1 }
    const attempts = [
      { ...body, userId: mallory.account.id },
      { ...body, role: 'admin' },
      { ...body, scopes: ['admin'] },
      { ...body, scopes: ['login'] },
      { ...body, scopes: [] },
      { ...body, expiresInDays: 10_000 },
      { ...body, name: ' ' },
    ]
    for (const attempt of attempts) {
      const request = alice.api.request('post /api/account/tokens', { body: attempt as never })
      expect(await outcome(request), JSON.stringify(attempt)).toBe('invalid_input')
    }
  })

  test('that is no good is told so, and is not taken for a visitor', async () => {
    const { token } = await create(alice)
    const wrong = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
    for (const bad of [wrong, 'sf_pat_', 'sf_pat_x', `${token}x`])
      expect(await outcome(apiOf(app, bad).request('post /api/socket-token'))).toBe('unauthenticated')
    await using sql = openSql(app)
    await sql`update api_tokens set expires_at = now() - interval '1 second' where user_id = ${alice.account.id}`
    expect(await outcome(apiOf(app, token).request('get /api/me'))).toBe('unauthenticated')
  })

  test('fifty are the most, also where many are made at once', async () => {
    const bob = await app.person('bob')
    await using sql = openSql(app)
    await sql`insert into api_tokens (id, user_id, name, hash, hint, scopes, expires_at)
      select gen_random_uuid(), ${bob.account.id}, 'Planted', md5(n::text) || md5(n::text || 'b'), 'abcd', '{read}', now() + interval '1 day'
      from generate_series(1, 48) n`
    const made = await Promise.all([1, 2, 3, 4].map(() => outcome(create(bob))))
    expect(made.sort()).toEqual(['conflict', 'conflict', 'done', 'done'])
  })

  test('of a person who is demoted, suspended or banned is worth no more than the person', async () => {
    const [root, carol] = [await app.person('root_of_all'), await app.person('carol')]
    await appoint(app, root, 'admin')
    const { token } = await create(carol)
    const api = apiOf(app, token)
    const socket = await socketOf(app, token)
    const gone = new Promise((resolve) => socket.socket.once('disconnect', resolve))
    const reason = 'For the test'
    await root.api.request('put /api/admin/people/{accountId}/sanction', {
      ...about(carol),
      body: { kind: 'suspended', reason },
    })
    await gone
    const back = await socketOf(app, token)
    const { streamId } = carol.account
    expect(await back.ask('chat:send', { clientId: clientId(), streamId, text: 'hello' })).toMatchObject({
      ok: false,
      error: { code: 'forbidden', details: { reason: 'suspended', untilMs: null } },
    })
    expect(await outcome(api.request('get /api/me'))).toBe('done')
    await root.api.request('put /api/admin/people/{accountId}/sanction', {
      ...about(carol),
      body: { kind: 'banned', reason },
    })
    expect(await outcome(api.request('get /api/me'))).toBe('unauthenticated')
    await root.api.request('post /api/admin/people/{accountId}/lift', { ...about(carol), body: { reason } })
    expect(await outcome(api.request('get /api/me'))).toBe('unauthenticated')
  })
})

describe('a revoked API token', () => {
  test('loses its sockets on every gateway, spares the others, and its socket tokens admit nobody', async () => {
    await using site = await startNodes(2)
    const [one, two] = site.nodes as [TestApp, TestApp]
    const dora = await one.person('dora')
    const [doomed, spared] = [await create(dora), await create(dora)]
    const sockets = [await socketOf(one, doomed.token), await socketOf(two, doomed.token)]
    const other = await socketOf(two, spared.token)
    const { token: admission } = await apiOf(two, doomed.token).request('post /api/socket-token')
    const closed = sockets.map(({ socket }) => new Promise((resolve) => socket.once('disconnect', resolve)))
    await dora.api.request('delete /api/account/tokens/{tokenId}', { params: { tokenId: doomed.details.id } })
    await Promise.all(closed)
    expect(other.socket.connected).toBe(true)
    await until(
      'the refusal',
      async () => (await refusal(two, { auth: { token: admission } })) === 'token_expired',
    )
    expect(await outcome(apiOf(two, doomed.token).request('get /api/me'))).toBe('unauthenticated')
    // The client package stays out as well, and says so.
    const connection = createConnection({
      origin: one.url,
      getConfig: () => apiOf(one, spared.token).request('get /api/config'),
      getToken: async () => (await apiOf(one, doomed.token).request('post /api/socket-token')).token,
    })
    await expect(
      connection.call('topic:leave', { topics: ['directory:live'] }, { timeoutMs: 1500 }),
    ).rejects.toThrow()
    connection.close()
    other.close()
  })
})
