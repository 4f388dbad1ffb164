import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a port of this machine that can be cut as a cable is: nothing passes, and neither side is told. */
export type CuttableWay = AsyncDisposable & {
  port: number
  /** Holds all bytes both ways, as TCP does while packets are lost; who connects meanwhile waits. */
  cut(): void
  /** What was held arrives, in order. */
  mend(): void
}

/** Bytes that are held fill the buffers of both ends, whose senders then wait: nothing is lost on the way itself. */
export async function createCuttableWay(toPort: number): Promise<CuttableWay> {
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    const far = connect(toPort, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.setNoDelay()
      one.on('data', (bytes) => {
        // `pause` may come a chunk late; writing it on would be a hole in the cut.
        if (!other.write(bytes)) one.pause()
      })
      one.on('drain', () => isCut || other.resume())
      one.on('error', () => {})
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      if (isCut) one.pause()
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true
      for (const socket of sockets) socket.pause()
    },
    mend() {
      isCut = false
      for (const socket of sockets) socket.resume()
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The same address behind another port. */
export const through = (url: string, { port }: CuttableWay): string =>
  Object.assign(new URL(url), { port: String(port) }).toString()
