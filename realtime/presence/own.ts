import type { Presence } from '../../src/core/ports.ts'

export type CountOptions = {
  /** Told at most once per `settleMs` and subject, with the newest count. */
  onCount: (subject: string, count: number) => void
  settleMs: number
}

export type StoppablePresence = Presence & { stop(): void }

/** Counts distinct viewers on this node: someone with three tabs counts once, and leaves with the last of them. */
export function createPresence(options: CountOptions): StoppablePresence {
  const book = createViewerBook()
  const count = (subject: string) => book.viewers(subject).size
  const settled = createSettling(options, count)
  return {
    enter(subject, viewerId, socketId) {
      if (book.enter(subject, viewerId, socketId)) settled.announce(subject)
    },
    leave(subject, socketId) {
      if (book.leave(subject, socketId) !== undefined) settled.announce(subject)
    },
    count,
    refresh: async () => {},
    stop: settled.stop,
  }
}

/** Which viewers are here, by the sockets they are here with. */
export function createViewerBook() {
  const subjects = new Map<string, Map<string, Set<string>>>()
  const viewerOf = new Map<string, string>()
  const key = (subject: string, socketId: string) => `${subject} ${socketId}`
  const nobody: ReadonlyMap<string, unknown> = new Map()
  return {
    /** Answers whether the viewer was not here before. */
    enter(subject: string, viewerId: string, socketId: string): boolean {
      const viewers = subjects.get(subject) ?? new Map<string, Set<string>>()
      subjects.set(subject, viewers)
      const sockets = viewers.get(viewerId) ?? new Set()
      viewers.set(viewerId, sockets.add(socketId))
      viewerOf.set(key(subject, socketId), viewerId)
      return sockets.size === 1
    },
    /** Answers the viewer who left with this socket, if it was the last one. */
    leave(subject: string, socketId: string): string | undefined {
      const viewerId = viewerOf.get(key(subject, socketId))
      const viewers = subjects.get(subject)
      const sockets = viewerId === undefined ? undefined : viewers?.get(viewerId)
      if (viewerId === undefined || !viewers || !sockets) return undefined
      viewerOf.delete(key(subject, socketId))
      sockets.delete(socketId)
      if (sockets.size > 0) return undefined
      viewers.delete(viewerId)
      if (viewers.size === 0) subjects.delete(subject)
      return viewerId
    },
    viewers: (subject: string): ReadonlyMap<string, unknown> => subjects.get(subject) ?? nobody,
    subjects: () => subjects.keys(),
  }
}

/** Tells counts that change often only so often. */
export function createSettling({ onCount, settleMs }: CountOptions, count: (subject: string) => number) {
  const timers = new Map<string, NodeJS.Timeout>()
  return {
    announce(subject: string): void {
      if (timers.has(subject)) return
      const tell = () => {
        timers.delete(subject)
        onCount(subject, count(subject))
      }
      timers.set(subject, setTimeout(tell, settleMs))
    },
    stop(): void {
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}
