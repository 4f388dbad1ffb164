import type { Online } from '../../src/core/ports.ts'
import { createBatcher } from '../../src/core/running/batch.ts'
import type { RedisLink } from '../../src/infra/redis/client.ts'
import { defineScript } from '../../src/infra/redis/script.ts'
import { createSocketBook, ONLINE_KEEP_MS, type OnlineBook } from './online.ts'

/** One set for all: who pushes to many reads it in one command. */
const KEYS = ['flow:{online}']
/** Well within the time that entries live, so that a few lost tries do no harm. */
const RENEW_MS = 60_000
/** A script works on so many accounts at most: about a millisecond, while all others wait. */
const BATCH_MAX_ACCOUNTS = 1000

/** The time of Redis counts, so that clocks of nodes may differ. */
const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`
/** ARGV: milliseconds that entries live, accounts that are online. */
const ENTER = `${NOW}
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], now, ARGV[i]) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], 0, now - ARGV[1])
return redis.call('PEXPIRE', KEYS[1], ARGV[1])`
/** ARGV: milliseconds that entries live, accounts that are asked for. */
const AMONG = `${NOW}
local found = {}
for i = 2, #ARGV do
  local seen = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if seen and now - seen < tonumber(ARGV[1]) then found[#found + 1] = ARGV[i] end
end
return found`
/** ARGV: milliseconds that entries live. */
const ALL = `${NOW}
return redis.call('ZRANGEBYSCORE', KEYS[1], now - ARGV[1], '+inf')`

/** Asks Redis who is online at any gateway; while it is away the answer waits for its return. */
export function createOnlineReader(link: RedisLink): Online {
  const among = defineScript(link, 'flowOnlineAmong', 1, AMONG)
  const all = defineScript(link, 'flowOnlineAll', 1, ALL)

  async function ask(script: typeof all, args: readonly string[]): Promise<string[]> {
    for (;;) {
      await up(link)
      try {
        return (await script(KEYS, [ONLINE_KEEP_MS, ...args])) as string[]
      } catch {
        link.suspect()
      }
    }
  }

  return {
    async among(ids) {
      const found = new Set<string>()
      for (let i = 0; i < ids.length; i += BATCH_MAX_ACCOUNTS)
        for (const id of await ask(among, ids.slice(i, i + BATCH_MAX_ACCOUNTS))) found.add(id)
      return found
    },
    all: () => ask(all, []),
  }
}

const up = (link: RedisLink) =>
  new Promise<void>((resolve) => {
    if (link.isUp()) return resolve()
    const unfollow = link.onUp(() => {
      unfollow()
      resolve()
    })
  })

/**
 * Who is online at any gateway. Whoever comes is written before they may read where their topics stand, and stays for a
 * while after they left: what is pushed meanwhile must wait for them. Nothing is written when somebody leaves.
 */
export function createSharedOnline(link: RedisLink): OnlineBook {
  const book = createSocketBook()
  const enter = defineScript(link, 'flowOnlineEnter', 1, ENTER)
  const written = new Map<string, Promise<void>>()
  const batcher = createBatcher<string, undefined>({
    maxItems: BATCH_MAX_ACCOUNTS,
    async run(ids) {
      if (!link.isUp()) throw new Error('Redis is away.')
      await enter(KEYS, [ONLINE_KEEP_MS, ...ids]).catch((error: unknown) => {
        link.suspect()
        throw error
      })
      return ids.map(() => undefined)
    },
  })

  function write(id: string): void {
    const writing = batcher.add(id)
    written.set(id, writing)
    // The return of Redis is the next try.
    writing.catch(() => {})
  }
  const writeAll = () => {
    for (const id of book.ids()) write(id)
  }
  const renewer = setInterval(writeAll, RENEW_MS)
  const unfollow = link.onUp(writeAll)

  return {
    ...createOnlineReader(link),
    enter(id) {
      if (book.enter(id)) write(id)
    },
    leave(id) {
      if (book.leave(id)) written.delete(id)
    },
    confirmed: async (id) => written.get(id),
    stop() {
      clearInterval(renewer)
      unfollow()
    },
  }
}
