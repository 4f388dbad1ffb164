import type { types } from 'mediasoup'
import type { ConsumerInfo, VideoInfo } from '../client/control.ts'

/**
 * What every router can carry. VP9 and AV1 are left out: they do not decode on every viewer's machine, and nothing here
 * re-encodes for those.
 */
export const ROUTER_CODECS: types.RouterRtpCodecCapability[] = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    // Constrained baseline 3.1, the profile that every browser sends and receives; asymmetry lets a sender use a higher level.
    parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
  },
]

/** mediasoup takes the kind on trust; a "video" of Opus would be shown to viewers as a picture that never comes. */
export function assertKind(kind: 'audio' | 'video', rtpParameters: types.RtpParameters): void {
  const other = rtpParameters.codecs.find(({ mimeType }) => !mimeType.toLowerCase().startsWith(`${kind}/`))
  if (other) throw new TypeError(`${other.mimeType} is no ${kind} codec`)
}

/**
 * The sizes a viewer can choose, smallest first; the index is the spatial layer. Empty where the sender did not say its
 * size or where what it said does not match the layers it sends.
 */
export function qualitiesOf(layers: number, video: VideoInfo | undefined): ConsumerInfo['qualities'] {
  if (!video || video.scales.length !== layers) return []
  return video.scales.map((scale, spatialLayer) => ({
    spatialLayer,
    width: Math.round(video.width / scale),
    height: Math.round(video.height / scale),
  }))
}
