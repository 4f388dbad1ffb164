import { beforeAll, expect, test } from 'vitest'
import { createBroadcaster } from '../../client/live/broadcaster.ts'
import { createWatcher } from '../../client/live/watcher.ts'
import type { MediaNode } from '../../media/node.ts'
import { createDirectConnection } from './media-harness/connection.ts'
import { recordEvents, startNode, until, workerPids } from './media-harness/node.ts'
import { createCamera, createDevice, installWebRtc } from './media-harness/web-rtc.ts'

beforeAll(installWebRtc)

const opus = {
  mimeType: 'audio/opus',
  payloadType: 100,
  clockRate: 48_000,
  channels: 2,
  parameters: {},
  rtcpFeedback: [],
}
const audio = (ssrc: number) => ({ mid: String(ssrc), codecs: [opus], encodings: [{ ssrc }] })
const vp8 = { mimeType: 'video/VP8', payloadType: 101, clockRate: 90_000, parameters: {}, rtcpFeedback: [] }
const simulcast = {
  mid: 'v',
  codecs: [vp8],
  encodings: ['a', 'b', 'c'].map((rid) => ({ rid, scalabilityMode: 'L1T3' })),
  headerExtensions: [
    { uri: 'urn:ietf:params:rtp-hdrext:sdes:mid' as const, id: 1 },
    { uri: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id' as const, id: 2 },
  ],
}
const refusal = (code: string) => ({ name: 'AppError', code })
const open = (node: MediaNode, direction: 'send' | 'recv', peer = 'p') =>
  node.openTransport({ room: 'one', peer, direction })

test('parameters that mediasoup refuses are invalid input, and the worker lives on', async () => {
  await using node = await startNode()
  const pids = workerPids()
  const { transportId: sending } = await open(node, 'send')
  const { transportId: receiving } = await open(node, 'recv')
  const broken = [
    () => node.connectTransport({ transportId: sending, dtlsParameters: { fingerprints: [] } }),
    () => node.produce({ transportId: sending, kind: 'audio', rtpParameters: { codecs: [] } }),
    () => node.produce({ transportId: sending, kind: 'video', rtpParameters: audio(1) }),
    () => node.produce({ transportId: receiving, kind: 'audio', rtpParameters: audio(2) }),
    () => node.consume({ transportId: sending, rtpCapabilities: {} }),
    // What a client sends is not what its type says.
    () => node.consume({ transportId: receiving, rtpCapabilities: { codecs: 'all' } as never }),
  ]
  for (const request of broken) await expect(request()).rejects.toMatchObject(refusal('invalid_input'))
  await node.produce({ transportId: sending, kind: 'audio', rtpParameters: audio(3) })
  // This one only the worker itself can refuse: an SSRC that another track of the transport has.
  const taken = { mid: 'w', codecs: [vp8], encodings: [{ ssrc: 3 }] }
  await expect(
    node.produce({ transportId: sending, kind: 'video', rtpParameters: taken }),
  ).rejects.toMatchObject(refusal('invalid_input'))
  expect(workerPids()).toEqual(pids)
})

test('what was closed or never was is not found', async () => {
  await using node = await startNode()
  const { transportId } = await open(node, 'recv')
  await node.closeTransport(transportId)
  const requests = [
    node.closeTransport(transportId),
    node.restartIce(transportId),
    node.consume({ transportId, rtpCapabilities: {} }),
    node.resumeConsumer('nobody'),
    node.setLayers({ consumerId: 'nobody', spatialLayer: 0 }),
  ]
  for (const request of requests) await expect(request).rejects.toMatchObject(refusal('not_found'))
  await node.closeRoom('never was')
})

test('a new track replaces the one of its kind, and each change has a larger generation', async () => {
  await using node = await startNode()
  const events = recordEvents(node)
  const { transportId } = await open(node, 'send')
  const first = await node.produce({ transportId, kind: 'audio', rtpParameters: audio(1) })
  const again = await node.produce({ transportId, kind: 'audio', rtpParameters: audio(1) })
  const { transportId: reloaded } = await open(node, 'send')
  const other = await node.produce({ transportId: reloaded, kind: 'audio', rtpParameters: audio(2) })
  expect(new Set([first.producerId, again.producerId, other.producerId]).size).toBe(3)
  // The page that was replaced goes, and what it sent is not what is being watched.
  await node.closeTransport(transportId)
  expect((await node.stats()).producers).toBe(1)
  await node.closeTransport(reloaded)
  const generations = events.flatMap((event) => (event.type === 'media' ? [event.generation] : []))
  expect(generations).toHaveLength(4)
  expect([...new Set(generations)].sort((a, b) => a - b)).toEqual(generations)
  expect(await node.rooms()).toMatchObject([{ kinds: [], generation: generations.at(-1) }])
})

test('a room that is closed and comes again goes on with larger generations', async () => {
  await using node = await startNode()
  const events = recordEvents(node)
  for (let round = 0; round < 2; round++) {
    const { transportId } = await open(node, 'send')
    await node.produce({ transportId, kind: 'audio', rtpParameters: audio(1) })
    await node.closeRoom('one')
    await expect(node.restartIce(transportId)).rejects.toMatchObject(refusal('not_found'))
  }
  const media = events.flatMap((event) => (event.type === 'media' ? [event] : []))
  expect(media.map(({ kinds }) => kinds.length)).toEqual([1, 0, 1, 0])
  const generations = media.map(({ generation }) => generation)
  expect([...generations].sort((a, b) => a - b)).toEqual(generations)
})

test('a viewer gets each track once, paused, with the sizes that can be chosen', async () => {
  await using node = await startNode()
  const { transportId } = await open(node, 'send')
  await node.produce({ transportId, kind: 'audio', rtpParameters: audio(1) })
  const video = { width: 1280, height: 720, scales: [4, 2, 1] }
  await node.produce({ transportId, kind: 'video', rtpParameters: simulcast, video })
  const viewer = await open(node, 'recv', 'viewer')
  const rtpCapabilities = await node.capabilities('one')
  const ask = () => node.consume({ transportId: viewer.transportId, rtpCapabilities })
  const [answer, same] = await Promise.all([ask(), ask()])
  expect(same).toEqual(answer)
  expect(answer.consumers.map(({ kind }) => kind)).toEqual(['audio', 'video'])
  const picture = answer.consumers[1]
  expect(picture?.qualities.map(({ height }) => height)).toEqual([180, 360, 720])
  await node.setLayers({ consumerId: picture?.consumerId ?? '', spatialLayer: 0 })
  await node.resumeConsumer(picture?.consumerId ?? '')
  await node.pauseConsumer(picture?.consumerId ?? '')
  // A viewer that can only hear gets what it can have.
  const deaf = await open(node, 'recv', 'listener')
  const codecs = rtpCapabilities.codecs?.filter(({ kind }) => kind === 'audio') ?? []
  const heard = await node.consume({ transportId: deaf.transportId, rtpCapabilities: { codecs } })
  expect(heard.consumers.map(({ kind }) => kind)).toEqual(['audio'])
})

test('one person can not open transports without end, and closing one makes room', async () => {
  await using node = await startNode()
  const using = createCamera()
  const connection = createDirectConnection(node, 'greedy')
  const senders = await Promise.all(
    Array.from({ length: 8 }, async () =>
      createBroadcaster({ connection, streamId: 'one', device: await createDevice() }),
    ),
  )
  for (const sender of senders) await sender.start(using.stream)
  await expect(open(node, 'recv', 'greedy')).rejects.toMatchObject(refusal('too_many_requests'))
  await open(node, 'recv', 'modest')
  senders[0]?.stop()
  await until(async () => (await node.stats()).transports === 8, 'the transport to close')
  await open(node, 'recv', 'greedy')
  for (const sender of senders) sender.stop()
  using[Symbol.dispose]()
})

test('transports that never connected make way for newer ones of the same person', async () => {
  await using node = await startNode()
  const first = await open(node, 'recv')
  for (let count = 0; count < 8; count++) await open(node, 'recv')
  await expect(node.restartIce(first.transportId)).rejects.toMatchObject(refusal('not_found'))
  expect((await node.stats()).transports).toBe(8)
})

test('a node without a worker says why, and refuses with that sentence', async () => {
  const { createMediaNode } = await import('../../media/node.ts')
  const { nodeConfig, silentLog } = await import('./media-harness/node.ts')
  await using node = createMediaNode({
    config: nodeConfig({ MEDIASOUP_WORKER_BIN: '/bin/false' }),
    log: silentLog,
  })
  const events = recordEvents(node)
  expect(node.status().state).toBe('preparing')
  await until(() => node.status().state === 'unavailable', 'the node to give up')
  expect(events).toContainEqual({ type: 'status', status: node.status() })
  await expect(node.capabilities('one')).rejects.toMatchObject({
    code: 'unavailable',
    message: node.status().message,
  })
})

test('a signal to this process ends no worker: those who watch are sent elsewhere first', async () => {
  const counts = () => (['SIGINT', 'SIGTERM'] as const).map((signal) => process.listenerCount(signal))
  const before = counts()
  await using _node = await startNode()
  expect(counts()).toEqual(before)
})

test('a taken port moves the worker to the next free one', async () => {
  // Below the range from which the system takes ports for outgoing connections.
  const port = 20_000 + (process.pid % 10_000)
  await using first = await startNode({ MEDIA_PORT: String(port) })
  await using second = await startNode({ MEDIA_PORT: String(port) })
  const portOf = async (node: MediaNode) => (await open(node, 'recv')).iceCandidates[0]?.port
  const ports = [await portOf(first), await portOf(second)]
  expect(ports[0]).toBeGreaterThanOrEqual(port)
  expect(ports[1]).toBeGreaterThan(ports[0] ?? Number.POSITIVE_INFINITY)
})

test('a viewer who closes the page leaves nothing behind', async () => {
  await using node = await startNode()
  using camera = createCamera()
  const sender = createBroadcaster({
    connection: createDirectConnection(node, 'sender'),
    streamId: 'one',
    device: await createDevice(),
  })
  await sender.start(camera.stream)
  const connection = createDirectConnection(node, 'viewer')
  const watcher = createWatcher({ connection, streamId: 'one', device: await createDevice() })
  await until(() => watcher.state === 'playing', 'the watcher to play')
  // The page goes without a word over the socket: the end of its DTLS session is what the SFU hears.
  connection.setOnline(false)
  watcher.close()
  await until(async () => (await node.stats()).transports === 1, 'the transport of the viewer to be closed')
  expect((await node.stats()).consumers).toBe(0)
  sender.stop()
})
