import { createHash } from 'node:crypto'
import { AppError } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/log.ts'
import { type Clock, SECOND_MS } from '../../src/core/time.ts'
import type { MediaEvent, MediaStatus, RoomInfo } from './control.ts'
import { connectRemoteNode, type RemoteNode } from './remote-node.ts'
import type { Hello } from './wire.ts'

export type ClusterDeps = {
  /** `http://host:3002`, one for each node. */
  addresses: readonly string[]
  secret: string
  log: Logger
  clock: Clock
  emit(event: MediaEvent): void
}

/** A node with what it was last known to have. */
type Known = {
  node: RemoteNode
  status: MediaStatus
  rooms: Map<string, RoomInfo>
  /** Of the process whose ids are in use; kept for a while when it is out of reach. */
  nodeId: string | undefined
  /** Runs while the node is out of reach; at its end its rooms are given up. */
  timer: NodeJS.Timeout | undefined
}

/**
 * How long the rooms of a node that is out of reach wait for it. Its media may well flow on, so a short cut of the link
 * should not move a stream; a node that died should not hold one for longer than a viewer's patience.
 */
const GIVE_UP_MS = 15 * SECOND_MS
const AWAY: MediaStatus = { state: 'unavailable', message: 'No media node can be reached.', progress: null }

/** Which media node has which room. */
export class RemoteCluster implements Disposable {
  readonly #deps: ClusterDeps
  readonly #all: Known[]
  #toldStatus = AWAY

