import type { types } from 'mediasoup-client'
import type { CallOutput } from '../../src/contract/index.ts'
import { CallError, type Connection } from '../types.ts'
import { GoneError, isFinal, orGone } from './failures.ts'
import { type Link, loadDevice, openLink } from './link.ts'
import { createReceiveReader, entriesOf, type ReceiveStats } from './rules/stats.ts'

type Offer = CallOutput<'media:consume'>['consumers'][number]
export type Quality = Offer['qualities'][number]

/** The receiving transport with the tracks that come over it. */
export type Receiver = {
  /** Always the same object; its tracks change. */
  readonly stream: MediaStream
  /** Of the newest answer about what can be watched; 0 before. */
  readonly generation: number
  qualities(): Quality[]
  /** Opens what is missing and takes every track there is; false where nothing is being sent. */
  receiveAll(): Promise<boolean>
  /** Sends the wishes to the server as far as it does not know them. */
  applyWishes(): Promise<void>
  setQuality(quality: 'auto' | number): void
  setHidden(isHidden: boolean): void
  /** Restarts ICE where there is a transport. Throws `GoneError` where the server has none. */
  restart(): Promise<void>
  untilConnected(timeoutMs: number): Promise<boolean>
  /** True where a transport is connected now. */
  isConnected(): boolean
  /** Bytes of media that have arrived over the present transport. */
  bytesReceived(): Promise<number>
  drop(): void
  /** Drops for good: a `receiveAll` that is running leaves nothing open. */
  close(): void
  stats(): Promise<ReceiveStats | undefined>
}

type Options = {
  connection: Connection
  streamId: string
  device: types.Device | undefined
  onTrouble(): void
}

/** A track, and what the server was last told about it. */
type Received = {
  consumer: types.Consumer
  qualities: Quality[]
  isRunning: boolean
  layer: number | undefined
}

/** The highest that can be asked for; a sender with fewer layers gives its best. */
const TOP_LAYER = 3

export function createReceiver(options: Options): Receiver {
  const { connection, streamId } = options
  const stream = new MediaStream()
  const received = new Map<string, Received>()
  let device = options.device
  let link: Link | undefined
  let generation = 0
  let quality: 'auto' | number = 'auto'
  let isHidden = false
  let isClosed = false
  let read = createReceiveReader()

  const remove = ({ consumer }: Received) => {
    received.delete(consumer.id)
    stream.removeTrack(consumer.track)
    consumer.close()
  }

  const drop = () => {
    link?.close()
    link = undefined
    for (const one of [...received.values()]) remove(one)
  }

  const obtainLink = async (): Promise<Link> => {
    if (link && !link.transport.closed) return link
    drop()
    device = await loadDevice(connection, streamId, device)
    const opened = await openLink({ ...options, device, direction: 'recv' })
    if (isClosed) {
      opened.close()
      throw new GoneError('The viewer left meanwhile.')
    }
    link = opened
    read = createReceiveReader()
    return opened
  }

  const take = async (to: Link, offer: Offer): Promise<void> => {
    if (received.has(offer.consumerId)) return
    const taken = to.transport.consume({
      id: offer.consumerId,
      producerId: offer.producerId,
      kind: offer.kind,
      // The contract leaves the inside of WebRTC structures to mediasoup, which made them.
      rtpParameters: offer.rtpParameters as types.RtpParameters,
    })
    const consumer = await taken.catch((error: unknown) => {
      // Half set up, a peer connection can not be used again.
      if (link === to) drop()
      throw error
    })
    received.set(consumer.id, { consumer, qualities: offer.qualities, isRunning: false, layer: undefined })
    stream.addTrack(consumer.track)
  }

  const applyTo = async (one: Received): Promise<void> => {
    const { consumer, qualities } = one
    const consumerId = consumer.id
    const isWanted = consumer.kind === 'audio' || !isHidden
    if (consumer.kind === 'video' && qualities.length > 1) {
      const layer = quality === 'auto' ? TOP_LAYER : quality
      // A new consumer begins with every layer allowed, which is what "auto" means.
      if (layer !== (one.layer ?? TOP_LAYER)) {
        await orGone(connection.call('media:set-layers', { consumerId, spatialLayer: layer }))
      }
      one.layer = layer
    }
    if (isWanted === one.isRunning) return
    if (isWanted) consumer.resume()
    else consumer.pause()
    await orGone(connection.call(isWanted ? 'media:resume' : 'media:pause', { consumerId }))
    one.isRunning = isWanted
  }

  const applyWishes = async (): Promise<void> => {
    // Sound first: it starts without waiting for a keyframe.
    const all = [...received.values()].sort((a, b) => a.consumer.kind.localeCompare(b.consumer.kind))
    for (const one of all) if (!one.consumer.closed) await applyTo(one)
  }

  return {
    stream,
    get generation() {
      return generation
    },
    qualities: () => [...received.values()].flatMap((one) => one.qualities),
    async receiveAll() {
      const to = await obtainLink()
      try {
        const asked = { transportId: to.transport.id, rtpCapabilities: device?.recvRtpCapabilities ?? {} }
        const answer = await orGone(connection.call('media:consume', asked))
        generation = Math.max(generation, answer.generation)
        const offered = new Set(answer.consumers.map(({ consumerId }) => consumerId))
        for (const offer of answer.consumers) await take(to, offer)
        // The last picture of an earlier track stays until its successor is there.
        for (const one of [...received.values()]) if (!offered.has(one.consumer.id)) remove(one)
        await applyWishes()
        if (isClosed) drop()
        return answer.consumers.length > 0
      } catch (error) {
        // A request that may be repeated leaves the transport as it is; the picture goes on meanwhile.
        const canStay = error instanceof CallError && !isFinal(error)
        if (link === to && !canStay) drop()
        throw error
      }
    },
    applyWishes,
    setQuality: (wanted) => {
      quality = wanted
    },
    setHidden: (hidden) => {
      isHidden = hidden
    },
    restart: async () => link?.restartIce(),
    untilConnected: async (timeoutMs) => (await link?.untilConnected(timeoutMs)) ?? false,
    isConnected: () => link?.transport.connectionState === 'connected',
    async bytesReceived() {
      if (!link || link.transport.closed) return 0
      return createReceiveReader()(entriesOf(await link.transport.getStats()), 0).bytesReceived
    },
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
