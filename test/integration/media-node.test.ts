import { beforeAll, expect, test } from 'vitest'
import { createBroadcaster } from '../../client/live/broadcaster.ts'
import { createWatcher } from '../../client/live/watcher.ts'
import type { MediaNode } from '../../media/node.ts'
import { SILENCE_MS } from '../../media/rules/flow.ts'
import { createDirectConnection, type DirectConnection } from './media-harness/connection.ts'
import { recordEvents, startNode, until, workerPids } from './media-harness/node.ts'
import { createRelay, type IceRelay } from './media-harness/relay.ts'
import { createCamera, createDevice, installWebRtc, nextFrames } from './media-harness/web-rtc.ts'

beforeAll(installWebRtc)

const video = (stream: MediaStream) => {
  const [track] = stream.getVideoTracks()
  if (!track) throw new Error('There is no video track.')
  return track
}

test('a picture sent through a real worker is seen, over DTLS, by whoever watches', async () => {
  await using node = await startNode()
  using camera = createCamera()
  const events = recordEvents(node)
  const sender = createBroadcaster({
    connection: createDirectConnection(node, 'sender'),
    streamId: 'one',
    device: await createDevice(),
  })
  await sender.start(camera.stream)
  expect(sender.state).toBe('live')

  const watcher = createWatcher({
    connection: createDirectConnection(node, 'viewer'),
    streamId: 'one',
    device: await createDevice(),
  })
  await until(() => watcher.state === 'playing', 'the watcher to play')
  expect(
    watcher.stream
      .getTracks()
      .map(({ kind }) => kind)
      .sort(),
  ).toEqual(['audio', 'video'])
  const frame = await nextFrames(video(watcher.stream), 5)
  expect(frame.width / frame.height).toBeCloseTo(16 / 9, 1)
  await until(() => events.some((event) => event.type === 'flow' && event.isFlowing), 'the flow to be told')
  const before = await watcher.stats()
  await until(
    async () => ((await watcher.stats())?.bytesReceived ?? 0) > (before?.bytesReceived ?? 0),
    'bytes to rise',
  )
  expect(await node.stats()).toMatchObject({
    workers: 1,
    rooms: 1,
    transports: 2,
    producers: 2,
    consumers: 2,
  })

  watcher.close()
  sender.stop()
  await until(async () => (await node.stats()).transports === 0, 'both transports to be closed')
  expect(events.at(-1)).toMatchObject({ room: 'one' })
  expect(await node.rooms()).toMatchObject([{ room: 'one', kinds: [], isFlowing: false }])
})

test('a worker killed with SIGKILL is replaced, told as lost, and both sides come back by themselves', async () => {
  await using node = await startNode()
  using camera = createCamera()
  const events = recordEvents(node)
  const sender = createBroadcaster({
    connection: createDirectConnection(node, 'sender'),
    streamId: 'one',
    device: await createDevice(),
  })
  await sender.start(camera.stream)
  const watcher = createWatcher({
    connection: createDirectConnection(node, 'viewer'),
    streamId: 'one',
    device: await createDevice(),
  })
  await until(() => watcher.state === 'playing', 'the watcher to play')
  const [before] = await node.rooms()
  const states: string[] = []
  watcher.onState((state) => states.push(state))

  for (const pid of workerPids()) process.kill(pid, 'SIGKILL')
  await until(() => events.some(({ type }) => type === 'lost'), 'the loss to be told')
  await until(() => states.at(-1) === 'playing', 'the watcher to play again')
  await nextFrames(video(watcher.stream), 5)
  expect(sender.state).toBe('live')
  const [after] = await node.rooms()
  expect(after?.generation).toBeGreaterThan(before?.generation ?? Number.POSITIVE_INFINITY)
  expect((await node.stats()).transports).toBe(2)
  watcher.close()
  sender.stop()
})

test('a page that sends is reloaded: viewers see the new picture over the transport they have', async () => {
  await using node = await startNode()
  using camera = createCamera()
  const first = await startSender(node, camera.stream)
  const connection = createDirectConnection(node, 'viewer')
  const watcher = createWatcher({ connection, streamId: 'one', device: await createDevice() })
  await until(() => watcher.state === 'playing', 'the watcher to play')
  const before = video(watcher.stream)

  first.stop()
  await until(() => watcher.state === 'waiting', 'the watcher to wait')
  const second = await startSender(node, camera.stream)
  await until(() => watcher.state === 'playing', 'the watcher to play again')
  await until(() => {
    const [track] = watcher.stream.getVideoTracks()
    return track !== undefined && track !== before
  }, 'the track to be another')
  await nextFrames(video(watcher.stream), 5)
  expect(watcher.stream.getTracks()).toHaveLength(2)
  expect(connection.counts.get('media:open-transport')).toBe(1)
  watcher.close()
  second.stop()
})

