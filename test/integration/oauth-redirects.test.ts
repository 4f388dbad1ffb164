import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { settingsOf } from '../support/oidc.ts'
import { startHttpApp } from './accounts.harness.ts'
import { FINISH, START } from './oauth.people.ts'
import { browser } from './second-factor.people.ts'

/** Where a provider leads to that was taken over: what comes here may have a code, a token or the client's secret in it. */
const asked: string[] = []
const trap = createServer((request, response) => {
  asked.push(request.url ?? '')
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
})
/** Which place leads elsewhere, with which status, and how often it did. */
const moved = { path: '', status: 0, count: 0 }
const provider = createServer((request, response) => {
  const path = request.url ?? ''
  if (path.startsWith(moved.path)) {
    moved.count++
    return response.writeHead(moved.status, { location: `${urlOf(trap)}${path}` }).end()
  }
  const issuer = urlOf(provider)
  const description = {
    ...{ issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
    jwks_uri: `${issuer}/keys`,
  }
  const noToken = `${Buffer.from('{"alg":"RS256","kid":"own"}').toString('base64url')}.e30.AAAA`
  const token = { access_token: 'a token', token_type: 'Bearer', id_token: noToken }
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(path.startsWith('/.well-known') ? description : token))
})
const urlOf = (server: typeof trap) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

beforeAll(async () => {
  for (const server of [trap, provider]) await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterAll(() => {
  for (const server of [trap, provider]) {
    server.closeAllConnections()
    server.close()
  }
})

describe('a provider that leads elsewhere is not followed', () => {
  it.each([
    ['/.well-known', 302],
    ['/.well-known', 307],
    // Of a POST, the first comes as a GET without its body, the second as it was.
    ['/token', 302],
    ['/token', 307],
    ['/keys', 302],
    ['/keys', 307],
  ])('from %s with %i', async (path, status) => {
    Object.assign(moved, { path, status, count: 0 })
    asked.length = 0
    const app = await startHttpApp({ env: settingsOf(urlOf(provider)) })
    try {
      const at = browser(app)
      const started = (await at.post(START, {})).json() as { url?: string; code?: string }
      const state = new URL(started.url ?? 'http://nowhere/').searchParams.get('state')
      const finished = (await at.post(FINISH, { code: 'any', state: state ?? 'none' })).json()
      expect(finished).toHaveProperty('code')
      expect(at.cookies.has('flow_session')).toBe(false)
      expect(moved.count).toBeGreaterThan(0)
      expect(asked).toEqual([])
    } finally {
      await app[Symbol.asyncDispose]()
    }
  })
})
