import { ortc, type types } from 'mediasoup'
import { AppError } from '../src/core/errors.ts'
import type { Logger } from '../src/core/log.ts'
import { SECOND_MS } from '../src/core/time.ts'
import type {
  ConsumeAnswer,
  ConsumerInfo,
  MediaEvent,
  ProduceRequest,
  RoomInfo,
  TransportInfo,
  VideoInfo,
} from './client/control.ts'
import { createTransport, follow, isGone, type Member, makeSpace, type Registry } from './member.ts'
import { askWorker } from './refusals.ts'
import { assertKind, qualitiesOf, ROUTER_CODECS } from './rules/codecs.ts'
import { createFlowMeter } from './rules/flow.ts'
import type { PoolWorker } from './workers.ts'

type Kind = 'audio' | 'video'
type Sent = { producer: types.Producer; video: VideoInfo | undefined }

type Deps = {
  id: string
  worker: PoolWorker
  registry: Registry
  log: Logger
  /** Larger than every generation given before, whatever became of the room that had it. */
  nextGeneration(): number
  emit(event: MediaEvent): void
  nowMs(): number
}

/** At most one keyframe a second whatever the number of joins; 5 s delayed joins to 3–5 s when it was measured. */
const KEYFRAME_DELAY_MS = SECOND_MS
/** An empty room stays so long, for a broadcaster who reloads. */
const EMPTY_ROOM_MS = 30 * SECOND_MS

/** One stream on one worker: the tracks of its sender and the transports of everybody. See LIFECYCLE.md. */
export class Room implements Disposable {
  readonly id: string
  readonly worker: PoolWorker
  readonly #deps: Deps
  readonly #router: types.Router
  readonly #sent = new Map<Kind, Sent>()
  readonly #members = new Set<Member>()
  /** Peers whose transports are being made. */
  readonly #opening: string[] = []
  readonly #meter = createFlowMeter()
  #generation: number
  #isFlowing = false
  #isSampling = false
  #emptySince: number

  private constructor(deps: Deps, router: types.Router) {
    this.id = deps.id
    this.worker = deps.worker
    this.#deps = deps
    this.#router = router
    this.#generation = deps.nextGeneration()
    this.#emptySince = deps.nowMs()
  }

  /** Throws `unavailable` if the worker dies meanwhile. */
  static async create(deps: Deps): Promise<Room> {
    const { worker } = deps.worker
    return new Room(deps, await askWorker(worker, () => worker.createRouter({ mediaCodecs: ROUTER_CODECS })))
  }

  get isClosed(): boolean {
    return this.#router.closed
  }

  get capabilities(): types.RtpCapabilities {
    return this.#router.rtpCapabilities
  }