test('who comes before the sender waits, and plays as soon as there is something', async () => {
  await using node = await startNode()
  using camera = createCamera()
  const watcher = await startWatcher(node)
  await until(() => watcher.state === 'waiting', 'the watcher to wait')
  const sender = await startSender(node, camera.stream)
  await until(() => watcher.state === 'playing', 'the watcher to play')
  await until(() => watcher.stream.getTracks().length === 2, 'both tracks')
  await nextFrames(video(watcher.stream), 2)
  watcher.close()
  sender.stop()
})

test('a hidden page gets sound only, and the picture again when it is shown', async () => {
  await using node = await startNode()
  using camera = createCamera()
  const sender = await startSender(node, camera.stream)
  const connection = createDirectConnection(node, 'viewer')
  const watcher = createWatcher({ connection, streamId: 'one', device: await createDevice() })
  await until(() => watcher.state === 'playing', 'the watcher to play')
  await nextFrames(video(watcher.stream), 2)
  watcher.setHidden(true)
  await until(() => connection.counts.get('media:pause') === 1, 'the picture to be paused')
  const bytes = async () => (await watcher.stats())?.bytesReceived ?? 0
  const before = await bytes()
  await until(async () => (await bytes()) > before, 'sound to go on')
  watcher.setHidden(false)
  await nextFrames(video(watcher.stream), 5)
  watcher.close()
  sender.stop()
})

test('muting sends silence and black, so that nothing looks like an interruption', async () => {
  await using node = await startNode()
  using camera = createCamera()
  const events = recordEvents(node)
  const sender = await startSender(node, camera.stream)
  await until(() => events.some((event) => event.type === 'flow' && event.isFlowing), 'the flow to be told')
  sender.setMuted('video', true)
  sender.setMuted('audio', true)
  await new Promise((resolve) => setTimeout(resolve, 2 * SILENCE_MS))
  expect(await node.rooms()).toMatchObject([{ kinds: ['audio', 'video'], isFlowing: true }])
  sender.stop()
})

test('a sender whose packets stop is told, and told again when they flow', async () => {
  await using node = await startNode()
  await using relay = createRelay()
  using camera = createCamera()
  const events = recordEvents(node)
  const flows = () => events.flatMap((event) => (event.type === 'flow' ? [event.isFlowing] : []))
  const sender = await startSender(node, camera.stream, relay)
  await until(() => flows().length === 1, 'the flow to be told')
  relay.setUp(false)
  await until(() => flows().length === 2, 'the silence to be told')
  relay.setUp(true)
  await until(() => flows().length === 3, 'the return to be told')
  expect(flows()).toEqual([true, false, true])
  sender.stop()
})

test('after 25 seconds without any network both sides go on, and nothing is left behind', async () => {
  await using node = await startNode()
  await using relay = createRelay()
  using camera = createCamera()
  const connections = ['sender', 'viewer'].map((peer) => createDirectConnection(node, peer, relay))
  const [sending, watching] = connections as [DirectConnection, DirectConnection]
  const sender = createBroadcaster({ connection: sending, streamId: 'one', device: await createDevice() })
  await sender.start(camera.stream)
  const watcher = createWatcher({ connection: watching, streamId: 'one', device: await createDevice() })
  await until(() => watcher.state === 'playing', 'the watcher to play')

  relay.setUp(false)
  for (const connection of connections) connection.setOnline(false)
  await new Promise((resolve) => setTimeout(resolve, 25_000))
  expect([sender.state, watcher.state]).toEqual(['reconnecting', 'reconnecting'])
  relay.setUp(true)
  for (const connection of connections) connection.setOnline(true)
  await until(() => sender.state === 'live' && watcher.state === 'playing', 'both to be back')
  await nextFrames(video(watcher.stream), 5)
  // A restart of ICE brings the old transports back; where it takes too long (a busy machine), new ones take their place.
  await until(async () => (await node.stats()).transports === 2, 'no more transports than needed')
  watcher.close()
  sender.stop()
})

async function startSender(node: MediaNode, stream: MediaStream, relay?: IceRelay) {
  const connection = createDirectConnection(node, 'sender', relay)
  const sender = createBroadcaster({ connection, streamId: 'one', device: await createDevice() })
  await sender.start(stream)
  return sender
}

const startWatcher = async (node: MediaNode) =>
  createWatcher({
    connection: createDirectConnection(node, 'viewer'),
    streamId: 'one',
    device: await createDevice(),
  })
