import { sleep } from '../../../src/core/time.ts'
import { freePort } from '../../support/free-port.ts'
import { until } from '../../support/until.ts'
import { type Program, SERVER_CORE, startProgram } from './program.ts'

export type BenchRedis = AsyncDisposable & {
  url: string
  readonly program: Program
  /** Kills it, and starts it again after `awayMs` with nothing in it. */
  restart(awayMs: number): Promise<void>
}

/** A Redis for one system alone, without persistence, on the core of the servers. */
export async function startBenchRedis(): Promise<BenchRedis> {
  const port = await freePort()
  const settings = { port: String(port), bind: '127.0.0.1', save: '', appendonly: 'no' }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  let program = await launch(args)
  return {
    url: `redis://127.0.0.1:${port}`,
    get program() {
      return program
    },
    async restart(awayMs) {
      await program.end('SIGKILL')
      await sleep(awayMs)
      program = await launch(args)
    },
    [Symbol.asyncDispose]: () => program.end('SIGKILL'),
  }
}

async function launch(args: readonly string[]): Promise<Program> {
  const program = startProgram({ command: 'redis-server', args, core: SERVER_CORE })
  await until('redis-server to listen', () => {
    if (program.child.exitCode !== null)
      throw new Error(`redis-server does not run (apt-get install redis-server):\n${program.output()}`)
    return program.output().includes('Ready to accept connections')
  })
  return program
}
