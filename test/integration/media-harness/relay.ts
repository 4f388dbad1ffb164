import { createSocket, type Socket } from 'node:dgram'
import type { types } from 'mediasoup'

/** A UDP path between clients and the SFU that can be cut. */
export type IceRelay = AsyncDisposable & {
  /** The one candidate that leads through the relay in place of the SFU's own. */
  through(candidates: types.IceCandidate[]): Promise<types.IceCandidate[]>
  setUp(isUp: boolean): void
}

export function createRelay(): IceRelay {
  const sockets: Socket[] = []
  const fronts = new Map<number, number>()
  let isUp = true

  const open = async (targetPort: number): Promise<number> => {
    const front = await bind()
    const backs = new Map<number, Promise<Socket>>()
    const backFor = (clientPort: number): Promise<Socket> => {
      const existing = backs.get(clientPort)
      if (existing) return existing
      const made = bind().then((back) => {
        back.on('message', (data) => {
          if (isUp) front.send(data, clientPort, '127.0.0.1')
        })
        return back
      })
      backs.set(clientPort, made)
      return made
    }
    front.on('message', (data, from) => {
      if (isUp) void backFor(from.port).then((back) => back.send(data, targetPort, '127.0.0.1'))
    })
    return front.address().port
  }

  const bind = (): Promise<Socket> =>
    new Promise((resolve) => {
      const socket = createSocket('udp4')
      sockets.push(socket)
      socket.bind(0, '127.0.0.1', () => resolve(socket))
    })

  return {
    async through(candidates) {
      const udp = candidates.find(({ protocol, address }) => protocol === 'udp' && address === '127.0.0.1')
      if (!udp) throw new Error('The SFU offers no UDP candidate on the loopback.')
      const port = fronts.get(udp.port) ?? (await open(udp.port))
      fronts.set(udp.port, port)
      return [{ ...udp, port }]
    },
    setUp: (next) => {
      isUp = next
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(
        sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))),
      )
    },
  }
}
