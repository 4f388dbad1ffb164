/**
 * A real WebRTC sender in Node: a moving picture and a tone, sent to a stream until the process is ended.
 * Arguments: server URL, stream id, bearer. Sends `{ type: 'live' }` over IPC.
 */
import wrtc from '@roamhq/wrtc'
import { createBroadcaster } from '../../../client/live/broadcaster.ts'
import { personWith } from '../person.ts'
import { createWrtcDevice, installWrtc } from './wrtc-device.ts'

const [url = '', streamId = '', bearer = ''] = process.argv.slice(2)
const WIDTH = 640
const HEIGHT = 360
const FRAME_MS = 50
/** 10 ms of sound at 48 kHz, which is what libwebrtc takes at a time. */
const SAMPLES = 480

installWrtc()
const video = new wrtc.nonstandard.RTCVideoSource()
const audio = new wrtc.nonstandard.RTCAudioSource()
const stream = new MediaStream([video.createTrack(), audio.createTrack()] as MediaStreamTrack[])

let frame = 0
setInterval(() => {
  frame++
  const data = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128)
  for (let y = 0; y < HEIGHT; y++) data.fill((y + frame * 4) % 256, y * WIDTH, (y + 1) * WIDTH)
  video.onFrame({ width: WIDTH, height: HEIGHT, data })
}, FRAME_MS)
let sample = 0
setInterval(() => {
  const samples = Int16Array.from({ length: SAMPLES }, () =>
    Math.round(8000 * Math.sin((sample++ * 2 * Math.PI * 440) / 48_000)),
  )
  audio.onData({ samples, sampleRate: 48_000, bitsPerSample: 16, channelCount: 1, numberOfFrames: SAMPLES })
}, 10)

const { connection } = personWith(url, bearer)
const broadcaster = createBroadcaster({ connection, streamId, device: await createWrtcDevice() })
await broadcaster.start(stream)
process.send?.({ type: 'live' })
