import { startApp, type TestApp } from './app.ts'
import type { TestRedis } from './redis.ts'
import { startRedis } from './redis.ts'

/** Several nodes on one database and one Redis. */
export type TestNodes = AsyncDisposable & { nodes: TestApp[]; redis: TestRedis }

const SECRET_KEY = 'the secret that all nodes of a test share'

export async function startNodes(count: number, env: Record<string, string> = {}): Promise<TestNodes> {
  const redis = await startRedis()
  const nodes: TestApp[] = []
  for (let i = 0; i < count; i++) {
    nodes.push(await startApp({ SECRET_KEY, REDIS_URL: redis.url, ...env }, nodes[0]))
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
