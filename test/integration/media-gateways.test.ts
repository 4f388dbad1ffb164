import { beforeAll, expect, test } from 'vitest'
import { createBroadcaster } from '../../client/live/broadcaster.ts'
import { createWatcher } from '../../client/live/watcher.ts'
import { createRemoteMediaControl } from '../../media/client/remote.ts'
import { startControlServer } from '../../media/control-server.ts'
import { createDirectConnection } from './media-harness/connection.ts'
import { createCuttableWire } from './media-harness/cuttable-wire.ts'
import { recordEvents, silentLog, startNode, until } from './media-harness/node.ts'
import { createCamera, createDevice, installWebRtc } from './media-harness/web-rtc.ts'

const secret = 'a secret of the test that is long enough'
const STREAM = 'far'
beforeAll(installWebRtc)

/** Two SFUs, each with a wire that only one of the gateways goes over. */
async function startSfus() {
  const nodes = [await startNode(), await startNode()]
  const servers = await Promise.all(
    nodes.map((media) => startControlServer({ media, host: '127.0.0.1', port: 0, secret, log: silentLog })),
  )
  const wires = await Promise.all(servers.map(({ port }) => createCuttableWire(port)))
  const addressesOf = (ends: readonly { port: number }[]) =>
    ends.map(({ port }) => `http://127.0.0.1:${port}`)
  return {
    nodes,
    wires,
    straight: addressesOf(servers),
    overWires: addressesOf(wires),
    async [Symbol.asyncDispose]() {
      for (const part of [...wires, ...servers, ...nodes]) await part[Symbol.asyncDispose]()
    },
  }
}

test('a gateway that lost an SFU for a while does not end what another gateway has there, and its viewers come to it', async () => {
  await using sfus = await startSfus()
  using near = createRemoteMediaControl({ addresses: sfus.straight, secret, log: silentLog })
  using far = createRemoteMediaControl({ addresses: sfus.overWires, secret, log: silentLog })
  const bothReached = async () => near.status().state === 'ready' && far.status().state === 'ready'
  await until(bothReached, 'the nodes to be reached')
  using camera = createCamera()
  const sender = createBroadcaster({
    connection: createDirectConnection(near, 'sender'),
    streamId: STREAM,
    device: await createDevice(),
  })
  await sender.start(camera.stream)
  const states: string[] = []
  sender.onState((state) => states.push(state))
  const holder = (await sfus.nodes[0]?.rooms())?.length === 1 ? 0 : 1
  await until(async () => (await far.rooms()).length === 1, 'the far gateway to know of it')

  const events = recordEvents(far)
  sfus.wires[holder]?.cut()
  await until(() => events.some(({ type }) => type === 'lost'), 'the far gateway to give it up')
  const watcher = createWatcher({
    connection: createDirectConnection(far, 'viewer'),
    streamId: STREAM,
    device: await createDevice(),
  })
  await until(async () => (await sfus.nodes[1 - holder]?.rooms())?.length === 1, 'a second room elsewhere')
  sfus.wires[holder]?.mend()
  await until(async () => (await sfus.nodes[1 - holder]?.rooms())?.length === 0, 'it to be one again')
  await until(() => watcher.state === 'playing', 'the viewer to play')
  await until(async () => ((await watcher.stats())?.bytesReceived ?? 0) > 10_000, 'media to arrive')
  expect(await sfus.nodes[holder]?.rooms()).toMatchObject([{ room: STREAM, kinds: ['audio', 'video'] }])
  expect(states).toEqual([])
  watcher.close()
  sender.stop()
})
