import wrtc from '@roamhq/wrtc'
import { Device, type types } from 'mediasoup-client'

/** Puts libwebrtc's classes where a browser has them; mediasoup-client looks for them there. */
export function installWrtc(): void {
  const names = [
    'RTCPeerConnection',
    'RTCSessionDescription',
    'RTCIceCandidate',
    'RTCRtpTransceiver',
    'RTCRtpSender',
    'RTCRtpReceiver',
    'MediaStream',
    'MediaStreamTrack',
  ] as const
  const classes = wrtc as unknown as Record<string, unknown>
  Object.assign(
    globalThis,
    Object.fromEntries(names.flatMap((name) => (classes[name] ? [[name, classes[name]]] : []))),
  )
}

/** A mediasoup-client device over libwebrtc in Node. */
export const createWrtcDevice = (): Promise<types.Device> => Device.factory({ handlerName: 'Chrome111' })
