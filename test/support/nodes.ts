import { startApp, type TestApp } from './app.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import { freePort } from './free-port.ts'
import type { TestRedis } from './redis.ts'
import { startRedis } from './redis.ts'

/** Several nodes on one database and one Redis. */
export type TestNodes = AsyncDisposable & { nodes: TestApp[]; redis: TestRedis }

const SECRET_KEY = 'the secret that all nodes of a test share'

export async function startNodes(count: number, env: Record<string, string> = {}): Promise<TestNodes> {
  const redis = await startRedis()
  const nodes: TestApp[] = []
  for (let i = 0; i < count; i++) {
    // Nothing is gained from waiting for proxies where a test is over.
    const own = { SECRET_KEY, REDIS_URL: redis.url, DRAIN_SECONDS: '0' }
    nodes.push(await startApp({ ...own, ...env }, nodes[0]))
  }
  return {
    ...{ nodes, redis },
    async [Symbol.asyncDispose]() {
      // The first one owns the database.
      for (const node of nodes.toReversed()) await node[Symbol.asyncDispose]()
      await redis[Symbol.asyncDispose]()
    },
  }
}

/** The same behind one origin, which pages, calls and sockets all go through. */
export async function startSite(
  count: number,
  env: Record<string, string> = {},
): Promise<TestNodes & { front: Balancer }> {
  const port = await freePort()
  const all = await startNodes(count, {
    SOCKET_URL: `http://127.0.0.1:${port}`,
    TRUSTED_PROXIES: '127.0.0.1',
    // What comes through a proxy is not this machine's own.
    DEV_INBOX: 'on',
    ...env,
  })
  const front = await startBalancer(
    all.nodes.map(({ url }) => url),
    { port },
  )
  return {
    ...{ ...all, front },
    async [Symbol.asyncDispose]() {
      await front[Symbol.asyncDispose]()
      await all[Symbol.asyncDispose]()
    },
  }
}
