import { expect, test } from 'vitest'
import type { TopicItem } from '../../src/contract/index.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { freePort } from '../support/free-port.ts'
import { startNodes } from '../support/nodes.ts'
import { sendMedia, watchMedia } from '../support/peers/peers.ts'
import { clientId, type Followed } from '../support/person.ts'
import { rawSocket } from '../support/raw-socket.ts'
import { until } from '../support/until.ts'

const MEDIA_SECRET = 'shared by gateways and media nodes in tests'

const statesOf = ({ items }: Followed<TopicItem<`stream:${string}`>>) =>
  items.flatMap((item) => (item.type === 'broadcast' ? [item.broadcast.state] : []))

/** A process with SFUs alone, and what gateways need to use it. */
async function startMedia() {
  const port = String(await freePort())
  const noDatabase = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', DATABASE_OWNER_URL: '' }
  const node = await startApp({ ROLES: 'media', MEDIA_CONTROL_PORT: port, MEDIA_SECRET, ...noDatabase })
  return { node, env: { MEDIA_NODES: `http://127.0.0.1:${port}`, MEDIA_SECRET } }
}

test('what is streamed through one gateway is seen through the other; each move is told once, also after the leader died', async () => {
  const media = await startMedia()
  await using _media = media.node
  const gatewayEnv = { ROLES: 'gateway,http,jobs', BROADCAST_GRACE_SECONDS: '60', ...media.env }
  await using all = await startNodes(2, gatewayEnv)
  const [leader, other] = all.nodes as [TestApp, TestApp]
  const [host, guest] = [await other.person('host'), await other.visitor()]
  const status = guest.follow('media:status')
  await until('the SFU to be found', () => status.items.at(-1)?.state === 'ready')
  const stream = guest.follow(`stream:${host.account.streamId}`)
  const counter = guest.follow(`counters:stream:${host.account.streamId}`)
  await until('the guest to be in', () => counter.items.at(-1)?.viewers === 1)
  const details = { title: 'From there', category: 'talk', visibility: 'public' } as const
  const { id } = await host.connection.call('broadcast:start', { clientId: clientId(), ...details })
  const sender = await sendMedia(other, host)
  await using viewers = watchMedia(leader, host.account.streamId, 1)
  await until('the picture at the other gateway', () =>
    viewers.reports().some(({ state, stats }) => state === 'playing' && (stats?.fps ?? 0) > 0),
  )
  const generations = stream.items.flatMap((item) => (item.type === 'media' ? [item.generation] : []))
  expect(generations).toEqual([...new Set(generations)])

  await leader.kill()
  await sender[Symbol.asyncDispose]()
  await until('the loss to be told', () => statesOf(stream).at(-1) === 'interrupted')
  expect(statesOf(stream)).toEqual(['starting', 'live', 'interrupted'])
  await host.connection.call('broadcast:end', { broadcastId: id })
  await until('the end', () => statesOf(stream).at(-1) === 'ended')
})

test('what processes without sockets do reaches those of the gateways over Redis', async () => {
  await using all = await startNodes(1, { ROLES: 'gateway,media' })
  const [gateway] = all.nodes as [TestApp]
  const shared = { REDIS_URL: all.redis.url, SECRET_KEY: 'the secret that all nodes of a test share' }
  await using http = await startApp(
    { ROLES: 'http', SOCKET_PORT: String(gateway.socketPort), ...shared },
    gateway,
  )
  await using _jobs = await startApp({ ROLES: 'jobs', ...shared }, gateway)
  const [host, fan] = [await http.person('host'), await http.person('fan')]
  const state = fan.follow(`notification-state:${fan.account.id}`)
  const notes = fan.follow(`notifications:${fan.account.id}`)
  await until('the state', () => state.items.at(-1)?.unread === 0)
  await fan.connection.call('follow:add', { accountId: host.account.id })
  const details = { title: 'From there', category: 'talk', visibility: 'public' } as const
  await host.connection.call('broadcast:start', { clientId: clientId(), ...details })
  await using _sender = await sendMedia(http, host)
  await until('the notification', () => notes.items.length === 1 && state.items.at(-1)?.unread === 1)

  const { socket } = await rawSocket(gateway, fan)
  const told = new Promise((resolve) => socket.once('session:ended', resolve))
  await fan.api.request('post /api/auth/sign-out')
  expect(await told).toEqual({ code: 'signed_out', reconnect: true })
})
