import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestApp } from '../support/app.ts'
import { startNodes, type TestNodes } from '../support/nodes.ts'
import { clientId, type Person } from '../support/person.ts'
import { rawSocket, refusal, tokenOf } from '../support/raw-socket.ts'
import { about, appoint, outcome } from '../support/staff.ts'
import { until } from '../support/until.ts'

let site: TestNodes
let one: TestApp
let two: TestApp
let chief: Person

beforeAll(async () => {
  site = await startNodes(2)
  ;[one, two] = site.nodes as [TestApp, TestApp]
  chief = await one.person('chief')
  await appoint(one, chief, 'admin')
})
afterAll(() => site[Symbol.asyncDispose]())

const decide = (whom: Person, kind: 'suspended' | 'banned' = 'suspended') =>
  chief.api.request('put /api/admin/people/{accountId}/sanction', {
    ...about(whom),
    body: { kind, reason: 'For the test' },
  })
const start = (who: Person) =>
  who.connection.call('broadcast:start', {
    ...{ clientId: clientId(), title: 'On air', category: 'talk', visibility: 'public' },
  })
const ended = ({ socket }: Awaited<ReturnType<typeof rawSocket>>) =>
  new Promise((resolve) => socket.once('session:ended', resolve))

describe('over two gateways with Redis', () => {
  test('who is suspended loses what they hold open: sockets, broadcast, and what tokens from before let them do', async () => {
    const live = await one.person('live_one')
    const elsewhere = await two.enter(live)
    const { streamId } = live.account
    await start(live)
    const seen = (await two.visitor()).follow(`stream:${streamId}`)
    const sockets = [await rawSocket(one, live), await rawSocket(two, live)]
    const before = { token: (await tokenOf(live)) as string }
    const told = sockets.map(ended)
    await decide(live)
    expect(await Promise.all(told)).toEqual([1, 2].map(() => ({ code: 'rights_changed', reconnect: true })))
    await until('the end of the broadcast', () =>
      seen.items.some(
        (event) => event.type === 'broadcast' && event.broadcast.endReason === 'ended_by_staff',
      ),
    )
    const refused = { code: 'forbidden', details: { reason: 'suspended', untilMs: null } }
    for (const who of [live, elsewhere]) {
      const say = () =>
        who.connection.call('chat:send', { clientId: clientId(), streamId, text: 'still here' })
      await expect(say()).rejects.toMatchObject(refused)
      await expect(start(who)).rejects.toMatchObject(refused)
      const { messages } = await who.connection.call('chat:history', { streamId, beforeSeq: 1_000 })
      expect(messages).toEqual([])
    }
    // A token that was signed when they were free admits them as they are now.
    for (const node of [one, two]) {
      const socket = await rawSocket(node, { token: async () => before.token })
      const open = { streamId, direction: 'send' }
      expect(await socket.ask('media:open-transport', open)).toMatchObject({ error: { code: 'forbidden' } })
      expect(
        await socket.ask('chat:send', { clientId: clientId(), streamId, text: 'by the back door' }),
      ).toMatchObject({ ok: false, error: refused })
      socket.close()
    }
  })

  test('a broadcast and a suspension that race: afterwards nothing is on air', async () => {
    for (let round = 0; round < 3; round++) {
      const who = await two.person(`racer_${round}`)
      await Promise.all([outcome(start(who)), decide(who)])
      await until('the end', async () => {
        const { stream } = await two
          .visitor()
          .then(({ api }) =>
            api.request('get /api/streams/{handle}', { params: { handle: who.account.handle } }),
          )
        return stream.broadcast === null || stream.broadcast.state === 'ended'
      })
      expect(await outcome(start(who))).toBe('forbidden suspended')
    }
  })

  test('who is banned is out everywhere, and old tokens admit nobody', async () => {
    const gone = await two.person('gone_one')
    const token = await tokenOf(gone)
    const sockets = [await rawSocket(one, gone), await rawSocket(two, gone)]
    const told = sockets.map(ended)
    await decide(gone, 'banned')
    await Promise.all(told)
    for (const node of [one, two])
      await until('the refusal', async () => (await refusal(node, { auth: { token } })) === 'token_expired')
  })

  test('who was demoted while a gateway did not hear it governs nothing there', async () => {
    const former = await one.person('former')
    await appoint(one, former, 'moderator')
    const socket = await rawSocket(two, former)
    const out = new Promise((resolve) => socket.socket.once('disconnect', resolve))
    site.redis.pause()
    await chief.api.request('put /api/admin/people/{accountId}/role', {
      ...about(former),
      body: { role: 'member', reason: 'For the test' },
    })
    // Without Redis each gateway asks the database itself.
    await out
    site.redis.resume()
    const { streamId } = chief.account
    await until('a line without a mark', async () => {
      const line = await former.connection
        .call('chat:send', { clientId: clientId(), streamId, text: 'Only me' })
        .catch(() => undefined)
      return line !== undefined && line.author.role === undefined
    })
  })
})
