import { generate } from 'otplib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApi } from '../../client/http.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { clientId, PASSWORD, type Person } from '../support/person.ts'
import { rawSocket } from '../support/raw-socket.ts'
import { about, appoint, outcome } from '../support/staff.ts'
import { createDevice } from './passkey-device.ts'

let app: TestApp
let people: Record<'chief' | 'warden' | 'owner' | 'bob', Person>

beforeAll(async () => {
  app = await startApp({ STAFF_SECOND_FACTOR: 'on' })
  const names = ['chief', 'warden', 'owner', 'bob']
  const [chief, warden, owner, bob] = await Promise.all(names.map((name) => app.person(name)))
  people = { chief, warden, owner, bob } as typeof people
  await appoint(app, people.chief, 'admin')
  await appoint(app, people.warden, 'moderator')
  // Only staff is shown what is theirs.
  for (const who of [people.chief, people.warden, people.bob])
    await people.owner.connection.call('block:add', { accountId: who.account.id })
})
afterAll(() => app[Symbol.asyncDispose]())

const reason = 'Looked at'
/** What staff alone may, each by its transport. */
const asAdmin = ({ api }: Person) => ({
  'lists people': () => api.request('get /api/admin/people', { query: { search: 'o' } }),
  'reads the log': () => api.request('get /api/admin/audit', { query: {} }),
  'decides upgrades': () => api.request('get /api/admin/upgrades'),
  suspends: () =>
    api.request('put /api/admin/people/{accountId}/sanction', {
      ...about(people.bob),
      body: { kind: 'suspended', reason, forMs: 60_000 },
    }),
  'gives roles': () =>
    api.request('put /api/admin/people/{accountId}/role', {
      ...about(people.bob),
      body: { role: 'moderator', reason },
    }),
})

/** How what the owner hides answers over HTTP, by a call and by a topic. */
async function sight(who: Person) {
  const { streamId } = people.owner.account
  const socket = await rawSocket(app, who)
  const said = (answer: unknown) => JSON.stringify(answer).includes('"not_found"')
  try {
    const hidden = {
      page: await outcome(who.api.request('get /api/streams/{handle}', { params: { handle: 'owner' } })).then(
        (code) => code === 'not_found',
      ),
      call: said(await socket.ask('chat:history', { streamId, beforeSeq: 1000 })),
      topic: said(await socket.ask('topic:join', { topics: [{ topic: `chat:${streamId}` }] })),
    }
    return hidden
  } finally {
    socket.close()
  }
}
const NOTHING = { page: true, call: true, topic: true }
const ALL = { page: false, call: false, topic: false }

const meOf = async ({ api }: Person) => await api.request('get /api/me')
const codeOf = (secret: string) => generate({ secret })

async function turnOn({ api }: Person) {
  const { token, secret } = await api.request('post /api/account/totp')
  await api.request('post /api/account/totp/on', { body: { token, code: await codeOf(secret) } })
}

describe('staff without a second factor', () => {
  test('may do nothing that members may not, by route, call and topic, and is told why', async () => {
    const { chief, warden, bob } = people
    for (const [what, ask] of Object.entries(asAdmin(chief)))
      expect(await outcome(ask()), what).toBe('forbidden second_factor')
    expect(await outcome(asAdmin(warden)['lists people']())).toBe('forbidden second_factor')
    // Another reason than that of whoever would not be let in with one either.
    expect(await outcome(asAdmin(warden)['reads the log']())).toBe('forbidden')
    for (const ask of Object.values(asAdmin(bob))) expect(await outcome(ask())).toBe('forbidden')
    for (const who of [chief, warden, bob]) expect(await sight(who)).toEqual(NOTHING)
    expect(await meOf(chief)).toMatchObject({ account: { role: 'admin' }, needsSecondFactor: true })
    expect(await meOf(bob)).toMatchObject({ needsSecondFactor: false })
  })

  test('acts as a member all the same', async () => {
    const { chief } = people
    const { streamId } = chief.account
    await chief.connection.call('chat:send', { clientId: clientId(), streamId, text: 'Hello' })
    expect((await chief.api.request('get /api/account/sessions')).sessions.length).toBeGreaterThan(0)
  })
})

describe('an authenticator app', () => {
  test('gives staff its rights at once, also on open sockets, and takes them along when it goes', async () => {
    const { chief } = people
    const { socket } = await rawSocket(app, chief)
    const ended = new Promise((resolve) => socket.once('session:ended', resolve))
    await turnOn(chief)
    expect(await ended).toEqual({ code: 'rights_changed', reconnect: true })
    expect(await sight(chief)).toEqual(ALL)
    expect(await outcome(asAdmin(chief)['reads the log']())).toBe('done')
    expect(await meOf(chief)).toMatchObject({ needsSecondFactor: false })
    await chief.api.request('delete /api/account/totp')
    expect(await outcome(asAdmin(chief)['reads the log']())).toBe('forbidden second_factor')
    expect(await sight(chief)).toEqual(NOTHING)
  })
})

describe('a passkey', () => {
  test('does so too, and is then asked for whenever staff signs in or confirms by a password', async () => {
    const { warden } = people
    const origin = `http://localhost:${app.httpPort}`
    const device = createDevice(origin)
    // Passkeys are bound to the browser that asked for them.
    const page = (path: string, body: unknown, cookie = '') =>
      fetch(`${origin}${path}`, {
        method: 'POST',
        headers: {
          ...{ 'content-type': 'application/json', origin, cookie },
          authorization: `Bearer ${warden.bearer}`,
        },
        body: JSON.stringify(body),
      })
    const asked = await page('/api/account/passkey-options', {})
    const cookie = asked.headers.get('set-cookie')?.split(';')[0] ?? ''
    const { options } = (await asked.json()) as { options: Parameters<typeof device.register>[0] }
    const added = await page(
      '/api/account/passkeys',
      { name: 'Key', response: device.register(options) },
      cookie,
    )
    expect(added.status).toBe(201)
    expect(await outcome(asAdmin(warden)['lists people']())).toBe('done')
    expect(await sight(warden)).toEqual(ALL)

    const signIn = (email: string) =>
      createApi({ baseUrl: app.url }).request('post /api/auth/sign-in', {
        body: { email, password: PASSWORD, session: 'bearer' },
      })
    await expect(signIn(warden.email)).rejects.toMatchObject({
      code: 'second_factor_required',
      details: { methods: ['passkey'] },
    })
    const confirm = warden.api.request('post /api/account/confirm', { body: { password: PASSWORD } })
    expect(await outcome(confirm)).toBe('forbidden second_factor')
    expect(await warden.api.request('get /api/account/second-factor')).toMatchObject({
      ...{ isOn: false, isPasswordEnough: false },
    })
  })
})

describe('a server that does not ask for it', () => {
  test('lets staff act by the password alone', async () => {
    await app.restart({ STAFF_SECOND_FACTOR: 'off' })
    const { chief } = people
    expect(await meOf(chief)).toMatchObject({ needsSecondFactor: false })
    expect(await outcome(asAdmin(chief)['reads the log']())).toBe('done')
    expect(await sight(chief)).toEqual(ALL)
  })
})
