import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { Provider } from 'oidc-provider'

export const CLIENT = { id: 'social-flow', secret: 'the-secret-that-both-sides-know' }
export type Claims = { email?: string; email_verified?: boolean; name?: string; preferred_username?: string }

/** Settings of a server whose provider this is; each test's own client comes from its own address. */
export const settingsOf = (issuer: string) => ({
  TRUSTED_PROXIES: '127.0.0.1',
  ...{ OIDC_ISSUER: issuer, OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret },
  OIDC_NAME: 'Example ID',
})

type Ended = { server: Server; issuer: string; close(): Promise<void> }

async function listen(): Promise<Ended> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { server, issuer: `http://127.0.0.1:${port}`, close }
}

/**
 * A real OpenID Connect provider that asks nobody for a password: whoever is `present` is signed in there and agrees.
 * `redirectUris` are known only once the client listens, so they are given later.
 */
export async function startOidcProvider() {
  const { server, issuer, close } = await listen()
  const people = new Map<string, Claims>()
  const state = { present: '' }
  let answer: ReturnType<Provider['callback']> | undefined

  function open(redirectUris: readonly string[]) {
    const provider = new Provider(issuer, settingsFor(redirectUris, people))
    const callback = provider.callback()
    answer = (request, response) => {
      if (request.url?.startsWith('/interaction/')) void agree(provider, state.present, request, response)
      else callback(request, response)
    }
  }
  server.on('request', (request, response) => answer?.(request, response))
  return {
    issuer,
    people,
    open,
    /** Who is signed in at the provider from now on. */
    enter(subject: string, claims: Claims = {}) {
      people.set(subject, claims)
      state.present = subject
    },
    [Symbol.asyncDispose]: close,
  }
}

function settingsFor(redirectUris: readonly string[], people: ReadonlyMap<string, Claims>) {
  return {
    clients: [
      {
        ...{
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: redirectUris,
        },
        ...{ grant_types: ['authorization_code'], response_types: ['code'] },
      },
    ],
    pkce: { required: () => true },
    cookies: { keys: ['a key of the tests'] },
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name', 'preferred_username'],
    },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, ...people.get(id) }),
    }),
  }
}

async function agree(
  provider: Provider,
  accountId: string,
  ...[request, response]: Parameters<ReturnType<Provider['callback']>>
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response)
  const grant = new provider.Grant({ accountId, clientId: params.client_id })
  grant.addOIDCScope('openid email profile')
  const grantId = await grant.save()
  await provider.interactionFinished(request, response, { login: { accountId }, consent: { grantId } })
}

/** Follows the browser's way from a provider's page back to the client; answers the address it comes back to. */
export async function throughProvider(start: string, backTo: string): Promise<URL> {
  const cookies = new Map<string, string>()
  let url = start
  // Authorize, interaction, authorize again, and back: more would be a loop.
  for (let hop = 0; hop < 6; hop++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: cookie ? { cookie } : {} })
    for (const set of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (set.split(';')[0] ?? '').split(/=(.*)/)
      cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (!location) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
    url = new URL(location, url).href
    if (url.startsWith(backTo)) return new URL(url)
  }
  throw new Error(`The provider did not lead back to ${backTo}.`)
}

/** What a lying provider says instead of the truth. */
export type Lie = {
  claims?: Record<string, unknown>
  header?: { alg: string }
  /** Sign with a key that is not among the published ones. */
  isForeignKey?: boolean
  metadataIssuer?: string
  noIdToken?: boolean
}

/** A server that speaks OpenID Connect, signs what it is told to, and remembers what it was asked. */
export async function startLyingProvider() {
  const { server, issuer, close } = await listen()
  const [own, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')])
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'own', alg: 'RS256', use: 'sig' }
  const state: { lie: Lie; nonce: string; asked: string[] } = { lie: {}, nonce: '', asked: [] }

  async function idToken(): Promise<string> {
    const { claims = {}, header, isForeignKey } = state.lie
    const nowSeconds = Math.floor(Date.now() / 1000)
    const truth = { iss: issuer, aud: CLIENT.id, sub: 'liar', nonce: state.nonce }
    const payload = { ...truth, iat: nowSeconds, exp: nowSeconds + 60, ...claims }
    if (header?.alg === 'none') return `${base64({ alg: 'none' })}.${base64(payload)}.`
    if (header?.alg === 'HS256')
      // The trap of old: the published key taken for the secret of an HMAC.
      return await new SignJWT(payload)
        .setProtectedHeader({ alg: 'HS256', kid: 'own' })
        .sign(new TextEncoder().encode(JSON.stringify(jwk)))
    const key = isForeignKey ? foreign.privateKey : own.privateKey
    return await new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'own' }).sign(key)
  }
  server.on('request', async (request, response) => {
    const path = request.url ?? ''
    state.asked.push(path)
    const json = (body: unknown) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (path.startsWith('/.well-known'))
      return json({
        issuer: state.lie.metadataIssuer ?? issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
      })
    if (path === '/keys') return json({ keys: [jwk] })
    const token = { access_token: 'a token', token_type: 'Bearer' }
    return json(state.lie.noIdToken ? token : { ...token, id_token: await idToken() })
  })
  return { issuer, state, [Symbol.asyncDispose]: close }
}

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
