import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import type { Person } from '../support/person.ts'
import { pictureOf, setAvatar } from '../support/pictures.ts'
import { type RawSocket, rawSocket, refusal } from '../support/raw-socket.ts'
import { openSql } from '../support/sql.ts'
import { apiOf } from '../support/staff.ts'
import { until } from '../support/until.ts'

let app: TestApp
let alice: Person
let bob: Person
beforeAll(async () => {
  app = await startApp()
  ;[alice, bob] = await Promise.all([app.person('alice'), app.person('bob')])
})
afterAll(() => app[Symbol.asyncDispose]())

describe('a call that is under way when its right ends', () => {
  /** Makes whatever reads streams wait, ends the right meanwhile, and lets it go on. */
  async function during(socket: RawSocket, end: () => Promise<unknown>): Promise<void> {
    const topic = `stream:${bob.account.streamId}`
    await using sql = openSql(app)
    const closed = new Promise((resolve) => socket.socket.once('disconnect', resolve))
    await sql.begin(async (tx) => {
      await tx`lock table streams in access exclusive mode`
      socket.socket.emit('topic:join', { topics: [{ topic }] }, () => {})
      await until('the join to wait', async () => {
        const [row] = await tx`select count(*)::int as waiting from pg_locks where not granted`
        return row?.waiting > 0
      })
      await end()
      await closed
    })
    expect(socket.socket.connected).toBe(false)
  }

  const viewersOfBob = async () => {
    const { stream } = await bob.api.request('get /api/streams/{handle}', { params: { handle: 'bob' } })
    return stream.viewers
  }

  test('of a login session leaves no socket, no member and no viewer behind', async () => {
    const carol = await app.person('carol')
    const { token } = await carol.api.request('post /api/socket-token')
    await during(await rawSocket(app, { token: async () => token }), () =>
      carol.api.request('post /api/auth/sign-out'),
    )
    expect(await viewersOfBob()).toBe(0)
    expect(await refusal(app, { auth: { token } })).toBe('token_expired')
  })

  test('of an API token neither', async () => {
    const { token, details } = await alice.api.request('post /api/account/tokens', {
      body: { name: 'Bot', scopes: ['read'], expiresInDays: 1 },
    })
    const admission = (await apiOf(app, token).request('post /api/socket-token')).token
    await during(await rawSocket(app, { token: async () => admission }), () =>
      alice.api.request('delete /api/account/tokens/{tokenId}', { params: { tokenId: details.id } }),
    )
    expect(await viewersOfBob()).toBe(0)
    expect(await refusal(app, { auth: { token: admission } })).toBe('token_expired')
  })
})

describe('a file that is two things at once', () => {
  const SCRIPT = '<script>alert(document.domain)</script>'

  test.each(['jpeg', 'png', 'gif', 'webp'] as const)(
    'a %s with a page behind its picture is made anew without it',
    async (format) => {
      const polyglot = Buffer.concat([await pictureOf(format), Buffer.from(`<!doctype html>${SCRIPT}`)])
      const { avatar } = await setAvatar(alice, polyglot)
      const files = ['64.webp', '128.webp', '256.webp', '256.jpg']
      for (const file of files) {
        const answer = await fetch(`${app.url}/files/avatars/${avatar?.id}-${file}`)
        expect(answer.status).toBe(200)
        expect(answer.headers.get('content-type')).toMatch(/^image\/(?:webp|jpeg)$/)
        expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
        expect(Buffer.from(await answer.arrayBuffer()).includes('script')).toBe(false)
      }
    },
  )
})

describe('the policy of a page', () => {
  test('runs scripts of this site alone, and lets sockets, media and workers be what they must', async () => {
    const { headers } = await fetch(app.url)
    const policy = new Map(
      (headers.get('content-security-policy') ?? '').split('; ').map((directive) => {
        const [name = '', ...sources] = directive.split(' ')
        return [name, sources]
      }),
    )
    expect(policy.get('script-src')).toEqual(["'self'"])
    expect(policy.get('object-src')).toEqual(["'none'"])
    expect(policy.get('form-action')).toEqual(["'self'"])
    expect(policy.get('media-src')).toEqual(["'self'", 'blob:'])
    expect(policy.get('worker-src')).toEqual(["'self'", 'blob:'])
    const here = new URL(app.url).host
    const sockets = [here, `127.0.0.1:${app.socketPort}`].flatMap((host) =>
      ['ws', 'wss', 'http', 'https'].map((scheme) => `${scheme}://${host}`),
    )
    expect(policy.get('connect-src')).toEqual(["'self'", ...sockets])
  })
})
