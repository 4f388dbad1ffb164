import type { types } from 'mediasoup-client'
import type { Connection } from '../types.ts'
import { NoTrackError } from './failures.ts'
import { type Link, loadDevice, openLink } from './link.ts'
import { planVideo, preferredCodec, type VideoPlan } from './rules/encodings.ts'
import { createSendReader, entriesOf, type SendStats } from './rules/stats.ts'

export type Kind = 'audio' | 'video'

type Options = {
  connection: Connection
  streamId: string
  device: types.Device | undefined
  onTrouble(): void
}

type Sent = { producer: types.Producer; plan: VideoPlan | undefined }

/** Where the browser's estimate begins, in kbit/s: a fair picture from the first second on most uploads. */
const START_BITRATE_KBPS = 1000

/** The sending transport with the tracks that should go over it. */
export class Sender {
  readonly #options: Options
  readonly #tracks = new Map<Kind, MediaStreamTrack>()
  readonly #muted = new Set<Kind>()
  readonly #sent = new Map<Kind, Sent>()
  #device: types.Device | undefined
  #link: Link | undefined
  #read = createSendReader()
  #isClosed = false

  constructor(options: Options) {
    this.#options = options
    this.#device = options.device
  }

  get kinds(): Kind[] {
    return [...this.#tracks.keys()]
  }

  /** What `sendAll` sends from now on in place of the earlier track of its kind. */
  setTrack(track: MediaStreamTrack): void {
    this.#tracks.set(track.kind as Kind, track)
  }

  setMuted(kind: Kind, isMuted: boolean): void {
    const producer = this.#sent.get(kind)?.producer
    if (isMuted) {
      this.#muted.add(kind)
      producer?.pause()
    } else {
      this.#muted.delete(kind)
      producer?.resume()
    }
  }

  /** Opens what is missing and sends each track as it should be. Any failure drops the transport. */
  async sendAll(): Promise<void> {
    const wanted = [...this.#tracks].filter(([, track]) => track.readyState !== 'ended')
    if (wanted.length === 0) throw new NoTrackError('Camera and microphone have ended.')
    const link = await this.#obtainLink()
    try {
      for (const [kind, track] of wanted) if (!this.#isClosed) await this.#send(link, kind, track)
      if (this.#isClosed) this.drop()
    } catch (error) {
      if (this.#link === link) this.drop()
      throw error
    }
  }

  /** Restarts ICE where there is a transport. Throws `GoneError` where the server has none. */
  async restart(): Promise<void> {
    await this.#link?.restartIce()
  }

  async untilConnected(timeoutMs: number): Promise<boolean> {
    return (await this.#link?.untilConnected(timeoutMs)) ?? false
  }

  /** Closes the transport; the tracks stay. `sendAll` builds anew. */
  drop(): void {
    this.#link?.close()
    this.#link = undefined
    this.#sent.clear()
  }

  /** Drops for good: a `sendAll` that is running ends without sending more. */
  close(): void {
    this.#isClosed = true
    this.drop()
  }

  async stats(): Promise<SendStats | undefined> {
    const link = this.#link
    if (!link || link.transport.closed) return undefined
    return this.#read(entriesOf(await link.transport.getStats()), performance.now())
  }

  async #obtainLink(): Promise<Link> {
    if (this.#link && !this.#link.transport.closed) return this.#link
    this.drop()
    const { connection, streamId, onTrouble } = this.#options
    const device = await loadDevice(connection, streamId, this.#device)
    this.#device = device
    const link = await openLink({ connection, streamId, onTrouble, device, direction: 'send' })
    this.#link = link
    this.#read = createSendReader()
    return link
  }

  async #send(link: Link, kind: Kind, track: MediaStreamTrack): Promise<void> {
    const plan = kind === 'video' ? planOf(track) : undefined
    const before = this.#sent.get(kind)
    if (before && before.producer.track === track) return
    if (before && before.plan?.encodings.length === plan?.encodings.length) {
      return before.producer.replaceTrack({ track })
    }
    // Another number of layers needs another producer; the server replaces the earlier one.
    before?.producer.close()
    this.#sent.delete(kind)
    const producer = await link.transport.produce(produceOptions(track, plan, this.#device))
    this.#sent.set(kind, { producer, plan })
    if (this.#muted.has(kind)) producer.pause()
    if (kind === 'video') await keepResolution(producer.rtpSender)
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
