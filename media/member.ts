import type { types } from 'mediasoup'
import { AppError } from '../src/core/errors.ts'
import { SECOND_MS } from '../src/core/time.ts'
import { askWorker } from './refusals.ts'
import type { Room } from './room.ts'

/** A transport with what its owner may do over it. */
export type Member = {
  readonly room: Room
  readonly peer: string
  readonly direction: 'send' | 'recv'
  readonly transport: types.WebRtcTransport
  /** By producer id; a promise, so that two requests at once make one consumer. */
  readonly consumers: Map<string, Promise<types.Consumer | undefined>>
  /** Since when no ICE path has been up, on the node's clock. */
  unreachableSince: number | undefined
}

/** Where the node finds things by id; rooms put in what they open and take out what closes. */
export type Registry = {
  members: Map<string, Member>
  consumers: Map<string, types.Consumer>
}

/** Top of what a sender may use: three layers of 1080p with audio stay below it. */
const INCOMING_BITRATE_BPS = 8_000_000
/** Where the estimate for a viewer begins: the middle layer comes at once, the top one within seconds. */
const OUTGOING_BITRATE_BPS = 1_000_000
/** Tabs of one person on one stream, with room for those of reloaded pages that are not cleaned up yet. */
const TRANSPORTS_PER_PEER = 8
/** A 720p viewer costs 0.25 % of a core, so 400 fill the one core of a room's worker. */
const TRANSPORTS_PER_ROOM = 400
/** A transport whose handshake never finished is given up. */
const CONNECT_WITHIN_MS = 30 * SECOND_MS
/** Paths have come back after 40 s through an ICE restart; later the page is taken for gone. */
const UNREACHABLE_MS = 60 * SECOND_MS

/**
 * Keeps the bounds before one more transport is opened. `opening` names the peers whose transports are being made.
 * Throws `too_many_requests` beyond those of a peer, `unavailable` beyond those of the room.
 */
export function makeSpace(members: ReadonlySet<Member>, opening: readonly string[], peer: string): void {
  const own = [...members].filter((member) => member.peer === peer)
  const inMaking = opening.filter((other) => other === peer).length
  if (own.length + inMaking >= TRANSPORTS_PER_PEER) {
    // The oldest that nobody is behind makes way: pages that were reloaded leave such ones.
    const stale = own.find((member) => member.unreachableSince !== undefined)
    if (!stale) throw new AppError('too_many_requests', 'This stream is open too often already.')
    stale.transport.close()
  }
  if (members.size + opening.length >= TRANSPORTS_PER_ROOM) {
    throw new AppError('unavailable', 'The stream has as many viewers as this server can serve.')
  }
}

/** A transport on the port that all of its worker share. Throws `unavailable` if the room ends meanwhile. */
export async function createTransport(
  router: types.Router,
  webRtcServer: types.WebRtcServer,
  direction: Member['direction'],
): Promise<types.WebRtcTransport> {
  const transport = await askWorker(router, () =>
    router.createWebRtcTransport({
      webRtcServer,
      preferUdp: true,
      initialAvailableOutgoingBitrate: OUTGOING_BITRATE_BPS,
    }),
  )
  if (direction === 'send') {
    await askWorker(router, () => transport.setMaxIncomingBitrate(INCOMING_BITRATE_BPS), transport)
  }
  return transport
}

/** Follows what happens to a transport until it closes. */
export function follow(member: Member, nowMs: () => number, onClosed: () => void): void {
  const { transport } = member
  transport.on('icestatechange', (state) => {
    member.unreachableSince = state === 'disconnected' ? (member.unreachableSince ?? nowMs()) : undefined
  })
  transport.on('dtlsstatechange', (state) => {
    // The other side ended the session, or the handshake failed: mediasoup can not begin it again.
    if (state === 'closed' || state === 'failed') transport.close()
  })
  transport.observer.once('close', onClosed)
}

/** True when the other side has been away for longer than it could still come back. */
export function isGone(member: Member, nowMs: number): boolean {
  const limitMs = member.transport.iceState === 'new' ? CONNECT_WITHIN_MS : UNREACHABLE_MS
  return member.unreachableSince !== undefined && nowMs - member.unreachableSince >= limitMs
}
