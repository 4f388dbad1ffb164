import { expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { type CuttableWay, createCuttableWay, through } from '../../support/cuttable-way.ts'
import { whole } from '../../support/delivery.ts'
import { startRedis } from '../../support/redis.ts'
import { until } from '../../support/until.ts'
import { gather, SETTINGS } from './stage.ts'

/** Half a minute on two cores of one's own, and several where they are shared. */
const LIMIT_MS = 600_000
const portOf = (url: string) => Number(new URL(url).port)

/** Two nodes, of which the second reaches Redis, the database and its clients over ways that can be cut. */
async function startCuttable() {
  const redis = await startRedis()
  const first = await startApp({ ...SETTINGS, REDIS_URL: redis.url })
  const toRedis = await createCuttableWay(portOf(redis.url))
  const toDatabase = await createCuttableWay(portOf(first.database.appUrl))
  const env = {
    ...{ ...SETTINGS, REDIS_URL: through(redis.url, toRedis) },
    DATABASE_URL: through(first.database.appUrl, toDatabase),
  }
  const second = await startApp(env, first)
  const toSecond = await createCuttableWay(second.socketPort ?? 0)
  const places = [first, { url: second.url, socketPort: toSecond.port }]
  const stage = await gather([first, second], { places, isBound: true })
  return {
    ...{ first, second, toRedis, toDatabase, toSecond, stage },
    async [Symbol.asyncDispose]() {
      await stage[Symbol.asyncDispose]()
      for (const way of [toRedis, toDatabase, toSecond]) way.mend()
      for (const each of [second, first, toRedis, toDatabase, toSecond, redis])
        await each[Symbol.asyncDispose]()
    },
  }
}

/** What `/readyz` says of a part. */
const checkOf = async (url: string, part: string): Promise<string | undefined> => {
  const answer = (await (await fetch(`${url}/readyz`)).json()) as { checks: Record<string, string> }
  return answer.checks[part]
}

async function away(url: string, part: string, way: CuttableWay): Promise<void> {
  way.cut()
  await until(`${part} to be away`, async () => (await checkOf(url, part)) !== 'ok')
}

test(
  'a gateway cut off from Redis, and another time from the database, misses nothing, also what was said last',
  async () => {
    await using all = await startCuttable()
    const { stage, second, toRedis, toDatabase } = all
    await stage.more(2)
    await away(second.url, 'redis', toRedis)
    // Lines are committed and pushed on both sides; the other side's are found in the database.
    await stage.more(3)
    await stage.titles.more(1)
    toRedis.mend()
    await until('Redis at the second', async () => (await checkOf(second.url, 'redis')) === 'ok')
    await stage.more(1)

    await away(second.url, 'database', toDatabase)
    await stage.talks[0].more(3)
    toDatabase.mend()
    await stage.more(2)

    // Everything ends while the second is cut off: the last line is one that it did not hear of.
    await away(second.url, 'redis', toRedis)
    await stage.talks[0].more(1)
    await stage.titles.more(1)
    const outcome = stage.settle()
    await Promise.all([...stage.talks, stage.titles].map((each) => each.end()))
    toRedis.mend()
    const { chat, titles, lines, renames } = await outcome
    expect(chat).toEqual(stage.seen.map(() => whole(lines)))
    expect(titles).toEqual(stage.seen.map(() => whole(renames)))
  },
  LIMIT_MS,
)

test(
  'clients cut off from their gateway, for a moment and until both sides gave up, miss nothing',
  async () => {
    await using all = await startCuttable()
    const { stage, toSecond } = all
    const [, there] = stage.watchers
    await stage.more(2)
    toSecond.cut()
    await stage.talks[0].more(4)
    toSecond.mend()
    await stage.more(2)
    toSecond.cut()
    await until('the client to notice', () => there?.state === 'offline')
    await stage.talks[0].more(2)
    toSecond.mend()
    await until('the client to be back', () => there?.state === 'online')
    await stage.more(2)
    const { chat, titles, lines, renames } = await stage.settle()
    expect(chat).toEqual(stage.seen.map(() => whole(lines)))
    expect(titles).toEqual(stage.seen.map(() => whole(renames)))
  },
  LIMIT_MS,
)
