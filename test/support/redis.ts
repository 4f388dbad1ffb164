import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

const SLOTS = 16_384
/** As few as a Cluster may have. */
const MASTERS = 3

/** After so long without an answer a server is dead for the others; a busy machine lets one wait for seconds. */
const CLUSTER_TIMEOUT_MS = 6000

/** A real redis-server of the test's own. */
export type TestRedis = AsyncDisposable & {
  url: string
  /** Where the servers of a Cluster speak to each other. */
  busPort: number
  /** A connection to look in with. */
  client(): Redis
  /** SIGKILL; answers when the process is gone. */
  kill(): Promise<void>
  /** Starts it again where it was, from what it had saved. */
  start(): Promise<void>
  /** Keeps a snapshot of now, for `restore`. */
  snapshot(): Promise<void>
  /** While it is killed: the next start begins from the snapshot. */
  restore(): Promise<void>
  /** SIGSTOP and SIGCONT: connections stay open and nothing answers. */
  pause(): void
  resume(): void
}

export async function startRedis(options: { isCluster?: boolean } = {}): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'social-flow-redis-'))
  const [port, busPort] = [await freePort(), await freePort()]
  const launchHere = () => launch(dir, port, options.isCluster ? busPort : undefined)
  let child = await launchHere()
  const look = new Redis({ port, disableClientInfo: true, lazyConnect: true, retryStrategy: () => 100 })
  look.on('error', () => {})
  return {
    url: `redis://127.0.0.1:${port}`,
    busPort,
    client: () => look,
    kill: () => end(child),
    async start() {
      child = await launchHere()
    },
    async snapshot() {
      await look.save()
      await copyFile(join(dir, 'dump.rdb'), join(dir, 'older.rdb'))
    },
    restore: () => copyFile(join(dir, 'older.rdb'), join(dir, 'dump.rdb')),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      look.disconnect()
      await end(child)
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** Three masters that share the slots; `url` names all of them. */
export async function startRedisCluster(): Promise<AsyncDisposable & { url: string; nodes: TestRedis[] }> {
  const nodes = await Promise.all(Array.from({ length: MASTERS }, () => startRedis({ isCluster: true })))
  for (const [i, node] of nodes.entries()) {
    const from = Math.ceil((SLOTS * i) / MASTERS)
    await node.client().call('CLUSTER', 'ADDSLOTSRANGE', from, Math.ceil((SLOTS * (i + 1)) / MASTERS) - 1)
    await node.client().call('CLUSTER', 'SET-CONFIG-EPOCH', i + 1)
  }
  const [first, ...others] = nodes
  for (const { url, busPort } of others)
    await first?.client().call('CLUSTER', 'MEET', '127.0.0.1', new URL(url).port, busPort)
  for (const node of nodes)
    await until('the cluster', async () => {
      const info = String(await node.client().call('CLUSTER', 'INFO'))
      return info.includes('cluster_state:ok') && info.includes(`cluster_size:${MASTERS}`)
    })
  return {
    url: nodes.map(({ url }) => url).join(','),
    nodes,
    async [Symbol.asyncDispose]() {
      for (const node of nodes) await node[Symbol.asyncDispose]()
    },
  }
}

/** `busPort` makes it a server of a Cluster. */
async function launch(dir: string, port: number, busPort?: number): Promise<ChildProcess> {
  const settings = {
    ...{ port: String(port), bind: '127.0.0.1', dir, save: '', 'enable-debug-command': 'yes' },
    ...(busPort && {
      'cluster-enabled': 'yes',
      'cluster-port': String(busPort),
      'cluster-node-timeout': String(CLUSTER_TIMEOUT_MS),
    }),
  }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk
  })
  await until('redis-server to listen', () => {
    if (child.exitCode !== null) throw new Error(`redis-server ended:\n${output}`)
    return output.includes('Ready to accept connections')
  })
  return child
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}
