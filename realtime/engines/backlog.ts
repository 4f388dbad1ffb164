import type { Server } from 'socket.io'

/** What was sent and not taken: `behind` of `sockets` leave more unread than is usual; `bytes` of all of them. */
export type Backlog = { sockets: number; behind: number; bytes: number }

export type EngineConnection = { transport: { name: string; socket?: unknown } }

type Options = {
  io: Server
  maxBytes: number
  /** What a connection has not taken. */
  bytesOf: (connection: EngineConnection) => number
  /** Closes a connection at once, without waiting for what it has not taken. */
  end: (connection: EngineConnection) => void
}

const LOOK_MS = 1000
/** Of a few sockets one that is behind says nothing of the node. */
const SOCKETS_THAT_TELL = 50
/** More than the frames of a moment: the kernel's own buffer is full already when anything waits here. */
const BEHIND_BYTES = 64 * 1024
/** Of all sockets together: whoever opens many that do not read ends those that leave most unread. */
const TOTAL_MAX_BYTES = 64 * 1024 * 1024

/** Which part of the sockets does not take what is sent. */
export const shareBehind = ({ behind, sockets }: Backlog): number =>
  sockets < SOCKETS_THAT_TELL ? 0 : behind / sockets

/**
 * Looks once a second at what the connections have not taken: one that leaves more than `maxBytes` is ended, and of all
 * together those that leave most. Bursts in between are for the engines to bound.
 */
export function watchBacklog({ io, maxBytes, bytesOf, end }: Options) {
  let backlog: Backlog = { sockets: 0, behind: 0, bytes: 0 }
  let slow = new WeakSet<object>()

  function look(): void {
    const connections = Object.values(
      (io.engine as unknown as { clients: Record<string, EngineConnection> }).clients,
    )
    const behind: { connection: EngineConnection; bytes: number }[] = []
    for (const connection of connections) {
      const bytes = bytesOf(connection)
      if (bytes >= BEHIND_BYTES) behind.push({ connection, bytes })
    }
    let total = behind.reduce((sum, { bytes }) => sum + bytes, 0)
    backlog = { sockets: connections.length, behind: behind.length, bytes: total }
    slow = new WeakSet(behind.map(({ connection }) => connection.transport))
    for (const { connection, bytes } of behind.sort((a, b) => b.bytes - a.bytes)) {
      if (bytes <= maxBytes && total <= TOTAL_MAX_BYTES) break
      total -= bytes
      end(connection)
    }
  }
  const timer = setInterval(look, LOOK_MS)

  return {
    last: () => backlog,
    /** Whether the last look found this transport behind. */
    isBehind: (transport: object) => slow.has(transport),
    stop: () => clearInterval(timer),
  }
}
