import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { users } from '../../drizzle/schema/accounts.ts'
import { oauthAccounts } from '../../drizzle/schema/oauth.ts'
import { MINUTE_MS } from '../../src/core/time.ts'
import { type HttpApp, startHttpApp } from './accounts.harness.ts'
import { failure, verified } from './accounts.people.ts'
import { send } from './http.requests.ts'
import { createDevice } from './passkey-device.ts'
import { browser, held, originOf, placeAt, withPasskey, withTotp } from './second-factor.people.ts'

let app: HttpApp
beforeAll(async () => {
  app = await startHttpApp({ env: { TRUSTED_PROXIES: '127.0.0.1' } })
})
afterAll(() => app[Symbol.asyncDispose]())

type Options = { challenge: string; rpId?: string; user?: { id: string }; rp?: { id?: string } }
const optionsOf = (answer: { json(): Record<string, unknown> }) => answer.json().options as Options

/** A browser at the name that passkeys are made for. */
function tab() {
  const at = browser(app)
  const page = { origin: originOf(app), host: `localhost:${app.port}` }
  return { ...at, post: (path: string, body: unknown) => at.post(path, body, page) }
}

describe('a passkey over HTTP', () => {
  it('is registered under a name, signs in alone, is renamed and removed', async () => {
    const who = await verified(app)
    const at = tab()
    await at.post('/api/auth/sign-in', who)
    const device = createDevice(originOf(app))
    const options = optionsOf(await at.post('/api/account/passkey-options', {}))
    expect(options).toMatchObject({ rp: { id: 'localhost' }, user: { name: who.handle } })
    const added = await at.post('/api/account/passkeys', {
      name: ' My key ',
      response: device.register(options),
    })
    expect(added.json()).toMatchObject({ passkey: { name: 'My key', isSynced: false, lastUsedAt: null } })
    const { id } = added.json().passkey as { id: string }

    const other = tab()
    const ask = optionsOf(await other.post('/api/auth/passkey-options', {}))
    expect(ask).not.toHaveProperty('allowCredentials')
    const end = await other.post('/api/auth/passkey', { response: device.use(ask) })
    expect(end.json()).toMatchObject({ account: { handle: who.handle } })
    expect(other.cookies.has('flow_session')).toBe(true)

    const headers = { ...who.cookie, 'content-type': 'application/json', origin: app.baseUrl }
    const path = '/api/account/passkeys/{id}'.replace('{id}', id)
    const renamed = await send(app, path, {
      method: 'PATCH',
      headers,
      body: JSON.stringify({ name: 'Blue' }),
    })
    expect(renamed.json()).toMatchObject({ passkey: { name: 'Blue', lastUsedAt: expect.any(Number) } })
    const mallory = await verified(app)
    const foreign = { ...headers, ...mallory.cookie }
    const body = JSON.stringify({ name: 'Mine' })
    expect((await send(app, path, { method: 'PATCH', headers: foreign, body })).status).toBe(404)
    expect((await send(app, path, { method: 'DELETE', headers: foreign })).status).toBe(404)
    expect((await send(app, path, { method: 'DELETE', headers })).status).toBe(200)
    expect(await app.passkeys.list(who.account.id)).toEqual([])
    const late = optionsOf(await other.post('/api/auth/passkey-options', {}))
    expect((await other.post('/api/auth/passkey', { response: device.use(late) })).json()).toMatchObject({
      code: 'unauthenticated',
      details: { reason: 'unknown_passkey' },
    })
  })

  it.each([true, false])('keeps a browser signed in as it was asked to (remember: %s)', async (remember) => {
    const who = await verified(app)
    const { device } = await withPasskey(app, who.account.id)
    const at = tab()
    const response = device.use(optionsOf(await at.post('/api/auth/passkey-options', {})))
    const { headers } = await at.post('/api/auth/passkey', { response, remember })
    const cookies = headers['set-cookie']?.filter((cookie) => /flow_(session|device)/.test(cookie)) ?? []
    expect(cookies.map((cookie) => /max-age/i.test(cookie))).toEqual([remember, remember])
    const session = await app.sessions.find(at.cookies.get('flow_session') ?? '')
    expect(session).toMatchObject({ userId: who.account.id, isLasting: remember })
  })

  it('finishes a held sign-in, and confirms a session', async () => {
    const who = await withTotp(app)
    const { device } = await withPasskey(app, who.account.id)
    const at = tab()
    const ticket = await held(at, who.email)
    const options = optionsOf(await at.post('/api/auth/second-factor/passkey-options', { ticket }))
    expect(options).toMatchObject({ allowCredentials: [{ id: device.id }] })
    // The password was right, so having the device is enough.
    const response = device.use(options, { isUnattended: true })
    const end = await at.post('/api/auth/second-factor/passkey', { ticket, response })
    expect(end.json()).toMatchObject({ account: { handle: who.handle } })
    expect((await at.post('/api/auth/second-factor/passkey', { ticket, response })).status).toBe(410)

    app.clock.aheadMs += 16 * MINUTE_MS
    expect((await at.post('/api/account/backup-codes', {})).json()).toMatchObject({
      code: 'confirm_required',
    })
    const ask = optionsOf(await at.post('/api/account/confirm/passkey-options', {}))
    const confirmed = await at.post('/api/account/confirm/passkey', { response: device.use(ask) })
    expect(confirmed.status).toBe(200)
    expect((await at.post('/api/account/backup-codes', {})).status).toBe(200)
  })

  it('of somebody else finishes and confirms nothing', async () => {
    const [alice, mallory] = [await withTotp(app), await withTotp(app)]
    const { device } = await withPasskey(app, mallory.account.id)
    await withPasskey(app, alice.account.id)
    const at = tab()
    const ticket = await held(at, alice.email)
    const options = optionsOf(await at.post('/api/auth/second-factor/passkey-options', { ticket }))
    const response = device.use(options)
    expect((await at.post('/api/auth/second-factor/passkey', { ticket, response })).status).toBe(401)
    // Neither with a challenge that mallory got for their own sign-in.
    const own = await held(at, mallory.email)
    const mine = optionsOf(await at.post('/api/auth/second-factor/passkey-options', { ticket: own }))
    const crossed = { ticket, response: device.use(mine) }
    expect((await at.post('/api/auth/second-factor/passkey', crossed)).status).toBe(410)
    expect(at.cookies.has('flow_session')).toBe(false)
  })
})

