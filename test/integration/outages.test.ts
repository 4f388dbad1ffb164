import { expect, test } from 'vitest'
import { sleep } from '../../src/core/time.ts'
import type { TestApp } from '../support/app.ts'
import { startNodes } from '../support/nodes.ts'
import { clientId, type Followed, type Person } from '../support/person.ts'
import { until } from '../support/until.ts'

type Line = { seq: number; text: string }
type Talk = { acknowledged: Line[]; end(): Promise<void> }

/** Longer than a test of several outages and restarts takes on a busy machine. */
const LIMIT_MS = 600_000

/** Talks until it is ended, and keeps what was acknowledged. */
function talk(who: Person, streamId: string): Talk {
  const acknowledged: Line[] = []
  let isOver = false
  const talking = (async () => {
    for (let i = 0; !isOver; i++) {
      const text = `${who.account.handle} ${i}`
      const line = await who.connection
        .call('chat:send', { clientId: clientId(), streamId, text }, { timeoutMs: 30_000 })
        .catch(() => undefined)
      if (line) acknowledged.push({ seq: line.seq, text })
      // Below the limit of calls: 10 lines in 10 seconds would be refused.
      await sleep(line ? 600 : 1000)
    }
  })()
  return {
    acknowledged,
    async end() {
      isOver = true
      await talking
    },
  }
}

/** Every client has every acknowledged line once, in order, without a gap. */
async function isWhole(logs: readonly Followed<Line>[], acknowledged: readonly Line[]): Promise<void> {
  const last = Math.max(...acknowledged.map(({ seq }) => seq))
  for (const { items } of logs) await until(`line ${last}`, () => (items.at(-1)?.seq ?? 0) >= last)
  for (const { items, gaps } of logs) {
    expect(items.map(({ seq }) => seq)).toEqual(items.map((_, i) => i + 1))
    expect(gaps).toBe(0)
    for (const { seq, text } of acknowledged) expect(items[seq - 1]?.text).toBe(text)
  }
}

test(
  'Redis hangs, is killed, and comes back with an older snapshot: chat is lossless, the rest whole or with a gap',
  async () => {
    await using all = await startNodes(2)
    const { redis, nodes } = all
    const [one, other] = nodes as [TestApp, TestApp]
    const [alice, bob] = [await one.person('alice'), await other.person('bob')]
    const { streamId } = alice.account
    const guests = [await one.visitor(), await other.visitor()]
    const chats = [alice, bob, ...guests].map((who) => who.follow(`chat:${streamId}`))
    const streams = guests.map((who) => who.follow(`stream:${streamId}`))
    const count = guests[0]?.follow(`counters:stream:${streamId}`)
    await until('both to be in', () => count?.items.at(-1)?.viewers === 2)
    const details = { category: 'talk', visibility: 'public' } as const
    const { id } = await alice.connection.call('broadcast:start', {
      ...{ clientId: clientId(), title: 'Before', ...details },
    })
    const rename = (title: string) =>
      alice.connection.call('broadcast:update', { broadcastId: id, title, ...details })
    const titles = (log: (typeof streams)[number] | undefined) =>
      log?.items.map((item) => item.type === 'broadcast' && item.broadcast.title) ?? []
    for (const log of streams) await until('the start', () => titles(log).includes('Before'))
    await redis.snapshot()
    const talks = [talk(alice, streamId), talk(bob, streamId)]
    const more = async (count: number) => {
      for (const { acknowledged } of talks) {
        const before = acknowledged.length
        await until('further lines', () => acknowledged.length >= before + count)
      }
    }

    await more(2)
    redis.pause()
    await more(2)
    await rename('While it hangs')
    redis.resume()
    for (const log of streams) await until('what waited', () => titles(log).at(-1) === 'While it hangs')
    expect(streams.map(({ gaps }) => gaps)).toEqual([0, 0])

    await redis.kill()
    await more(2)
    await redis.restore()
    await redis.start()
    // Redis has forgotten: every subscriber is told, and what comes next arrives.
    for (const log of streams) await until('the gap to be told', () => log.gaps > 0)
    await rename('After')
    for (const log of streams) await until('what came next', () => titles(log).at(-1) === 'After')

    for (const each of talks) await each.end()
    await isWhole(
      chats,
      talks.flatMap(({ acknowledged }) => acknowledged),
    )
  },
  LIMIT_MS,
)

test(
  'a gateway is killed while people talk: whoever was on it is whole again after its return',
  async () => {
    await using all = await startNodes(2)
    const [one, other] = all.nodes as [TestApp, TestApp]
    const [alice, bob] = [await one.person('alice'), await other.person('bob')]
    const { streamId } = alice.account
    const chats = [alice, bob, await one.visitor(), await other.visitor()].map((who) =>
      who.follow(`chat:${streamId}`),
    )
    const talks = [talk(alice, streamId), talk(bob, streamId)]
    await until('some lines', () => talks.every(({ acknowledged }) => acknowledged.length >= 3))
    await other.restart()
    const before = talks.map(({ acknowledged }) => acknowledged.length)
    await until('lines after the return', () =>
      talks.every(({ acknowledged }, i) => acknowledged.length >= (before[i] ?? 0) + 2),
    )
    for (const each of talks) await each.end()
    await isWhole(
      chats,
      talks.flatMap(({ acknowledged }) => acknowledged),
    )
  },
  LIMIT_MS,
)
