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
beforeAll(installWebRtc)

test('a gateway far from the SFU lets people send and watch through a media-only node', async () => {
  await using node = await startNode()
  await using server = await startControlServer({
    media: node,
    host: '127.0.0.1',
    port: 0,
    secret,
    log: silentLog,
  })
  using remote = createRemoteMediaControl({
    addresses: [`http://127.0.0.1:${server.port}`],
    secret,
    log: silentLog,
  })
  const events = recordEvents(remote)
  await until(() => remote.status().state === 'ready', 'the node to be reached')
  using camera = createCamera()
  const sender = createBroadcaster({
    connection: createDirectConnection(remote, 'sender'),
    streamId: 'far',
    device: await createDevice(),
  })
  await sender.start(camera.stream)
  const watcher = createWatcher({
    connection: createDirectConnection(remote, 'viewer'),
    streamId: 'far',
    device: await createDevice(),
  })
  await until(() => watcher.state === 'playing', 'the watcher to play')
  await until(async () => ((await watcher.stats())?.bytesReceived ?? 0) > 10_000, 'media to arrive')
  await until(() => events.some((event) => event.type === 'flow' && event.isFlowing), 'the flow to be told')
  expect(await remote.rooms()).toMatchObject([{ room: 'far', kinds: ['audio', 'video'], isFlowing: true }])
  await remote.closeRoom('far')
  expect(await remote.rooms()).toEqual([])
  expect(await node.rooms()).toEqual([])
  watcher.close()
  sender.stop()
})

test('errors of a far node arrive as what they were', async () => {
  await using node = await startNode()
  await using server = await startControlServer({
    media: node,
    host: '127.0.0.1',
    port: 0,
    secret,
    log: silentLog,
  })
  using remote = createRemoteMediaControl({
    addresses: [`http://127.0.0.1:${server.port}`],
    secret,
    log: silentLog,
  })
  await until(() => remote.status().state === 'ready', 'the node to be reached')
  const { transportId } = await remote.openTransport({ room: 'one', peer: 'p', direction: 'send' })
  const rtpParameters = { codecs: [], encodings: [] }
  await expect(remote.produce({ transportId, kind: 'audio', rtpParameters })).rejects.toMatchObject({
    code: 'invalid_input',
  })
  await expect(remote.restartIce(transportId.replace(/.$/, '?'))).rejects.toMatchObject({ code: 'not_found' })
  await expect(remote.restartIce('ffffffff.x')).rejects.toMatchObject({ code: 'not_found' })
})

test('while the link is cut calls are unavailable, and when it is back the rooms are told as they are now', async () => {
  await using node = await startNode()
  await using server = await startControlServer({
    media: node,
    host: '127.0.0.1',
    port: 0,
    secret,
    log: silentLog,
  })
  await using wire = await createCuttableWire(server.port)
  using remote = createRemoteMediaControl({
    addresses: [`http://127.0.0.1:${wire.port}`],
    secret,
    log: silentLog,
  })
  const events = recordEvents(remote)
  await until(() => remote.status().state === 'ready', 'the node to be reached')
  using camera = createCamera()
  const sender = createBroadcaster({
    connection: createDirectConnection(remote, 'sender'),
    streamId: 'far',
    device: await createDevice(),
  })
  await sender.start(camera.stream)
  const { transportId } = await remote.openTransport({ room: 'far', peer: 'other', direction: 'recv' })

  wire.cut()
  await until(() => remote.status().state === 'unavailable', 'the cut to be noticed')
  await expect(remote.restartIce(transportId)).rejects.toMatchObject({ code: 'unavailable' })
  await expect(remote.capabilities('far')).rejects.toMatchObject({ code: 'unavailable' })
  // Meanwhile the sender leaves, which the gateway can not hear.
  sender.stop()
  await until(async () => (await node.rooms())[0]?.kinds.length === 0, 'the node to miss its sender')
  const heard = events.length

  wire.mend()
  await until(() => remote.status().state === 'ready', 'the node to be reached again')
  await until(
    () => events.slice(heard).some((event) => event.type === 'media' && event.kinds.length === 0),
    'the missed change to be told',
  )
  // The same transport goes on: the node never ended.
  expect((await remote.restartIce(transportId)).usernameFragment).toBeTruthy()
})