describe('a response of a passkey is refused', () => {
  const begin = async () => {
    const who = await verified(app)
    const { device } = await withPasskey(app, who.account.id)
    const place = placeAt(app)
    return { who, device, place, options: await app.passkeys.signInOptions(place) }
  }

  it('when it comes again, or twice at once', async () => {
    const { device, place, options } = await begin()
    const response = device.use(options)
    const ends = await Promise.allSettled([1, 2, 3].map(() => app.passkeys.signIn(response, place)))
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await failure(app.passkeys.signIn(response, place))).toMatchObject({ code: 'expired' })
  })

  it('from another browser, after ten minutes, and for a challenge of another kind or of nobody', async () => {
    const { who, device, place, options } = await begin()
    const elsewhere = placeAt(app, 'another browser')
    expect(await failure(app.passkeys.signIn(device.use(options), elsewhere))).toMatchObject({
      code: 'expired',
    })
    const confirm = await app.passkeys.confirmOptions(who.account.id, place)
    expect(await failure(app.passkeys.signIn(device.use(confirm), place))).toMatchObject({ code: 'expired' })
    const invented = device.use({ ...options, challenge: 'x'.repeat(43) })
    expect(await failure(app.passkeys.signIn(invented, place))).toMatchObject({ code: 'expired' })
    app.clock.aheadMs += 11 * MINUTE_MS
    expect(await failure(app.passkeys.signIn(device.use(options), place))).toMatchObject({ code: 'expired' })
  })

  it.each([
    ['made on another site', { origin: 'https://evil.example' }],
    ['made for another name', { rpId: 'evil.example' }],
    ['without finger or PIN, as the only factor', { isUnattended: true }],
    ['in the name of another account', { userHandle: Buffer.alloc(16, 7).toString('base64url') }],
  ])('%s', async (_what, changes) => {
    const { device, place, options } = await begin()
    expect(await failure(app.passkeys.signIn(device.use(options, changes), place))).toMatchObject({
      code: 'unauthenticated',
    })
    // The challenge is used up by the attempt.
    expect(await failure(app.passkeys.signIn(device.use(options), place))).toMatchObject({ code: 'expired' })
  })

  it('with the signature of another device, or nonsense in place of any part', async () => {
    const { device, place, options } = await begin()
    const thief = createDevice(originOf(app))
    const forged = { ...thief.use(options), id: device.id, rawId: device.id }
    expect(await failure(app.passkeys.signIn(forged, place))).toMatchObject({ code: 'unauthenticated' })
    for (const part of ['clientDataJSON', 'authenticatorData', 'signature'] as const) {
      const asked = await app.passkeys.signInOptions(place)
      const { response, ...rest } = device.use(asked)
      const broken = { ...rest, response: { ...response, [part]: 'bm9uc2Vuc2U' } }
      expect(await failure(app.passkeys.signIn(broken, place)), part).toMatchObject({
        code: 'unauthenticated',
      })
    }
  })

  it('when its counter does not move on, as with a copied device', async () => {
    const { device, place, options } = await begin()
    await app.passkeys.signIn(device.use(options, { counter: 7 }), place)
    for (const counter of [7, 3, 0]) {
      const copied = device.use(await app.passkeys.signInOptions(place), { counter })
      expect(await failure(app.passkeys.signIn(copied, place)), `${counter}`).toMatchObject({
        code: 'unauthenticated',
      })
    }
    const next = device.use(await app.passkeys.signInOptions(place), { counter: 8 })
    expect((await app.passkeys.signIn(next, place)).secret).toMatch(/^[a-z2-7]{40}$/)
  })

  it('at registration too: for another account, another site, without a person, or twice', async () => {
    const [alice, mallory] = [await verified(app), await verified(app)]
    const place = placeAt(app)
    const ask = (userId: string) => app.passkeys.registrationOptions(userId, place)
    const add = (userId: string, response: ReturnType<ReturnType<typeof createDevice>['register']>) =>
      app.passkeys.register(userId, { name: 'Key', response }, place)
    const device = createDevice(originOf(app))
    const crossed = device.register(await ask(mallory.account.id))
    expect(await failure(add(alice.account.id, crossed))).toMatchObject({ code: 'expired' })
    for (const changes of [
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { isUnattended: true },
    ]) {
      const response = device.register(await ask(alice.account.id), changes)
      expect(await failure(add(alice.account.id, response))).toMatchObject({ code: 'unauthenticated' })
    }
    await add(alice.account.id, device.register(await ask(alice.account.id)))
    const again = device.register(await ask(mallory.account.id))
    expect(await failure(add(mallory.account.id, again))).toMatchObject({ details: { reason: 'registered' } })
  })
})

