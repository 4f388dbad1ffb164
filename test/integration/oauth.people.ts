import { settingsOf, startOidcProvider, throughProvider } from '../support/oidc.ts'
import { startHttpApp } from './accounts.harness.ts'
import { person } from './accounts.people.ts'
import { type Browser, browser } from './second-factor.people.ts'

const at = (path: string) => path.replace('{provider}', 'oidc')
export const START = at('/api/auth/oauth/{provider}/start')
export const FINISH = at('/api/auth/oauth/{provider}/finish')
export const CONNECT = at('/api/account/oauth/{provider}/start')
export const DISCONNECT = at('/api/account/oauth/{provider}')

let last = 0
/** A person whom the provider has not seen before. */
export const someone = () => `subject-${++last}`

/** A server and the OpenID Connect provider that people come to it from. */
export async function startWithProvider() {
  const provider = await startOidcProvider()
  const app = await startHttpApp({ env: settingsOf(provider.issuer) })
  provider.open([`${app.baseUrl}/oauth/oidc`])

  /** To the provider and back; what the browser has then. */
  async function away(at: Browser, path = START, body = {}) {
    const { url } = (await at.post(path, body)).json() as { url: string }
    const back = await throughProvider(url, `${app.baseUrl}/oauth/oidc`)
    return Object.fromEntries(back.searchParams) as { code: string; state: string; iss?: string }
  }

  /** Makes an account with the provider alone. */
  async function signedUp(subject = someone(), claims = {}) {
    provider.enter(subject, claims)
    const at = browser(app)
    const { ticket } = (await at.post(FINISH, await away(at))).json()
    const { handle, displayName } = person()
    const made = await at.post('/api/auth/oauth/sign-up', { ticket, handle, displayName })
    const { account } = made.json() as { account: { id: string; handle: string } }
    return { at, subject, account }
  }

  return {
    ...{ app, provider, away, signedUp },
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]()
      await provider[Symbol.asyncDispose]()
    },
  }
}
