import type { TopicItem } from '../../../../src/contract/index.ts'
import type { Response } from '../../data/use-api.ts'

/** The live page of an account. */
export type Stream = Response<'get /api/streams/{handle}'>['stream']
export type StreamEvent = TopicItem<`stream:${string}`>
export type StreamCounters = TopicItem<`counters:stream:${string}`>
export type Broadcast = NonNullable<Stream['broadcast']>

/** What the page shows in the place of the picture, or around it. */
export type StageKind = 'offline' | 'scheduled' | 'starting' | 'live' | 'interrupted' | 'ended'

/**
 * The stream after what was pushed. A scheduled broadcast belongs to `upcoming` until it starts; every other one is
 * the stream's own now.
 */
export function applyStreamEvents(stream: Stream, events: readonly StreamEvent[]): Stream {
  let current = stream
  for (const event of events)
    if (event.type === 'broadcast') current = withBroadcast(current, event.broadcast)
  return current
}

function withBroadcast(stream: Stream, broadcast: Broadcast): Stream {
  const others = stream.upcoming.filter((known) => known.id !== broadcast.id)
  if (broadcast.state === 'scheduled') {
    const upcoming = [...others, broadcast].sort((a, b) => (a.scheduledFor ?? 0) - (b.scheduledFor ?? 0))
    return { ...stream, upcoming }
  }
  // The end of a cancelled announcement does not end what is on air.
  const isOther = stream.broadcast && stream.broadcast.id !== broadcast.id && isOnAir(stream.broadcast)
  if (broadcast.state === 'ended' && (isOther || broadcast.endReason === 'cancelled'))
    return { ...stream, upcoming: others }
  // A like is of one broadcast; nobody has liked the next one yet.
  const isLiked = stream.isLiked && stream.broadcast?.id === broadcast.id
  return { ...stream, upcoming: others, broadcast, isLiked }
}

/** The stream with the newest numbers; likes are those of the broadcast that it shows. */
export const withCounters = (stream: Stream, { viewers, likes }: StreamCounters): Stream => ({
  ...stream,
  viewers,
  // Null where the last broadcast is not for everybody: who sees it read its likes with the page.
  broadcast: stream.broadcast && { ...stream.broadcast, likes: likes ?? stream.broadcast.likes },
})

export const isOnAir = (broadcast: Broadcast): boolean =>
  broadcast.state === 'starting' || broadcast.state === 'live' || broadcast.state === 'interrupted'

/** Which of the faces of the page to show, and the broadcast it is about. */
export function stageOf(stream: Stream): { kind: StageKind; broadcast: Broadcast | null } {
  const { broadcast, upcoming } = stream
  if (broadcast && isOnAir(broadcast)) return { kind: broadcast.state, broadcast }
  const next = upcoming[0] ?? (broadcast?.state === 'scheduled' ? broadcast : undefined)
  if (next) return { kind: 'scheduled', broadcast: next }
  return { kind: broadcast ? 'ended' : 'offline', broadcast }
}
