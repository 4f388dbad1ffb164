import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { knownDevices } from '../../drizzle/schema/accounts.ts'
import { type HttpApp, startHttpApp } from './accounts.harness.ts'
import { failure, ORIGIN, PASSWORD, person, verified } from './accounts.people.ts'
import { type Answer, cookieOf, elsewhere, ownOrigin, post } from './http.requests.ts'

let app: HttpApp
beforeAll(async () => {
  app = await startHttpApp({ env: { TRUSTED_PROXIES: '127.0.0.1' } })
})
afterAll(() => app[Symbol.asyncDispose]())
const service = () => app.accounts

const signIn = (email: string, password: string, headers: Record<string, string>) =>
  post(app, '/api/auth/sign-in', { email, password }, headers)
/** Guesses until it is refused as too many; answers how many were looked at. */
async function guess(email: string, from: () => Record<string, string>, upTo = 200): Promise<number> {
  for (let i = 0; i < upTo; i++) {
    const answer = await signIn(email, `wrong ${i}`, from())
    if (answer.status === 429) {
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
      return i
    }
    expect(answer.json()).toMatchObject({ code: 'unauthenticated' })
  }
  return upTo
}
const deviceOf = (answer: Answer) => cookieOf(answer).match(/flow_device=[\w-]{43}/)?.[0] ?? ''

describe('guessing passwords', () => {
  it('is bounded from one address, for one account and for many', async () => {
    const who = await verified(app)
    const here = elsewhere()
    expect(await guess(who.email, () => here)).toBe(10)
    // The owner at another address is not concerned.
    expect((await signIn(who.email, PASSWORD, elsewhere())).status).toBe(200)
    // Many accounts from here, one guess each: the address has a limit of its own.
    let looked = 0
    for (let i = 0; i < 20; i++) if ((await signIn(person().email, 'a guess', here)).status !== 429) looked++
    expect(looked).toBeLessThanOrEqual(10)
  })

  it('is bounded from many addresses, the same for an account that there is none of', async () => {
    const who = await verified(app)
    expect(await guess(who.email, elsewhere)).toBe(60)
    expect(await guess(person().email, elsewhere)).toBe(60)
  })

  it('keeps the owner out of nothing: a device that was there before and a new password lead in', async () => {
    const who = await verified(app)
    const device = deviceOf(await signIn(who.email, PASSWORD, elsewhere()))
    await guess(who.email, elsewhere)
    expect((await signIn(who.email, PASSWORD, elsewhere())).status).toBe(429)
    const back = await signIn(who.email, PASSWORD, { ...elsewhere(), cookie: device, ...ownOrigin(app) })
    expect(back.status).toBe(200)
    await service().forgotPassword({ email: who.email }, ORIGIN)
    const { mails } = await untilReset(who.email)
    const token = mails[0]?.text.match(/reset\?token=([\w-]+)/)?.[1]
    const reset = await post(app, '/api/auth/reset', { token, password: `${PASSWORD}!` }, elsewhere())
    expect(reset.status).toBe(200)
  })

  it('is bounded on a known device too, and its cookie is worth nothing for others', async () => {
    const [who, other] = [await verified(app), await verified(app)]
    const cookie = deviceOf(await signIn(who.email, PASSWORD, elsewhere()))
    const withDevice = () => ({ ...elsewhere(), cookie, ...ownOrigin(app) })
    expect(await guess(who.email, withDevice)).toBe(10)
    await guess(other.email, elsewhere)
    expect((await signIn(other.email, PASSWORD, withDevice())).status).toBe(429)
  })

  it('gains nothing by a device cookie planted before the owner signs in', async () => {
    const who = await verified(app)
    const planted = `flow_device=${'p'.repeat(43)}`
    const fresh = deviceOf(
      await signIn(who.email, PASSWORD, { ...elsewhere(), cookie: planted, ...ownOrigin(app) }),
    )
    expect(fresh).not.toBe(planted)
    const again = deviceOf(
      await signIn(who.email, PASSWORD, { ...elsewhere(), cookie: fresh, ...ownOrigin(app) }),
    )
    expect(again).not.toBe(fresh)
    await guess(who.email, elsewhere)
    for (const cookie of [planted, fresh])
      expect((await signIn(who.email, PASSWORD, { ...elsewhere(), cookie, ...ownOrigin(app) })).status).toBe(
        429,
      )
    expect(JSON.stringify(await app.db.orm.select().from(knownDevices))).not.toContain(again.split('=')[1])
  })

  it('does as much hashing for an account that has no password as for any other', async () => {
    const who = await verified(app)
    const before = app.hashing.verifies
    await failure(service().signIn({ email: who.email, password: 'a guess' }))
    const middle = app.hashing.verifies
    await failure(service().signIn({ email: person().email, password: 'a guess' }))
    expect([middle - before, app.hashing.verifies - middle]).toEqual([1, 1])
  })
})

async function untilReset(email: string) {
  for (;;) {
    const { mails } = await app.inbox.list()
    const mine = mails.filter((mail) => mail.to === email && mail.subject === 'Set a new password')
    if (mine.length > 0) return { mails: mine }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
