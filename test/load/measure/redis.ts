import { freePort } from '../../support/free-port.ts'
import { until } from '../../support/until.ts'
import { type Program, SERVER_CORE, startProgram } from './program.ts'

export type BenchRedis = AsyncDisposable & { url: string; program: Program }

/** A Redis for one system alone, without persistence, on the core of the servers. */
export async function startBenchRedis(): Promise<BenchRedis> {
  const port = await freePort()
  const settings = { port: String(port), bind: '127.0.0.1', save: '', appendonly: 'no' }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  const program = startProgram({ command: 'redis-server', args, core: SERVER_CORE })
  await until('redis-server to listen', () => {
    if (program.child.exitCode !== null)
      throw new Error(`redis-server does not run (apt-get install redis-server):\n${program.output()}`)
    return program.output().includes('Ready to accept connections')
  })
  return {
    url: `redis://127.0.0.1:${port}`,
    program,
    [Symbol.asyncDispose]: () => program.end('SIGKILL'),
  }
}
