import type { types } from 'mediasoup-client'
import type { CallOutput } from '../../src/contract/index.ts'
import { CallError, type Connection } from '../types.ts'
import { GoneError, isFinal, orGone, StaleError } from './failures.ts'
import { type Link, loadDevice, openLink } from './link.ts'
import { createReceiveReader, entriesOf, type ReceiveStats } from './rules/stats.ts'

type Offer = CallOutput<'media:consume'>['consumers'][number]
export type Quality = Offer['qualities'][number]

type Options = {
  connection: Connection
  streamId: string
  device: types.Device | undefined
  onTrouble(): void
}

/** A track, and what the server was last told about it. */
type Received = { consumer: types.Consumer; qualities: Quality[]; isRunning: boolean; layer: number }

/** The highest that can be asked for, and what the server begins with; a sender with fewer layers gives its best. */
const TOP_LAYER = 3

/** The receiving transport with the tracks that come over it. */
export class Receiver {
  /** Always the same object; its tracks change. */
  readonly stream = new MediaStream()
  readonly #options: Options
  readonly #received = new Map<string, Received>()
  #device: types.Device | undefined
  #link: Link | undefined
  #generation = 0
  #quality: 'auto' | number = 'auto'
  #isHidden = false
  #isClosed = false
  #read = createReceiveReader()

  constructor(options: Options) {
    this.#options = options
    this.#device = options.device
  }

  /** Of the newest answer about what can be watched; 0 before. */
  get generation(): number {
    return this.#generation
  }

  get qualities(): Quality[] {
    return [...this.#received.values()].flatMap(({ qualities }) => qualities)
  }

  /** True where a transport is connected now. */
  get isConnected(): boolean {
    return this.#link?.transport.connectionState === 'connected'
  }

  /** Opens what is missing and takes every track there is; false where nothing is being sent. */
  async receiveAll(): Promise<boolean> {
    const link = await this.#obtainLink()
    try {
      const { generation, consumers } = await this.#ask(link)
      for (const offer of consumers) await this.#take(link, offer)
      // The last picture of an earlier track stays until its successor is there.
      const offered = new Set(consumers.map(({ consumerId }) => consumerId))
      for (const one of [...this.#received.values()]) if (!offered.has(one.consumer.id)) this.#remove(one)
      await this.applyWishes().catch(staleIfGone)
      this.#generation = Math.max(this.#generation, generation)
      return consumers.length > 0
    } catch (error) {
      // A request that may be repeated leaves the transport as it is; the picture goes on meanwhile.
      const canStay = error instanceof StaleError || (error instanceof CallError && !isFinal(error))
      if (this.#link === link && !canStay) this.drop()
      throw error
    } finally {
      if (this.#isClosed) this.drop()
    }
  }

  setQuality(quality: 'auto' | number): void {
    this.#quality = quality
  }

  setHidden(isHidden: boolean): void {
    this.#isHidden = isHidden
  }

  /** Tells the server what is wished as far as it does not know. */
  async applyWishes(): Promise<void> {
    // Sound first: it starts without waiting for a keyframe.
    const all = [...this.#received.values()].sort((a, b) => a.consumer.kind.localeCompare(b.consumer.kind))
    for (const one of all) if (!one.consumer.closed) await this.#applyTo(one)
  }

  /** Restarts ICE where there is a transport. Throws `GoneError` where the server has none. */
  async restart(): Promise<void> {
    await this.#link?.restartIce()
  }

  async untilConnected(timeoutMs: number): Promise<boolean> {
    return (await this.#link?.untilConnected(timeoutMs)) ?? false
  }

  /** Closes the transport; `receiveAll` builds anew. */
  drop(): void {
    this.#link?.close()
    this.#link = undefined
    for (const one of [...this.#received.values()]) this.#remove(one)
  }

  /** Drops for good: a `receiveAll` that is running leaves nothing open. */
  close(): void {
    this.#isClosed = true
    this.drop()
  }

  async stats(): Promise<ReceiveStats | undefined> {
    const report = await this.#report()
    return report && this.#read(entriesOf(report), performance.now())
  }

  /** Bytes of media that have arrived over the present transport. */
  async bytesReceived(): Promise<number> {
    const report = await this.#report()
    return report ? createReceiveReader()(entriesOf(report), 0).bytesReceived : 0
  }

  async #report(): Promise<RTCStatsReport | undefined> {
    const link = this.#link
    return link && !link.transport.closed ? link.transport.getStats() : undefined
  }

  async #obtainLink(): Promise<Link> {
    if (this.#link && !this.#link.transport.closed) return this.#link
    this.drop()
    const { connection, streamId, onTrouble } = this.#options
    const device = await loadDevice(connection, streamId, this.#device)
    this.#device = device
    const link = await openLink({ connection, streamId, onTrouble, device, direction: 'recv' })
    if (this.#isClosed) {
      link.close()
      throw new GoneError('The viewer left meanwhile.')
    }
    this.#link = link
    this.#read = createReceiveReader()
    return link
  }

  #ask(link: Link): Promise<CallOutput<'media:consume'>> {
    const rtpCapabilities = this.#device?.recvRtpCapabilities ?? {}
    const asked = { transportId: link.transport.id, rtpCapabilities }
    return orGone(this.#options.connection.call('media:consume', asked))
  }

  async #take(link: Link, offer: Offer): Promise<void> {
    const { consumerId: id, producerId, kind, qualities } = offer
    if (this.#received.has(id)) return
    // The contract leaves the inside of WebRTC structures to mediasoup, which made them.
    const rtpParameters = offer.rtpParameters as types.RtpParameters
    const taken = link.transport.consume({ id, producerId, kind, rtpParameters })
    const consumer = await taken.catch((error: unknown) => {
      // Half set up, a peer connection can not be used again.
      if (this.#link === link) this.drop()
      throw error
    })
    this.#received.set(id, { consumer, qualities, isRunning: false, layer: TOP_LAYER })
    this.stream.addTrack(consumer.track)
  }

  #remove({ consumer }: Received): void {
    this.#received.delete(consumer.id)
    this.stream.removeTrack(consumer.track)
    consumer.close()
  }

  async #applyTo(one: Received): Promise<void> {
    const { connection } = this.#options
    const { consumer, qualities } = one
    const consumerId = consumer.id
    const layer = this.#quality === 'auto' ? TOP_LAYER : this.#quality
    if (consumer.kind === 'video' && qualities.length > 1 && layer !== one.layer) {
      await orGone(connection.call('media:set-layers', { consumerId, spatialLayer: layer }))
      one.layer = layer
    }
    const isWanted = consumer.kind === 'audio' || !this.#isHidden
    if (isWanted === one.isRunning) return
    if (isWanted) consumer.resume()
    else consumer.pause()
    await orGone(connection.call(isWanted ? 'media:resume' : 'media:pause', { consumerId }))
    one.isRunning = isWanted
  }
}

/** The transport was there a moment ago, so it is a consumer that went: its track was replaced. */
function staleIfGone(error: unknown): never {
  throw error instanceof GoneError ? new StaleError(error.message) : error
}