  constructor(deps: ClusterDeps) {
    this.#deps = deps
    this.#all = deps.addresses.map((address) => {
      const known: Known = {
        node: connectRemoteNode({
          address,
          secret: deps.secret,
          log: deps.log,
          onHello: (hello) => this.#sync(known, hello),
          onDown: () => this.#wentDown(known),
          onEvent: (event) => this.#follow(known, event),
        }),
        status: AWAY,
        rooms: new Map(),
        nodeId: undefined,
        timer: undefined,
      }
      return known
    })
  }

  /** That of the node that can do most. */
  status(): MediaStatus {
    const up = this.#all.filter(isUp).map(({ status }) => status)
    const inState = (wanted: MediaStatus['state']) => up.find(({ state }) => state === wanted)
    return inState('ready') ?? inState('preparing') ?? up[0] ?? AWAY
  }

  rooms(): RoomInfo[] {
    return this.#all.filter(isUp).flatMap(({ rooms }) => [...rooms.values()])
  }

  /** The node that has the room, else the one where it belongs. Throws `unavailable`. */
  place(room: string): RemoteNode {
    const known = this.#all.find(({ rooms }) => rooms.has(room)) ?? preferred(this.#all.filter(isUp), room)
    if (!known) throw new AppError('unavailable', this.status().message)
    return known.node
  }

  /** A room was asked for there: it exists from now on, with nobody sending, and stays there. */
  remember(node: RemoteNode, room: string): void {
    const rooms = this.#all.find((known) => known.node === node)?.rooms
    if (rooms && !rooms.has(room)) rooms.set(room, { room, generation: 0, kinds: [], isFlowing: false })
  }

  /** The node whose process gave the ids with this mark. Throws `not_found`, or `unavailable` while it is only away. */
  byMark(nodeId: string): RemoteNode {
    const known = this.#all.find((one) => one.nodeId === nodeId)
    if (!known) throw new AppError('not_found', 'The media node that had this is gone.')
    if (known.node.nodeId !== nodeId) throw new AppError('unavailable', AWAY.message)
    return known.node
  }

  async closeRoom(room: string): Promise<void> {
    for (const { node, rooms } of this.#all.filter((known) => known.rooms.has(room))) {
      await node.call('closeRoom', room)
      rooms.delete(room)
    }
  }

  [Symbol.dispose](): void {
    for (const { node, timer } of this.#all) {
      clearTimeout(timer)
      node.close()
    }
  }

  /** What a node has is told as far as it differs from what was known. */
  #sync(known: Known, hello: Hello): void {
    clearTimeout(known.timer)
    known.status = hello.status
    known.nodeId = hello.nodeId
    const there = new Set(hello.rooms.map(({ room }) => room))
    for (const info of [...known.rooms.values()]) if (!there.has(info.room)) this.#lose(known, info)
    for (const info of hello.rooms) {
      if (!this.#isRightPlace(known, info)) continue
      const before = known.rooms.get(info.room)
      known.rooms.set(info.room, info)
      if (before?.generation !== info.generation) this.#deps.emit({ type: 'media', ...info })
      if ((before?.isFlowing ?? false) !== info.isFlowing) {
        this.#deps.emit({ type: 'flow', room: info.room, isFlowing: info.isFlowing })
      }
    }
    this.#tellStatus()
  }

  #wentDown(known: Known): void {
    this.#tellStatus()
    known.timer = setTimeout(() => {
      known.nodeId = undefined
      for (const info of [...known.rooms.values()]) this.#lose(known, info)
    }, GIVE_UP_MS)
  }

  #follow(known: Known, event: MediaEvent): void {
    if (event.type === 'status') {
      known.status = event.status
      this.#tellStatus()
      return
    }
    const before = known.rooms.get(event.room)
    if (event.type === 'media') {
      const { type: _type, ...info } = event
      if (!this.#isRightPlace(known, info)) return
      known.rooms.set(event.room, info)
    }
    if (event.type === 'flow' && before)
      known.rooms.set(event.room, { ...before, isFlowing: event.isFlowing })
    if (event.type === 'lost') known.rooms.delete(event.room)
    this.#deps.emit(event)
  }

  /** An empty room may end unheard; one where somebody was sending is missed. */
  #lose(known: Known, { room, generation, kinds }: RoomInfo): void {
    known.rooms.delete(room)
    if (kinds.length === 0) return
    this.#deps.emit({ type: 'lost', room, generation: Math.max(generation + 1, this.#deps.clock.nowMs()) })
  }

  /**
   * Gateways that reach different nodes for a while may open a stream on two of them. Whatever each had heard of, all close
   * the same one: that without a sender, else that of the earlier sender. False where it is this one.
   */
  #isRightPlace(known: Known, info: RoomInfo): boolean {
    for (const rival of this.#all) {
      const other = rival === known ? undefined : rival.rooms.get(info.room)
      if (!other) continue
      if (isRather({ ...other, address: rival.node.address }, { ...info, address: known.node.address })) {
        this.#closeLeftOver(known.node, info.room)
        return false
      }
      this.#lose(rival, other)
      this.#closeLeftOver(rival.node, info.room)
    }
    return true
  }

  /** The stream goes on elsewhere: nobody should send or watch here any more. */
  #closeLeftOver(node: RemoteNode, room: string): void {
    node.call('closeRoom', room).catch((error: unknown) => {
      this.#deps.log.warn({ room, error }, 'A room that moved could not be closed on its old node.')
    })
  }

  #tellStatus(): void {
    const status = this.status()
    if (JSON.stringify(status) === JSON.stringify(this.#toldStatus)) return
    this.#toldStatus = status
    this.#deps.emit({ type: 'status', status })
  }
}

const isUp = ({ node }: Known) => node.nodeId !== undefined

type Place = RoomInfo & { address: string }

/** Whether a stream that two nodes have goes on at `a` rather than at `b`. */
function isRather(a: Place, b: Place): boolean {
  const [sendsA, sendsB] = [a.kinds.length > 0, b.kinds.length > 0]
  if (sendsA !== sendsB) return sendsA
  // Generations grow with the clock, so the greater one is of whoever came last.
  if (a.generation !== b.generation) return a.generation > b.generation
  return scoreOf(a.address, a.room) > scoreOf(b.address, b.room)
}

const scoreOf = (address: string, room: string) =>
  createHash('sha256').update(`${address}\0${room}`).digest('hex')

/** Rendezvous hashing (Thaler and Ravishankar, 1998): the node with the highest hash of room and node, ready ones first. */
function preferred(nodes: readonly Known[], room: string): Known | undefined {
  const ready = nodes.filter(({ status }) => status.state === 'ready')
  const scored = (ready.length > 0 ? ready : nodes).map((known) => ({
    known,
    score: scoreOf(known.node.address, room),
  }))
  return scored.sort((a, b) => (a.score < b.score ? 1 : -1))[0]?.known
}
