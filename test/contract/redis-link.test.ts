import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLog } from '../../src/infra/log/log.ts'
import { openRedis, type RedisLink } from '../../src/infra/redis/client.ts'
import { startRedis } from '../support/redis.ts'
import { openLink, REDIS_KINDS } from '../support/redis-kinds.ts'
import { until } from '../support/until.ts'

const log = createLog({ LOG_LEVEL: 'silent' })

describe.each(REDIS_KINDS)('a link to $kind', ({ start }) => {
  let redis: Awaited<ReturnType<typeof start>>
  let link: RedisLink
  beforeAll(async () => {
    redis = await start()
    link = await openLink(redis)
  })
  afterAll(async () => {
    await link[Symbol.asyncDispose]()
    await redis[Symbol.asyncDispose]()
  })

  test('brings what is published on the channels it follows, and nothing once it left', async () => {
    const got: string[] = []
    for (const name of ['{a}', '{b}', '{c}', '{d}']) {
      await link.subscribe(`${name}:test`, (message) => got.push(`${name} ${message}`))
    }
    for (const name of ['{a}', '{b}', '{c}', '{d}']) await link.commands.spublish(`${name}:test`, 'hello')
    await until('all four', () => got.length === 4)
    expect(got.sort()).toEqual(['{a} hello', '{b} hello', '{c} hello', '{d} hello'])
    link.unsubscribe('{a}:test')
    await until('nobody to listen', async () => (await link.commands.spublish('{a}:test', 'gone')) === 0)
    expect(got).toHaveLength(4)
  })

  test('runs scripts that the server has forgotten, many in one turn', async () => {
    link.commands.defineCommand('flowTestIncr', {
      numberOfKeys: 1,
      lua: "return redis.call('INCR', KEYS[1])",
    })
    const run = (key: string) =>
      (link.commands as unknown as { flowTestIncr(key: string): Promise<number> }).flowTestIncr(key)
    const names = Array.from({ length: 20 }, (_, i) => `{${i}}:count`)
    expect(await Promise.all(names.map(run))).toEqual(names.map(() => 1))
    if ('nodes' in redis) for (const node of redis.nodes) await node.client().script('FLUSH')
    else await redis.client().script('FLUSH')
    expect(await Promise.all(names.map(run))).toEqual(names.map(() => 2))
  })

  test('fails at once while Redis is away, says so, and has its channels again when it is back', async () => {
    const server = 'nodes' in redis ? redis.nodes[0] : redis
    if (!server) throw new Error('There is no server.')
    const got: string[] = []
    const told: string[] = []
    for (const name of ['{1}', '{2}', '{3}', '{4}', '{5}', '{6}']) {
      await link.subscribe(`${name}:back`, (message) => got.push(message))
    }
    link.onDown(() => told.push('down'))
    link.onUp(() => told.push('up'))
    await server.kill()
    await until('the loss', () => !link.isUp())
    await expect(link.ping()).rejects.toThrow()
    await server.start()
    await until('the return', () => link.isUp())
    for (const name of ['{1}', '{2}', '{3}', '{4}', '{5}', '{6}'])
      await link.commands.spublish(`${name}:back`, name)
    await until('all six', () => got.length === 6)
    expect(got.sort()).toEqual(['{1}', '{2}', '{3}', '{4}', '{5}', '{6}'])
    expect([told[0], told.at(-1)]).toEqual(['down', 'up'])
  })

  test('a server that hangs is away until it goes on', async () => {
    const server = 'nodes' in redis ? redis.nodes[0] : redis
    server?.pause()
    await until('the loss', () => !link.isUp())
    server?.resume()
    await until('the return', () => link.isUp())
    await link.ping()
  })
})

test('a password is used, and a wrong one is told in a sentence without it', async () => {
  await using redis = await startRedis()
  await redis.client().config('SET', 'requirepass', 'p:ss/word')
  const at = (password: string) =>
    [redis.url.replace('redis://', `redis://:${encodeURIComponent(password)}@`)] as const
  await using link = await openRedis({ addresses: at('p:ss/word'), log })
  await link.ping()
  const refused = await openRedis({ addresses: at('secret'), log }).catch((error: Error) => error)
  expect(refused).toMatchObject({ name: 'StartError' })
  expect(String(refused)).not.toContain('secret')
})
