import wrtc from '@roamhq/wrtc'
import { Device, type types } from 'mediasoup-client'

const GLOBALS = [
  'RTCPeerConnection',
  'RTCSessionDescription',
  'RTCIceCandidate',
  'MediaStream',
  'MediaStreamTrack',
  'RTCRtpTransceiver',
  'RTCRtpSender',
  'RTCRtpReceiver',
]

/** Gives this process the WebRTC of a browser (libwebrtc itself). */
export function installWebRtc(): void {
  const classes = wrtc as unknown as Record<string, unknown>
  for (const name of GLOBALS) Object.assign(globalThis, { [name]: classes[name] })
}

export const createDevice = (): Promise<types.Device> => Device.factory({ handlerName: 'Chrome111' })

/** A camera and a microphone that move, 30 pictures and 100 blocks of sound a second until disposed. */
export function createCamera(width = 640, height = 360): Disposable & { stream: MediaStream } {
  const video = new wrtc.nonstandard.RTCVideoSource()
  const audio = new wrtc.nonstandard.RTCAudioSource()
  const stream = new MediaStream([video.createTrack(), audio.createTrack()])
  const data = new Uint8Array(width * height * 1.5).fill(128)
  const samples = new Int16Array(480)
  let count = 0
  const pictures = setInterval(() => {
    count++
    for (let at = 0; at < width * height; at += 97) data[at] = (at * 31 + count * 17) % 256
    video.onFrame({ width, height, data })
  }, 1000 / 30)
  const sounds = setInterval(() => {
    for (let at = 0; at < samples.length; at++)
      samples[at] = Math.round(8000 * Math.sin((at + count * 7) / 6))
    audio.onData({ samples, sampleRate: 48_000 })
  }, 10)
  return {
    stream,
    [Symbol.dispose]() {
      clearInterval(pictures)
      clearInterval(sounds)
      for (const track of stream.getTracks()) track.stop()
    },
  }
}

/** Resolves once `count` decoded pictures of a track have come from now on. */
export function nextFrames(
  track: MediaStreamTrack,
  count: number,
): Promise<{ width: number; height: number }> {
  return new Promise((resolve) => {
    let seen = 0
    const sink = new wrtc.nonstandard.RTCVideoSink(track)
    sink.onframe = ({ frame }: { frame: { width: number; height: number } }) => {
      if (++seen < count) return
      sink.stop()
      resolve({ width: frame.width, height: frame.height })
    }
  })
}