test('a gateway with another secret is refused', async () => {
  await using node = await startNode()
  await using server = await startControlServer({
    media: node,
    host: '127.0.0.1',
    port: 0,
    secret,
    log: silentLog,
  })
  const refusals: string[] = []
  const log = { ...silentLog, error: (_fields: object, message: string) => void refusals.push(message) }
  using remote = createRemoteMediaControl({
    addresses: [`http://127.0.0.1:${server.port}`],
    secret: `${secret}!`,
    log,
  })
  await until(() => refusals.length > 0, 'the refusal to be logged')
  expect(remote.status().state).toBe('unavailable')
})

test('of several nodes a room stays on the one that got it', async () => {
  await using first = await startNode()
  await using second = await startNode()
  const servers = await Promise.all(
    [first, second].map((media) =>
      startControlServer({ media, host: '127.0.0.1', port: 0, secret, log: silentLog }),
    ),
  )
  using remote = createRemoteMediaControl({
    addresses: servers.map(({ port }) => `http://127.0.0.1:${port}`),
    secret,
    log: silentLog,
  })
  await until(async () => remote.status().state === 'ready', 'the nodes to be reached')
  const rooms = Array.from({ length: 12 }, (_, at) => `room-${at}`)
  const opened = await Promise.all(
    rooms.map((room) => remote.openTransport({ room, peer: 'p', direction: 'recv' })),
  )
  const marks = (infos: { transportId: string }[]) =>
    infos.map(({ transportId }) => transportId.split('.')[0])
  const again = await Promise.all(
    rooms.map((room) => remote.openTransport({ room, peer: 'q', direction: 'recv' })),
  )
  expect(marks(again)).toEqual(marks(opened))
  expect((await first.rooms()).length + (await second.rooms()).length).toBe(rooms.length)
  for (const server of servers) await server[Symbol.asyncDispose]()
})

test('when the node of a stream is gone for good, sender and viewers move to another', async () => {
  const nodes = [await startNode(), await startNode()]
  const servers = await Promise.all(
    nodes.map((media) => startControlServer({ media, host: '127.0.0.1', port: 0, secret, log: silentLog })),
  )
  using remote = createRemoteMediaControl({
    addresses: servers.map(({ port }) => `http://127.0.0.1:${port}`),
    secret,
    log: silentLog,
  })
  const events = recordEvents(remote)
  await until(() => remote.status().state === 'ready', 'a node to be reached')
  using camera = createCamera()
  const sender = createBroadcaster({
    connection: createDirectConnection(remote, 'sender'),
    streamId: 'far',
    device: await createDevice(),
  })
  await sender.start(camera.stream)
  const watcher = createWatcher({
    connection: createDirectConnection(remote, 'viewer'),
    streamId: 'far',
    device: await createDevice(),
  })
  await until(() => watcher.state === 'playing', 'the watcher to play')

  const holder = (await nodes[0]?.rooms())?.length === 1 ? 0 : 1
  await servers[holder]?.[Symbol.asyncDispose]()
  await nodes[holder]?.[Symbol.asyncDispose]()
  await until(() => events.some(({ type }) => type === 'lost'), 'the loss to be told')
  await until(() => watcher.state === 'playing' && sender.state === 'live', 'both to be back')
  expect((await nodes[1 - holder]?.rooms())?.[0]).toMatchObject({ room: 'far', kinds: ['audio', 'video'] })
  watcher.close()
  sender.stop()
  await servers[1 - holder]?.[Symbol.asyncDispose]()
  await nodes[1 - holder]?.[Symbol.asyncDispose]()
})
