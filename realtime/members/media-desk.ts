import type { MediaControl } from '../../media/client/control.ts'
import { owns } from '../../src/core/access/permissions.ts'
import { AppError } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/log.ts'
import type { Session } from '../session.ts'

type Held = {
  transportId: string
  streamId: string
  direction: 'send' | 'recv'
  viewerId: string
  sessionId: string
  orphanTimer: NodeJS.Timeout | undefined
}

/** How viewers see streams; `refusal` says why they don't. */
type Judge = (
  viewerIds: readonly string[],
  streamIds: readonly string[],
) => Promise<(viewerId: string, streamId: string) => { refusal: unknown }>

/** Time for a lost connection to come back before its transports are closed: ICE itself gives up after about 30 s. */
const ORPHAN_KEEP_MS = 30_000
/** A few tabs, each with a spare while it re-attaches. */
const TRANSPORTS_PER_VIEWER = 16

/**
 * Which viewer holds which transport and consumer, so that nobody touches those of others. Transports outlive their
 * socket for a while: the same viewer's next socket takes them over by using them.
 */
export function createMediaDesk({ media, log }: { media: MediaControl; log: Logger }) {
  const transports = new Map<string, Held>()
  const consumers = new Map<string, string>()
  const byViewer = new Map<string, Set<string>>()
  /** Transports being opened, by viewer: they count before they are there. */
  const opening = new Map<string, number>()

  function forget(transportId: string): void {
    const held = transports.get(transportId)
    if (!held) return
    clearTimeout(held.orphanTimer)
    transports.delete(transportId)
    const own = byViewer.get(held.viewerId)
    own?.delete(transportId)
    if (own?.size === 0) byViewer.delete(held.viewerId)
    for (const [consumerId, of] of consumers) if (of === transportId) consumers.delete(consumerId)
  }

  function countOpening(viewerId: string, by: 1 | -1): void {
    const left = (opening.get(viewerId) ?? 0) + by
    if (left > 0) opening.set(viewerId, left)
    else opening.delete(viewerId)
  }

  function close(transportId: string): void {
    forget(transportId)
    media.closeTransport(transportId).catch((error: unknown) => {
      if (!(error instanceof AppError)) log.warn({ transportId, error }, 'A transport could not be closed')
    })
  }

  /** The transport, if it is this viewer's; from now on it belongs to this session. */
  function own(session: Session, transportId: string): Held {
    const held = transports.get(transportId)
    if (!held || !owns(session.viewer, { ownerId: held.viewerId })) throw new AppError('not_found')
    clearTimeout(held.orphanTimer)
    held.orphanTimer = undefined
    held.sessionId = session.id
    // A call of a socket that is gone already must not take the transport from the end that waits for it.
    if (!session.socket.connected) sessionEnded(session)
    return held
  }

  function sessionEnded(session: Session): void {
    for (const transportId of byViewer.get(session.viewer.id) ?? []) {
      const held = transports.get(transportId)
      if (held?.sessionId !== session.id) continue
      clearTimeout(held.orphanTimer)
      held.orphanTimer = setTimeout(() => close(transportId), ORPHAN_KEEP_MS)
    }
  }

  return {
    own,
    close,

    knows: (transportId: string) => transports.has(transportId),

    /** The viewer brought a transport from another gateway. */
    adopt(session: Session, transport: Pick<Held, 'transportId' | 'streamId' | 'direction'>): void {
      const viewerId = session.viewer.id
      transports.set(transport.transportId, {
        ...{ ...transport, viewerId },
        sessionId: session.id,
        orphanTimer: undefined,
      })
      byViewer.set(viewerId, (byViewer.get(viewerId) ?? new Set()).add(transport.transportId))
      if (!session.socket.connected) sessionEnded(session)
    },

    async open(session: Session, streamId: string, direction: 'send' | 'recv') {
      const viewerId = session.viewer.id
      const count = (byViewer.get(viewerId)?.size ?? 0) + (opening.get(viewerId) ?? 0)
      if (count >= TRANSPORTS_PER_VIEWER)
        throw new AppError('too_many_requests', 'Too many media connections are open.')
      countOpening(viewerId, 1)
      const info = await media
        .openTransport({ room: streamId, peer: viewerId, direction })
        .finally(() => countOpening(viewerId, -1))
      const { transportId } = info
      transports.set(transportId, {
        transportId,
        streamId,
        direction,
        viewerId,
        sessionId: session.id,
        orphanTimer: undefined,
      })
      byViewer.set(viewerId, (byViewer.get(viewerId) ?? new Set()).add(transportId))
      if (!session.socket.connected) sessionEnded(session)
      return info
    },

    rememberConsumers(transportId: string, consumerIds: readonly string[]): void {
      if (transports.has(transportId)) for (const id of consumerIds) consumers.set(id, transportId)
    },

    /** Checks that the consumer runs over a transport of this viewer. */
    ownConsumer(session: Session, consumerId: string): void {
      const transportId = consumers.get(consumerId)
      if (transportId === undefined) throw new AppError('not_found')
      own(session, transportId)
    },

    sessionEnded,

    /**
     * Judges anew who holds transports of a stream, also those without a socket at the moment, and closes what is held by
     * who may not stay, with all that runs over it; without `viewers`, all of them.
     */
    async rejudge(streamId: string, viewers: readonly string[] | undefined, judge: Judge): Promise<void> {
      const held = [...transports.values()].filter(
        (each) => each.streamId === streamId && (viewers?.includes(each.viewerId) ?? true),
      )
      if (held.length === 0) return
      const judgement = await judge([...new Set(held.map(({ viewerId }) => viewerId))], [streamId])
      for (const { transportId, viewerId } of held)
        if (judgement(viewerId, streamId).refusal && transports.has(transportId)) close(transportId)
    },

    /** The SFU has closed everything of a stream. */
    streamGone(streamId: string): void {
      for (const held of [...transports.values()]) if (held.streamId === streamId) forget(held.transportId)
    },

    size: () => ({ transports: transports.size, consumers: consumers.size }),

    stop(): void {
      for (const { orphanTimer } of transports.values()) clearTimeout(orphanTimer)
    },
  }
}

export type MediaDesk = ReturnType<typeof createMediaDesk>
