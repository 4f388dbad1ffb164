import type { types } from 'mediasoup-client'
import type { Connection } from '../types.ts'
import { planVideo, preferredCodec, type VideoPlan } from './rules/encodings.ts'
import { NoTrackError } from './failures.ts'
import { type Link, loadDevice, openLink } from './link.ts'
import { createSendReader, entriesOf, type SendStats } from './rules/stats.ts'

export type Kind = 'audio' | 'video'

/** The sending transport with the tracks that should go over it. */
export type Sender = {
  kinds(): Kind[]
  /** What `sendAll` sends from now on in place of the earlier track of its kind. */
  setTrack(track: MediaStreamTrack): void
  setMuted(kind: Kind, isMuted: boolean): void
  /** Opens what is missing and sends each track as it should be. Any failure drops the transport. */
  sendAll(): Promise<void>
  /** Restarts ICE where there is a transport. Throws `GoneError` where the server has none. */
  restart(): Promise<void>
  untilConnected(timeoutMs: number): Promise<boolean>
  /** Closes the transport; the tracks stay. `sendAll` builds anew. */
  drop(): void
  /** Drops for good: a `sendAll` that is running ends without sending more. */
  close(): void
  stats(): Promise<SendStats | undefined>
}

type Options = {
  connection: Connection
  streamId: string
  device: types.Device | undefined
  onTrouble(): void
}

type Sent = { producer: types.Producer; plan: VideoPlan | undefined }

/** Where the browser's estimate begins, in kbit/s: a fair picture from the first second on most uploads. */
const START_BITRATE_KBPS = 1000

export function createSender(options: Options): Sender {
  const tracks = new Map<Kind, MediaStreamTrack>()
  const muted = new Set<Kind>()
  const sent = new Map<Kind, Sent>()
  let device = options.device
  let link: Link | undefined
  let read = createSendReader()
  let isClosed = false

  const drop = () => {
    link?.close()
    link = undefined
    sent.clear()
  }

  const obtainLink = async (): Promise<Link> => {
    if (link && !link.transport.closed) return link
    drop()
    device = await loadDevice(options.connection, options.streamId, device)
    link = await openLink({ ...options, device, direction: 'send' })
    read = createSendReader()
    return link
  }

  const sendOne = async (to: Link, kind: Kind, track: MediaStreamTrack): Promise<void> => {
    const plan = kind === 'video' ? planOf(track) : undefined
    const before = sent.get(kind)
    if (before && before.producer.track === track) return
    if (before && before.plan?.encodings.length === plan?.encodings.length) {
      return before.producer.replaceTrack({ track })
    }
    // Another number of layers needs another producer; the server replaces the earlier one.
    before?.producer.close()
    sent.delete(kind)
    const producer = await to.transport.produce(produceOptions(track, plan, device))
    sent.set(kind, { producer, plan })
    if (muted.has(kind)) producer.pause()
    if (kind === 'video') await keepResolution(producer.rtpSender)
  }

  return {
    kinds: () => [...tracks.keys()],
    setTrack: (track) => void tracks.set(track.kind as Kind, track),
    setMuted(kind, isMuted) {
      const producer = sent.get(kind)?.producer
      if (isMuted) {
        muted.add(kind)
        producer?.pause()
      } else {
        muted.delete(kind)
        producer?.resume()
      }
    },
    async sendAll() {
      const wanted = [...tracks].filter(([, track]) => track.readyState !== 'ended')
      if (wanted.length === 0) throw new NoTrackError('Camera and microphone have ended.')
      const to = await obtainLink()
      try {
        for (const [kind, track] of wanted) if (!isClosed) await sendOne(to, kind, track)
        if (isClosed) drop()
      } catch (error) {
        if (link === to) drop()
        throw error
      }
    },
    restart: async () => link?.restartIce(),
    untilConnected: async (timeoutMs) => (await link?.untilConnected(timeoutMs)) ?? false,
    drop,
    close() {
      isClosed = true
      drop()
    },
    async stats() {
      if (!link || link.transport.closed) return undefined
      return read(entriesOf(await link.transport.getStats()), performance.now())
    },
  }
}

function planOf(track: MediaStreamTrack): VideoPlan {
  const { width, height } = track.getSettings()
  return planVideo(width, height)
}

function produceOptions(
  track: MediaStreamTrack,
  plan: VideoPlan | undefined,
  device: types.Device | undefined,
): types.ProducerOptions {
  // Without `stopTracks: false`, a transport that is built anew would find the camera switched off.
  if (!plan) return { track, stopTracks: false }
  const codec = preferredCodec(
    device?.sendRtpCapabilities.codecs?.filter(({ kind }) => kind === 'video') ?? [],
  )
  return {
    track,
    stopTracks: false,
    encodings: plan.encodings,
    ...(codec && { codec }),
    codecOptions: { videoGoogleStartBitrate: START_BITRATE_KBPS },
    appData: plan.video ? { video: plan.video } : {},
  }
}

/** H.264 fell to 960×540 on a noisy 720p picture unless told to keep its size and give up frames instead. */
async function keepResolution(sender: RTCRtpSender | undefined): Promise<void> {
  if (!sender) return
  const parameters = { ...sender.getParameters(), degradationPreference: 'maintain-resolution' as const }
  // A wish: browsers that don't know the field refuse it, and send all the same.
  await sender.setParameters(parameters).catch(() => undefined)
}
