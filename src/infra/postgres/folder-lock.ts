import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import { StartError } from '../../core/running/start-error.ts'

/**
 * Makes this process the only one that runs the database in `dir`, or throws. The lock is a socket in Linux' abstract
 * namespace: it has no file that could be left behind, and goes with the process however that ends.
 */
export async function lockFolder(dir: string): Promise<AsyncDisposable> {
  const name = createHash('sha256').update(dir).digest('hex')
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(`\0social-flow-${name}`, resolve)
  }).catch((cause: unknown) => {
    throw new StartError(
      `Another server is running on the database in ${dir}. End that one first, or give this one another DATA_DIR.`,
      { cause },
    )
  })
  // The lock alone keeps no process alive.
  server.unref()
  return {
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
