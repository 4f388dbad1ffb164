import { describe, expect, test } from 'vitest'
import type { TestApp } from '../support/app.ts'
import { metric } from '../support/metric.ts'
import { startNodes, type TestNodes } from '../support/nodes.ts'
import { clientId, type Person } from '../support/person.ts'
import { rawSocket, refusal, tokenOf } from '../support/raw-socket.ts'
import { until } from '../support/until.ts'

const pair = ({ nodes }: TestNodes) => nodes as [TestApp, TestApp, ...TestApp[]]

const say = (who: Person, streamId: string, text: string) =>
  who.connection.call('chat:send', { clientId: clientId(), streamId, text }, { timeoutMs: 30_000 })

describe.each(['uws', 'ws'])('two gateways on %s', (SOCKET_ENGINE) => {
  test('a line reaches the members of both once and in order; a node without members receives nothing', async () => {
    await using all = await startNodes(3, { SOCKET_ENGINE })
    const [one, other, idle] = pair(all)
    const alice = await one.person('alice')
    const bob = await other.person('bob')
    const { streamId } = alice.account
    const logs = [alice, bob, await one.visitor(), await other.visitor()].map((who) =>
      who.follow(`chat:${streamId}`),
    )
    await until('everybody to be in', () =>
      [alice, bob].every(({ connection }) => connection.state === 'online'),
    )
    await Promise.all(
      [alice, bob].map(async (who) => {
        for (let i = 0; i < 8; i++) await say(who, streamId, `${who.account.handle} ${i}`)
      }),
    )
    for (const { items } of logs) await until('all lines', () => items.length >= 16)
    for (const { items, gaps } of logs) {
      expect(items.map(({ seq }) => seq)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1))
      expect(gaps).toBe(0)
    }
    expect(await metric(other, 'topic_items_received_total')).toBeGreaterThan(0)
    expect(await metric(idle as TestApp, 'topic_items_received_total')).toBe(0)
  })

  test('signing out at one node closes the socket at the other and voids its tokens there', async () => {
    await using all = await startNodes(2, { SOCKET_ENGINE })
    const [one, other] = pair(all)
    const alice = await one.person('alice')
    const elsewhere = await other.enter(alice)
    const { socket } = await rawSocket(other, elsewhere)
    const token = await tokenOf(alice)
    expect(await refusal(other, { auth: { token } })).toBe('admitted')
    const told = new Promise((resolve) => socket.once('session:ended', resolve))
    await alice.api.request('post /api/auth/sign-out')
    expect(await told).toEqual({ code: 'signed_out', reconnect: true })
    await until('the refusal', async () => (await refusal(other, { auth: { token } })) === 'token_expired')
    await other.restart()
    expect(await refusal(other, { auth: { token } })).toBe('token_expired')
  })
})

test('states of a stream and its count of viewers are the same at every node', async () => {
  await using all = await startNodes(2)
  const [one, other] = pair(all)
  const host = await one.person('host')
  const { streamId } = host.account
  const [near, far] = [await one.visitor(), await other.visitor()]
  const logs = [near, far].map((who) => ({
    stream: who.follow(`stream:${streamId}`),
    count: who.follow(`counters:stream:${streamId}`),
    directory: who.follow('directory:live'),
  }))
  for (const { count } of logs) await until('two viewers', () => count.items.at(-1)?.viewers === 2)
  const page = await other
    .visitor()
    .then((who) => who.api.request('get /api/streams/{handle}', { params: { handle: 'host' } }))
  expect(page.stream.viewers).toBe(2)
  const late = (await other.visitor()).follow(`counters:stream:${streamId}`)
  await until('the count for a latecomer', () => late.items.at(-1)?.viewers === 2)
  const details = { title: 'Everywhere', category: 'talk', visibility: 'public' } as const
  const { id } = await host.connection.call('broadcast:start', { clientId: clientId(), ...details })
  await host.connection.call('broadcast:update', { broadcastId: id, ...details, title: 'Renamed' })
  await host.connection.call('broadcast:end', { broadcastId: id })
  for (const { stream, directory } of logs) {
    await until('the end', () => stream.items.length >= 3)
    const states = stream.items.map(
      (item) => item.type === 'broadcast' && [item.broadcast.title, item.broadcast.state],
    )
    expect(states).toEqual([
      ['Everywhere', 'starting'],
      ['Renamed', 'starting'],
      ['Renamed', 'ended'],
    ])
    await until('its removal from the list', () => directory.items.at(-1)?.type === 'remove')
  }
  far.connection.close()
  await until('one viewer', () => logs[0]?.count.items.at(-1)?.viewers === 1)
})

test('a killed node leaves no ghosts', async () => {
  await using all = await startNodes(2)
  const [one, other] = pair(all)
  const { streamId } = (await one.person('alice')).account
  const watcher = await one.visitor()
  const count = watcher.follow(`counters:stream:${streamId}`)
  watcher.follow(`stream:${streamId}`)
  const doomed = await other.visitor()
  doomed.follow(`stream:${streamId}`)
  await until('both', () => count.items.at(-1)?.viewers === 2)
  await other.kill()
  await until('the ghost to be gone', () => count.items.at(-1)?.viewers === 1)
  const { stream } = await watcher.api.request('get /api/streams/{handle}', { params: { handle: 'alice' } })
  expect(stream.viewers).toBe(1)
})
