import { beforeAll, expect, test } from 'vitest'
import { createBroadcaster } from '../../client/live/broadcaster.ts'
import { createWatcher } from '../../client/live/watcher.ts'
import { createDirectConnection } from './media-harness/connection.ts'
import { recordEvents, startNode, until, workerPids } from './media-harness/node.ts'
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
