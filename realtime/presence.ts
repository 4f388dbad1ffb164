import type { Presence } from '../src/core/ports.ts'

type Options = {
  /** Told at most once per `settleMs` and subject, with the newest count. */
  onCount: (subject: string, count: number) => void
  settleMs: number
}

/** Counts distinct viewers on this node: someone with three tabs counts once, and leaves with the last of them. */
export function createPresence({ onCount, settleMs }: Options): Presence & { stop(): void } {
  const subjects = new Map<string, Map<string, Set<string>>>()
  const viewerOf = new Map<string, string>()
  const timers = new Map<string, NodeJS.Timeout>()
  const key = (subject: string, socketId: string) => `${subject} ${socketId}`

  function announce(subject: string): void {
    if (timers.has(subject)) return
    const tell = () => {
      timers.delete(subject)
      onCount(subject, subjects.get(subject)?.size ?? 0)
    }
    timers.set(subject, setTimeout(tell, settleMs))
  }

  return {
    enter(subject, viewerId, socketId) {
      const viewers = subjects.get(subject) ?? new Map<string, Set<string>>()
      subjects.set(subject, viewers)
      const sockets = viewers.get(viewerId) ?? new Set()
      viewers.set(viewerId, sockets.add(socketId))
      viewerOf.set(key(subject, socketId), viewerId)
      announce(subject)
    },
    leave(subject, socketId) {
      const viewerId = viewerOf.get(key(subject, socketId))
      const viewers = subjects.get(subject)
      const sockets = viewerId === undefined ? undefined : viewers?.get(viewerId)
      if (viewerId === undefined || !viewers || !sockets) return
      viewerOf.delete(key(subject, socketId))
      sockets.delete(socketId)
      if (sockets.size === 0) viewers.delete(viewerId)
      if (viewers.size === 0) subjects.delete(subject)
      announce(subject)
    },
    count: (subject) => subjects.get(subject)?.size ?? 0,
    stop() {
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}
