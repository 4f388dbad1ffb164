import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApi } from '../../client/http.ts'
import type { TestApp } from '../support/app.ts'
import { startNodes, type TestNodes } from '../support/nodes.ts'
import { PASSWORD, type Person, personWith } from '../support/person.ts'
import { rawSocket, refusal, tokenOf } from '../support/raw-socket.ts'
import { until } from '../support/until.ts'
import { SIGNED_OUT } from './http.requests.ts'

let all: TestNodes
let one: TestApp
let other: TestApp
beforeAll(async () => {
  all = await startNodes(2)
  ;[one, other] = all.nodes as [TestApp, TestApp]
})
afterAll(() => all[Symbol.asyncDispose]())

/** The same person signed in once more, at the other node, with a socket there. */
async function elsewhere(who: Person) {
  const body = { email: who.email, password: PASSWORD, session: 'bearer' } as const
  const signedIn = await createApi({ baseUrl: other.url }).request('post /api/auth/sign-in', { body })
  const person = personWith(other.url, signedIn.bearer, signedIn.account)
  const { socket } = await rawSocket(other, person)
  const token = await tokenOf(person)
  const told = new Promise((resolve) => socket.once('session:ended', resolve))
  const closed = new Promise<number>((resolve) => socket.once('disconnect', () => resolve(performance.now())))
  /** Nothing of the session is left: no socket, no token, no request. */
  const isGone = async () => {
    expect(await told).toEqual({ code: 'signed_out', reconnect: true })
    await closed
    await until('the refusal', async () => (await refusal(other, { auth: { token } })) === 'token_expired')
    expect(await person.api.request('get /api/me')).toEqual(SIGNED_OUT)
    person.connection.close()
  }
  return { person, socket, closed, isGone }
}

const otherSession = async ({ api }: Person) =>
  (await api.request('get /api/account/sessions')).sessions.find(({ isCurrent }) => !isCurrent)?.id ?? ''

describe('a login session that was revoked at another node keeps nothing open', () => {
  test('when it is ended by its id; the one that asked stays', async ({ annotate }) => {
    const alice = await one.person('alice')
    const own = await rawSocket(one, alice)
    const far = await elsewhere(alice)
    const params = { id: await otherSession(alice) }
    const askedAtMs = performance.now()
    await alice.api.request('delete /api/account/sessions/{id}', { params })
    await far.isGone()
    // Recorded, not judged: a busy machine is no fault of the product.
    const tookMs = Math.round((await far.closed) - askedAtMs)
    await annotate(`The socket at the other node was closed ${tookMs} ms after it was asked for.`)
    expect(own.socket.connected).toBe(true)
    own.close()
  })

  test('when all others are ended', async () => {
    const bob = await one.person('bob')
    const far = [await elsewhere(bob), await elsewhere(bob)]
    expect(await bob.api.request('delete /api/account/sessions')).toEqual({ ended: 2 })
    for (const { isGone } of far) await isGone()
  })

  test('when the password is changed, and when it is set anew by a link', async () => {
    const carol = await one.person('carol')
    const far = await elsewhere(carol)
    const change = { current: PASSWORD, password: `${PASSWORD} 2` }
    await carol.api.request('put /api/account/password', { body: change })
    await far.isGone()

    const own = await rawSocket(one, carol)
    const ended = new Promise((resolve) => own.socket.once('session:ended', resolve))
    const anonymous = createApi({ baseUrl: one.url })
    await anonymous.request('post /api/auth/forgot', { body: { email: carol.email } })
    const token = await until('the mail', async () => {
      const { mails } = await anonymous.request('get /api/dev/inbox')
      return mails.map(({ text }) => text.match(/reset\?token=([\w-]+)/)?.[1]).find(Boolean)
    })
    await anonymous.request('post /api/auth/reset', {
      body: { token, password: PASSWORD, session: 'bearer' },
    })
    expect(await ended).toEqual({ code: 'signed_out', reconnect: true })
    expect(await carol.api.request('get /api/me')).toEqual(SIGNED_OUT)
  })
})