describe('an account without a password', () => {
  it('keeps its last way in, also when two are taken at once', async () => {
    const { account } = await verified(app)
    const { streamId: _, ...rest } = account
    const userId = crypto.randomUUID()
    await app.db.orm.insert(users).values({ ...rest, id: userId, handle: `bare${userId.slice(0, 8)}` })
    const { passkey } = await withPasskey(app, userId)
    expect(await failure(app.passkeys.remove(userId, passkey.id))).toMatchObject({
      code: 'conflict',
      details: { reason: 'last_way_in' },
    })
    await app.db.orm
      .insert(oauthAccounts)
      .values({ issuer: 'https://id.example', subject: userId, userId, provider: 'oidc' })
    const ends = await Promise.allSettled([
      app.passkeys.remove(userId, passkey.id),
      app.oauth.unlink(userId, 'oidc'),
    ])
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('has twenty passkeys at most', async () => {
    const { account } = await verified(app)
    const place = placeAt(app)
    const ready = await app.passkeys.registrationOptions(account.id, place)
    for (let i = 0; i < 20; i++) await withPasskey(app, account.id)
    expect(await failure(app.passkeys.registrationOptions(account.id, place))).toMatchObject({
      details: { reason: 'too_many' },
    })
    const response = createDevice(originOf(app)).register(ready)
    expect(await failure(app.passkeys.register(account.id, { name: 'Key', response }, place))).toMatchObject({
      details: { reason: 'too_many' },
    })
  })
})
