import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { createLog } from '../../../src/infra/log/log.ts'
import { startRoles } from '../../../src/roles/start.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import { whole } from '../../support/delivery.ts'
import { freePort } from '../../support/free-port.ts'
import { startRedis } from '../../support/redis.ts'
import { until } from '../../support/until.ts'
import { gather, roam, SETTINGS } from './stage.ts'

/** Half a minute on two cores of one's own, and several where they are shared. */
const LIMIT_MS = 600_000
const HOUR_MS = 3_600_000

afterEach(() => void vi.useRealTimers())

/** A node within this process, so that its clock can be set: every `Date` in it, also those of libraries. */
async function startHere({ database }: TestApp, redisUrl: string) {
  const dir = await mkdtemp(join(tmpdir(), 'social-flow-clock-'))
  const config = readConfig({
    ...{ ROLES: 'gateway,http', HOST: '127.0.0.1', DATA_DIR: dir, SOCKET_ENGINE: 'ws', ...SETTINGS },
    ...{
      PORT: String(await freePort()),
      DATABASE_URL: database.appUrl,
      DATABASE_OWNER_URL: database.ownerUrl,
    },
    ...{ REDIS_URL: redisUrl, LOG_LEVEL: 'silent' },
  })
  const running = await startRoles(config, createLog(config), () => {})
  return {
    url: `http://127.0.0.1:${running.httpPort}`,
    socketPort: running.httpPort,
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function setClock(byMs: number): void {
  vi.useRealTimers()
  const nowMs = Date.now()
  vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true })
  vi.setSystemTime(nowMs + byMs)
}

test(
  'the clock of one gateway is set an hour forward, an hour back and right again: sockets, tokens, topics and counts go on',
  async () => {
    await using redis = await startRedis()
    // Whoever leads ends broadcasts whose grace is over by its own clock: that is the first.
    await using first = await startApp({ ...SETTINGS, ROLES: 'gateway,http,jobs', REDIS_URL: redis.url })
    await using second = await startHere(first, redis.url)
    // All that people do, they do at the second; the host and a watcher are at the first.
    await using stage = await gather([first, first], { places: [first, second], isBound: true })
    const [near, far] = stage.watchers
    const viewers: number[] = []
    near?.subscribe(`counters:stream:${stage.streamId}`, {
      onItems: (items) => void viewers.push(...items.map((item) => item.viewers)),
    })
    await until('everybody to be counted', () => viewers.at(-1) === 3)
    for (const hours of [1, -1, 0]) {
      setClock(hours * HOUR_MS)
      await stage.more(3)
      await stage.titles.more(1)
      // A token of this clock, at a gateway of this clock.
      far?.renew()
      await until('the watcher to be back', () => far?.state === 'online')
      const passer = roam([second], 0)
      passer.subscribe(`stream:${stage.streamId}`, { onItems() {} })
      await until('one more viewer', () => viewers.at(-1) === 4)
      passer.close()
      await until('one viewer less', () => viewers.at(-1) === 3)
    }
    const { chat, titles, lines, renames } = await stage.settle()
    expect(chat).toEqual(stage.seen.map(() => whole(lines)))
    expect(titles).toEqual(stage.seen.map(() => whole(renames)))
  },
  LIMIT_MS,
)
