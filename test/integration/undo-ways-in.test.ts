import { eq, type SQL, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loginSessions } from '../../drizzle/schema/accounts.ts'
import { until } from '../support/until.ts'
import type { HttpApp } from './accounts.harness.ts'
import { nextMail, ORIGIN, PASSWORD, tokenIn, verified } from './accounts.people.ts'
import type { Answer } from './http.requests.ts'
import { CONNECT, FINISH, someone, startWithProvider } from './oauth.people.ts'
import { browser, codeOf, placeAt, withPasskey } from './second-factor.people.ts'

let to: Awaited<ReturnType<typeof startWithProvider>>
let app: HttpApp
beforeAll(async () => {
  to = await startWithProvider()
  app = to.app
})
afterAll(() => to[Symbol.asyncDispose]())

/** Somebody whose address was changed by whoever knows their password, with that stranger's browser. */
async function takenOver() {
  const who = await verified(app)
  const kept = await withPasskey(app, who.account.id)
  await app.accounts.changeEmail(who.account.id, `thief-${who.email}`, ORIGIN)
  await app.accounts.confirmEmail(tokenIn(await nextMail(app, `thief-${who.email}`)), ORIGIN)
  const notice = tokenIn(await nextMail(app, who.email, [who.mail]))
  const thief = browser(app)
  await thief.post('/api/auth/sign-in', { email: `thief-${who.email}`, password: PASSWORD })
  return { who, kept, thief, undo: () => app.accounts.undoEmail(notice, ORIGIN) }
}

async function connected(thief: ReturnType<typeof browser>) {
  to.provider.enter(someone())
  expect((await thief.post(FINISH, await to.away(thief, CONNECT))).json()).toEqual({ outcome: 'linked' })
}

const sessionsOf = (userId: string) =>
  app.db.orm.select().from(loginSessions).where(eq(loginSessions.userId, userId))

/** Begins one after the other while rows are locked, each once the one before waits; then lets them go on in this order. */
async function inOrder<T>(lock: SQL, first: () => Promise<T>, second: () => Promise<T>) {
  const waiting = async () => {
    const [row] = await app.db.orm.execute<{ n: number }>(sql`select count(*)::int as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`)
    return row?.n ?? 0
  }
  const begun: Promise<T>[] = []
  await app.db.orm.transaction(async (tx) => {
    await tx.execute(lock)
    for (const step of [first, second]) {
      begun.push(step())
      await until('it to wait', async () => (await waiting()) === begun.length)
    }
  })
  return await Promise.all(begun)
}

describe('taking a change of address back', () => {
  it('takes away every way in that was made since, and leaves the others', async () => {
    const { who, kept, thief, undo } = await takenOver()
    const { id } = who.account
    await connected(thief)
    await withPasskey(app, id)
    const { token, secret } = await app.secondFactor.begin(id)
    await app.secondFactor.turnOn(id, { token, code: await codeOf(app, secret) })
    const before = { links: await app.oauth.list(id), passkeys: await app.passkeys.list(id) }
    expect([before.links.length, before.passkeys.length]).toEqual([1, 2])
    await undo()
    expect(await app.oauth.list(id)).toEqual([])
    expect((await app.passkeys.list(id)).map((passkey) => passkey.id)).toEqual([kept.passkey.id])
    expect(await app.secondFactor.status(id)).toEqual({ isOn: false, backupCodesLeft: 0 })
    expect(await sessionsOf(id)).toEqual([])
    const later = browser(app)
    expect((await later.post(FINISH, await to.away(later))).json()).toMatchObject({ outcome: 'sign_up' })
  })

  /** What the stranger does at the same moment, and the rows at which it and the undoing meet. */
  const races = {
    'signs in with a provider': async ({ who, thief }: Awaited<ReturnType<typeof takenOver>>) => {
      await connected(thief)
      const answer = await to.away(thief)
      return {
        act: () => thief.post(FINISH, answer),
        lock: sql`select 1 from credentials where user_id = ${who.account.id} for update`,
      }
    },
    'signs in with a passkey': async ({ who, thief }: Awaited<ReturnType<typeof takenOver>>) => {
      const { device } = await withPasskey(app, who.account.id)
      const place = placeAt(app, 'the thief')
      const response = device.use(await app.passkeys.signInOptions(place))
      const act = async (): Promise<Answer> => {
        await app.passkeys.signIn(response, place)
        return await thief.post('/api/auth/sign-out', {})
      }
      return { act, lock: sql`select 1 from credentials where user_id = ${who.account.id} for update` }
    },
    'connects a provider': async ({ who, thief }: Awaited<ReturnType<typeof takenOver>>) => {
      to.provider.enter(someone())
      const answer = await to.away(thief, CONNECT)
      return {
        act: () => thief.post(FINISH, answer),
        lock: sql`select 1 from login_sessions where user_id = ${who.account.id} for update`,
      }
    },
  }
  const orders = Object.keys(races).flatMap((name) => [
    { name: name as keyof typeof races, isUndoFirst: true },
    { name: name as keyof typeof races, isUndoFirst: false },
  ])

  it.each(orders)(
    'leaves nothing to a stranger who $name meanwhile (undone first: $isUndoFirst)',
    async ({ name, isUndoFirst }) => {
      const taken = await takenOver()
      const { id } = taken.who.account
      const { act, lock } = await races[name](taken)
      const stranger = () => act().catch(() => undefined)
      const steps = [taken.undo, stranger] as const
      const [first, second] = isUndoFirst ? steps : [steps[1], steps[0]]
      await inOrder<unknown>(lock, first, second)
      expect(await sessionsOf(id)).toEqual([])
      expect(await app.oauth.list(id)).toEqual([])
      expect((await app.passkeys.list(id)).map((passkey) => passkey.id)).toEqual([taken.kept.passkey.id])
    },
  )
})