  get info(): RoomInfo {
    const kinds = [...this.#sent.keys()].sort()
    return { room: this.id, generation: this.#generation, kinds, isFlowing: this.#isFlowing }
  }

  get producerCount(): number {
    return this.#sent.size
  }

  /** Throws `too_many_requests` beyond the bounds of a peer, `unavailable` beyond those of the room. */
  async openTransport(peer: string, direction: 'send' | 'recv'): Promise<TransportInfo> {
    makeSpace(this.#members, this.#opening, peer)
    this.#opening.push(peer)
    try {
      const transport = await createTransport(this.#router, this.worker.server, direction)
      this.#enter({
        room: this,
        peer,
        direction,
        transport,
        consumers: new Map(),
        unreachableSince: this.#deps.nowMs(),
      })
      const { id: transportId, iceParameters, iceCandidates, dtlsParameters } = transport
      return { transportId, iceParameters, iceCandidates, dtlsParameters }
    } finally {
      this.#opening.splice(this.#opening.indexOf(peer), 1)
    }
  }

  /** The earlier producer of the same kind ends once the new one is there; on the same transport, before. */
  async produce(member: Member, request: ProduceRequest): Promise<{ producerId: string }> {
    if (member.direction !== 'send') {
      throw new AppError('invalid_input', 'Only a transport that was opened to send can produce.')
    }
    const { kind, rtpParameters, video } = request
    const { transport } = member
    const appData = { transportId: transport.id }
    // The same SSRCs may come again over the same transport, and mediasoup allows each of them once.
    const wasClosed = this.#sent.get(kind)?.producer.appData.transportId === transport.id && this.#end(kind)
    const produced = askWorker(
      this.#router,
      async () => {
        assertKind(kind, rtpParameters)
        return transport.produce({ kind, rtpParameters, keyFrameRequestDelay: KEYFRAME_DELAY_MS, appData })
      },
      transport,
    )
    const producer = await produced.catch((error: unknown) => {
      if (wasClosed) this.#changed()
      throw error
    })
    this.#end(kind)
    const sent: Sent = { producer, video }
    this.#sent.set(kind, sent)
    producer.observer.once('close', () => {
      if (this.#sent.get(kind) === sent) this.#lostProducer(kind)
    })
    // A score that rises is the first sign of packets; the byte count itself is read at once.
    producer.on('score', () => void this.sampleFlow())
    this.#changed()
    return { producerId: producer.id }
  }

  /** A consumer that the transport has already is given again, so that asking twice is harmless. */
  async consume(member: Member, rtpCapabilities: types.RtpCapabilities): Promise<ConsumeAnswer> {
    if (member.direction !== 'recv') {
      throw new AppError('invalid_input', 'Only a transport that was opened to receive can consume.')
    }
    // Checked here, since `canConsume` calls malformed capabilities "no"; on a copy, since the check completes them.
    await askWorker(this.#router, async () =>
      ortc.validateAndNormalizeRtpCapabilities(structuredClone(rtpCapabilities)),
    )
    const generation = this.#generation
    const consumers: ConsumerInfo[] = []
    for (const { producer, video } of [...this.#sent.values()]) {
      const consumer = await this.#consumerOf(member, producer, rtpCapabilities)
      if (!consumer) continue
      const layers = producer.rtpParameters.encodings?.length ?? 1
      consumers.push({
        consumerId: consumer.id,
        producerId: producer.id,
        kind: consumer.kind,
        rtpParameters: consumer.rtpParameters,
        qualities: consumer.kind === 'video' ? qualitiesOf(layers, video) : [],
      })
    }
    return { generation, consumers }
  }

  /** Reads whether packets arrive and tells when that changed. */
  async sampleFlow(): Promise<void> {
    if (this.#isSampling || this.#sent.size === 0 || this.isClosed) return
    this.#isSampling = true
    try {
      const stats = await Promise.all([...this.#sent.values()].map(({ producer }) => producer.getStats()))
      const bytes = stats.flat().reduce((sum, stat) => sum + ('byteCount' in stat ? stat.byteCount : 0), 0)
      if (this.#sent.size > 0) this.#setFlowing(this.#meter.update(bytes, this.#deps.nowMs()))
    } catch (error) {
      // A producer that closes while it is asked; the next sample sees what is left.
      this.#deps.log.debug({ room: this.id, error }, 'The flow of a room could not be read.')
    } finally {
      this.#isSampling = false
    }
  }

  /** Closes transports whose other side is gone; true when the room has been empty for long enough to end. */
  sweep(): boolean {
    const now = this.#deps.nowMs()
    for (const member of this.#members) if (isGone(member, now)) member.transport.close()
    if (this.#members.size + this.#opening.length > 0) this.#emptySince = now
    return now - this.#emptySince >= EMPTY_ROOM_MS
  }

  /** Ends every transport, producer and consumer; says so if somebody was sending. */
  [Symbol.dispose](): void {
    const hadSender = this.#sent.size > 0
    this.#sent.clear()
    this.#router.close()
    this.#setFlowing(false)
    if (hadSender) this.#changed()
  }

  /** The worker died and everything on it; returns the generation that ends what was watched. */
  abandon(): number {
    this.#sent.clear()
    this.#isFlowing = false
    this.#generation = this.#deps.nextGeneration()
    return this.#generation
  }

  #enter(member: Member): void {
    const { registry, nowMs } = this.#deps
    const { id } = member.transport
    this.#members.add(member)
    registry.members.set(id, member)
    this.worker.load++
    follow(member, nowMs, () => {
      this.#members.delete(member)
      registry.members.delete(id)
      this.worker.load--
    })
  }

  async #consumerOf(member: Member, producer: types.Producer, rtpCapabilities: types.RtpCapabilities) {
    const { consumers } = member
    const existing = consumers.get(producer.id)
    if (existing) return existing
    const made = this.#createConsumer(member, producer, rtpCapabilities)
    consumers.set(producer.id, made)
    const consumer = await made.catch((error: unknown) => {
      consumers.delete(producer.id)
      // Replaced in the same moment: the event of its successor brings the viewer back.
      if (producer.closed && !this.isClosed) return undefined
      throw error
    })
    if (!consumer) consumers.delete(producer.id)
    return consumer
  }

  async #createConsumer(member: Member, producer: types.Producer, rtpCapabilities: types.RtpCapabilities) {
    const { transport, consumers } = member
    const asked = { producerId: producer.id, rtpCapabilities }
    const consumer = await askWorker(
      this.#router,
      // A viewer without the codec gets the other track only.
      async () =>
        this.#router.canConsume(asked) ? await transport.consume({ ...asked, paused: true }) : undefined,
      transport,
    )
    if (!consumer) return undefined
    const { registry } = this.#deps
    registry.consumers.set(consumer.id, consumer)
    consumer.observer.once('close', () => {
      consumers.delete(producer.id)
      registry.consumers.delete(consumer.id)
    })
    return consumer
  }

  /** Closes the producer of a kind without telling; true if there was one. */
  #end(kind: Kind): boolean {
    const sent = this.#sent.get(kind)
    this.#sent.delete(kind)
    sent?.producer.close()
    return sent !== undefined
  }

  #lostProducer(kind: Kind): void {
    this.#sent.delete(kind)
    // When the worker died, everything closes at once, and the node tells it as one thing.
    if (this.isClosed || this.worker.worker.closed) return
    if (this.#sent.size === 0) this.#setFlowing(false)
    this.#changed()
  }

  #changed(): void {
    this.#generation = this.#deps.nextGeneration()
    this.#deps.emit({ type: 'media', ...this.info })
  }

  #setFlowing(isFlowing: boolean): void {
    if (isFlowing === this.#isFlowing) return
    this.#isFlowing = isFlowing
    this.#deps.emit({ type: 'flow', room: this.id, isFlowing })
  }
}
