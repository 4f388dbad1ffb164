import { expect, test } from 'vitest'
import { startApp } from '../support/app.ts'
import { freePort } from '../support/free-port.ts'
import { sendMedia, watchMedia } from '../support/peers/peers.ts'
import { clientId } from '../support/person.ts'
import { until } from '../support/until.ts'

const MEDIA_SECRET = 'shared by gateways and media nodes in tests'

test('a media node without PostgreSQL serves the gateway of another process; its death only interrupts', async () => {
  const port = String(await freePort())
  const nodeEnv = { ROLES: 'media', MEDIA_CONTROL_PORT: port, MEDIA_SECRET }
  // An address where no database answers: were the node to ask for one, it would not start.
  const noDatabase = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', DATABASE_OWNER_URL: '' }
  await using node = await startApp({ ...nodeEnv, ...noDatabase })
  const gatewayEnv = { ROLES: 'gateway,http,jobs', MEDIA_NODES: `http://127.0.0.1:${port}`, MEDIA_SECRET }
  await using app = await startApp({ ...gatewayEnv, BROADCAST_GRACE_SECONDS: '60' })
  const [host, guest] = [await app.person('host'), await app.visitor()]
  const status = guest.follow('media:status')
  await until('the node to be found', () => status.items.at(-1)?.state === 'ready')
  const details = { title: 'From afar', category: 'talk', visibility: 'public' } as const
  const { id } = await host.connection.call('broadcast:start', { clientId: clientId(), ...details })
  await using _sender = await sendMedia(app, host)
  await using viewers = watchMedia(app, host.account.streamId, 1)
  const sees = () =>
    viewers.reports().some(({ state, stats }) => state === 'playing' && (stats?.fps ?? 0) > 0)
  await until('the picture', sees)

  await node.restart()
  await until('the node to be back', () => status.items.at(-1)?.state === 'ready')
  await until('the picture again', sees)
  const { stream } = await guest.api.request('get /api/streams/{handle}', { params: { handle: 'host' } })
  expect(stream.broadcast?.id).toBe(id)
})

test('http and jobs without sockets: pages and accounts work, and configuration names where sockets are', async () => {
  await using app = await startApp({ ROLES: 'http,jobs' })
  const alice = await app.person('alice')
  const { account } = await alice.api.request('get /api/me')
  expect(account?.handle).toBe('alice')
  const config = await alice.api.request('get /api/config')
  expect(config.media.state).toBe('unavailable')
  expect(config.socketPort).toBeGreaterThan(0)
})
