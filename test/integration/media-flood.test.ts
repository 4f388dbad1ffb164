import { createSocket } from 'node:dgram'
import { beforeAll, expect, test } from 'vitest'
import { createBroadcaster } from '../../client/live/broadcaster.ts'
import { createWatcher } from '../../client/live/watcher.ts'
import { freePort } from '../support/free-port.ts'
import { createDirectConnection } from './media-harness/connection.ts'
import { recordEvents, startNode, until, workerPids } from './media-harness/node.ts'
import { createCamera, createDevice, installWebRtc, nextFrames } from './media-harness/web-rtc.ts'

beforeAll(installWebRtc)

/** Of each kind; a second's worth of a stream, and quick on two cores. */
const PACKETS = 4000
const BYTES_MAX = 1500
/** So many are sent before the receiver gets a turn, or the kernel would drop them and nothing were tried. */
const AT_ONCE = 50

/** Bytes that look random and are the same every time (the generator of Numerical Recipes). */
function createNoise(seed: number) {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 8
  }
  return (size: number) => Uint8Array.from({ length: size }, () => next() & 0xff)
}

/** What each kind of packet begins with (RFC 7983 tells them apart by the first byte); the rest is noise. */
const KINDS = {
  nothing: [],
  // A binding request with the magic cookie (RFC 8489) and lengths of attributes that are not there.
  stun: [0x00, 0x01, 0xff, 0xfc, 0x21, 0x12, 0xa4, 0x42],
  // A handshake of DTLS 1.2 (RFC 6347), epoch 0.
  dtls: [0x16, 0xfe, 0xfd, 0x00, 0x00],
  // Version 2 (RFC 3550), with padding, an extension and as many sources as there can be.
  rtp: [0xbf, 0x60],
  rtcp: [0xbf, 0xc8, 0xff, 0xff],
}

async function flood(port: number, beginning: readonly number[], seed: number): Promise<void> {
  const noise = createNoise(seed)
  const socket = createSocket('udp4')
  for (let nth = 0; nth < PACKETS; nth++) {
    const packet = Uint8Array.from([...beginning, ...noise(nth % BYTES_MAX)])
    await new Promise<void>((sent) => socket.send(packet, port, '127.0.0.1', () => sent()))
    if (nth % AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await new Promise<void>((closed) => socket.close(closed))
}

test('packets that are no media, or broken, end neither a worker nor what is on air', async () => {
  const port = await freePort()
  await using node = await startNode({ MEDIA_PORT: String(port) })
  using camera = createCamera()
  const events = recordEvents(node)
  const pids = workerPids()
  const connectTo = async (name: string) => ({
    connection: createDirectConnection(node, name),
    ...{ streamId: 'one', device: await createDevice() },
  })
  const sender = createBroadcaster(await connectTo('sender'))
  await sender.start(camera.stream)
  const watchers = [createWatcher(await connectTo('before'))]
  await until(() => watchers[0]?.state === 'playing', 'the first to watch')

  for (const [nth, beginning] of Object.values(KINDS).entries()) await flood(port, beginning, nth + 1)

  watchers.push(createWatcher(await connectTo('after')))
  for (const watcher of watchers) {
    await until(() => watcher.state === 'playing', 'both to watch')
    const [track] = watcher.stream.getVideoTracks()
    expect((await nextFrames(track ?? expect.fail('There is no picture.'), 5)).width).toBeGreaterThan(0)
  }
  expect(sender.state).toBe('live')
  expect(workerPids()).toEqual(pids)
  expect(await node.stats()).toMatchObject({ workers: 1, rooms: 1, producers: 2, consumers: 4 })
  expect(events.filter(({ type }) => type === 'lost')).toEqual([])
  for (const watcher of watchers) watcher.close()
  sender.stop()
})
