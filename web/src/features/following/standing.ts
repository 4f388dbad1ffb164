import type { DirectoryEvent, StreamCard } from '../home/directory.ts'
import type { FeedItem } from './feed-pages.ts'

/** What is known of streams by push, after their entries were read: how they are now, or that they are off the air. */
export type Standings = ReadonlyMap<string, StreamCard | 'gone'>

export type Standing = {
  kind: 'live' | 'interrupted' | 'scheduled' | 'ended' | 'cancelled'
  /** How many watch; undefined where that is not known or nobody can. */
  viewers: number | undefined
}

export function withDirectory(known: Standings, events: readonly DirectoryEvent[]): Standings {
  const next = new Map(known)
  for (const event of events) {
    if (event.type === 'remove') next.set(event.streamId, 'gone')
    else next.set(event.stream.streamId, event.stream)
  }
  return next
}

/** How the broadcast of an entry stands now. */
export function standingOf({ broadcast }: FeedItem, standings: Standings): Standing {
  const { state, streamId, startedAt } = broadcast
  if (state === 'ended') return { kind: startedAt === null ? 'cancelled' : 'ended', viewers: undefined }
  if (state === 'scheduled') return { kind: 'scheduled', viewers: undefined }
  const now = standings.get(streamId)
  if (now === 'gone') return { kind: 'ended', viewers: undefined }
  const isInterrupted = (now?.state ?? state) === 'interrupted'
  return { kind: isInterrupted ? 'interrupted' : 'live', viewers: now?.viewers }
}

/** The entries whose broadcasts are on air now, one for each stream. */
export function onAir(items: readonly FeedItem[], standings: Standings): FeedItem[] {
  const byStream = new Map<string, FeedItem>()
  for (const item of items) {
    const { kind } = standingOf(item, standings)
    const isOnAir = kind === 'live' || kind === 'interrupted'
    if (isOnAir && !byStream.has(item.broadcast.streamId)) byStream.set(item.broadcast.streamId, item)
  }
  return [...byStream.values()]
}
