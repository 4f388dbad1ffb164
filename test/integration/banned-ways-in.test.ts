import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loginSessions, users } from '../../drizzle/schema/accounts.ts'
import { accountSanctions } from '../../drizzle/schema/governance.ts'
import type { HttpApp } from './accounts.harness.ts'
import {
  codeIn,
  nextMail,
  nextText,
  ORIGIN,
  PASSWORD,
  person,
  phoneNumber,
  registered,
  tokenIn,
  verified,
} from './accounts.people.ts'
import type { Answer } from './http.requests.ts'
import { FINISH, startWithProvider } from './oauth.people.ts'
import {
  type Browser,
  browser,
  codeOf,
  held,
  originOf,
  withPasskey,
  withTotp,
} from './second-factor.people.ts'

/** One step before the end of a way to sign in, and the end. */
type Way = { accountId: string; finish: () => Promise<Answer>; at: Browser }

let to: Awaited<ReturnType<typeof startWithProvider>>
let app: HttpApp
beforeAll(async () => {
  to = await startWithProvider()
  app = to.app
})
afterAll(() => to[Symbol.asyncDispose]())

const NEW_PASSWORD = 'another horse battery'

/** A browser at the name that passkeys are made for. */
const askPasskey = (at: Browser, path: string, body: unknown) =>
  at.post(path, body, { origin: originOf(app), host: `localhost:${app.port}` })
const optionsOf = (answer: Answer) => answer.json().options as { challenge: string; rpId?: string }
const idOf = async (handle: string) => {
  const [row] = await app.db.orm.select({ id: users.id }).from(users).where(eq(users.handle, handle))
  return row?.id ?? expect.fail(`There is no account ${handle}.`)
}

/** Every way that ends with a login session for an account that is there; each is ready but for its last request. */
const WAYS: Record<string, (at: Browser) => Promise<Omit<Way, 'at'>>> = {
  'a password': async (at) => {
    const { account, email } = await verified(app)
    return {
      accountId: account.id,
      finish: () => at.post('/api/auth/sign-in', { email, password: PASSWORD }),
    }
  },
  'the link of a new mail address': async (at) => {
    const { handle, token } = await registered(app)
    return { accountId: await idOf(handle), finish: () => at.post('/api/auth/verify', { token }) }
  },
  'the code of a new telephone number': async (at) => {
    const { handle, displayName, password } = person()
    const phone = phoneNumber()
    await at.post('/api/auth/register', { handle, displayName, password, phone })
    const code = codeIn(await nextText(app, phone))
    return {
      accountId: await idOf(handle),
      finish: () => at.post('/api/auth/verify-phone', { phone, code }),
    }
  },
  'a login link': async (at) => {
    const accountId = await app.bareAccount('member')
    const token = await app.accounts.createLoginLink(accountId)
    return { accountId, finish: () => at.post('/api/auth/link', { token }) }
  },
  'a new password': async (at) => {
    const who = await verified(app)
    await app.accounts.forgotPassword({ email: who.email }, ORIGIN)
    const token = tokenIn(await nextMail(app, who.email, [who.mail]))
    return {
      accountId: who.account.id,
      finish: () => at.post('/api/auth/reset', { token, password: NEW_PASSWORD }),
    }
  },
  'a code of an authenticator app': async (at) => {
    const who = await withTotp(app)
    const ticket = await held(at, who.email)
    // The first code was shown when it was turned on, and none is taken twice.
    const code = await codeOf(app, who.totpSecret, 1)
    return {
      accountId: who.account.id,
      finish: () => at.post('/api/auth/second-factor', { ticket, proof: { method: 'totp', code } }),
    }
  },
  'a backup code': async (at) => {
    const who = await withTotp(app)
    const ticket = await held(at, who.email)
    const proof = { method: 'backup_code', code: who.backupCodes[0] }
    return {
      accountId: who.account.id,
      finish: () => at.post('/api/auth/second-factor', { ticket, proof }),
    }
  },
  'a passkey as the second factor': async (at) => {
    const who = await withTotp(app)
    const { device } = await withPasskey(app, who.account.id)
    const ticket = await held(at, who.email)
    const options = optionsOf(await askPasskey(at, '/api/auth/second-factor/passkey-options', { ticket }))
    const response = device.use(options)
    return {
      accountId: who.account.id,
      finish: () => askPasskey(at, '/api/auth/second-factor/passkey', { ticket, response }),
    }
  },
  'a passkey alone': async (at) => {
    const who = await verified(app)
    const { device } = await withPasskey(app, who.account.id)
    const response = device.use(optionsOf(await askPasskey(at, '/api/auth/passkey-options', {})))
    return { accountId: who.account.id, finish: () => askPasskey(at, '/api/auth/passkey', { response }) }
  },
  'an account elsewhere': async (at) => {
    const { account, subject } = await to.signedUp()
    to.provider.enter(subject)
    const back = await to.away(at)
    return { accountId: account.id, finish: () => at.post(FINISH, back) }
  },
}

/** Ready for the last request, without a session of before. */
async function begun(name: string): Promise<Way> {
  const at = browser(app)
  const way = await (WAYS[name] ?? expect.fail(name))(at)
  await app.db.orm.delete(loginSessions).where(eq(loginSessions.userId, way.accountId))
  return { ...way, at }
}
const sessionsOf = (accountId: string) =>
  app.db.orm.$count(loginSessions, eq(loginSessions.userId, accountId))

test.each(Object.keys(WAYS))('%s lets people in, and nobody who was banned a moment before', async (name) => {
  const free = await begun(name)
  expect((await free.finish()).status).toBe(200)
  expect([free.at.cookies.has('flow_session'), await sessionsOf(free.accountId)]).toEqual([true, 1])

  const { accountId, finish, at } = await begun(name)
  await app.db.orm.insert(accountSanctions).values({ accountId, kind: 'banned', reason: 'For the test' })
  expect((await finish()).json()).toMatchObject({ code: 'forbidden', details: { reason: 'banned' } })
  expect([at.cookies.has('flow_session'), await sessionsOf(accountId)]).toEqual([false, 0])
})
