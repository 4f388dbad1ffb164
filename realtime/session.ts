import type { Socket } from 'socket.io'
import type { Viewer } from '../src/core/viewer.ts'
import type { ParsedTopic } from './topics/names.ts'

/** One admitted socket: who it belongs to and which topics it is in. */
export type Session = {
  readonly id: string
  readonly viewer: Viewer
  readonly socket: Socket
  readonly topics: Map<string, ParsedTopic>
}

export const createSession = (socket: Socket, viewer: Viewer): Session => ({
  id: socket.id,
  viewer,
  socket,
  topics: new Map(),
})

/** The sockets of this process, by viewer. */
export function createSessions() {
  const byViewer = new Map<string, Set<Session>>()
  const byLogin = new Map<string, Set<Session>>()
  let size = 0
  return {
    add(session: Session): void {
      const own = byViewer.get(session.viewer.id) ?? new Set()
      byViewer.set(session.viewer.id, own.add(session))
      const { loginSessionId: login } = session.viewer
      if (login !== undefined) byLogin.set(login, (byLogin.get(login) ?? new Set()).add(session))
      size++
    },
    remove(session: Session): void {
      const own = byViewer.get(session.viewer.id)
      if (!own?.delete(session)) return
      size--
      if (own.size === 0) byViewer.delete(session.viewer.id)
      const { loginSessionId: login = '' } = session.viewer
      byLogin.get(login)?.delete(session)
      if (byLogin.get(login)?.size === 0) byLogin.delete(login)
    },
    of: (viewerId: string): ReadonlySet<Session> => byViewer.get(viewerId) ?? new Set(),
    /** Those that were opened under one login session. */
    ofLogin: (loginSessionId: string): ReadonlySet<Session> => byLogin.get(loginSessionId) ?? new Set(),
    *all(): Iterable<Session> {
      for (const own of byViewer.values()) yield* own
    },
    size: () => size,
  }
}

export type Sessions = ReturnType<typeof createSessions>
