import { expect, test } from 'vitest'
import { whole } from '../../support/delivery.ts'
import { startNodes } from '../../support/nodes.ts'
import { gather, SETTINGS } from './stage.ts'

/** Half a minute on two cores of one's own, and several where they are shared. */
const LIMIT_MS = 600_000
test(
  'of three gateways one after the other is killed: whoever was there goes on at another and misses nothing',
  async () => {
    await using all = await startNodes(3, SETTINGS)
    await using stage = await gather(all.nodes)
    const { more } = stage
    await more(3)
    await all.nodes[1]?.kill()
    await more(3)
    await all.nodes[1]?.restart()
    await all.nodes[0]?.kill()
    await more(3)
    await all.nodes[2]?.kill()
    await more(3)
    const outcome = await stage.settle()
    expect(outcome.chat).toEqual(stage.seen.map(() => whole(outcome.lines)))
    expect(outcome.titles).toEqual(stage.seen.map(() => whole(outcome.renames)))
    expect(outcome.renames).toBeGreaterThan(2)
  },
  LIMIT_MS,
)

test(
  'two gateways are stopped and started in turn while people talk: nobody misses anything',
  async () => {
    await using all = await startNodes(2, SETTINGS)
    await using stage = await gather(all.nodes)
    const { more } = stage
    await more(2)
    for (const node of all.nodes) {
      expect(await node.stop()).toBe(0)
      await more(2)
      await node.restart()
    }
    await more(2)
    const outcome = await stage.settle()
    expect(outcome.chat).toEqual(stage.seen.map(() => whole(outcome.lines)))
    expect(outcome.titles).toEqual(stage.seen.map(() => whole(outcome.renames)))
  },
  LIMIT_MS,
)

test(
  'Redis and a gateway are killed at once, Redis comes back empty and the gateway does not: chat is whole, the rest whole or told',
  async () => {
    await using all = await startNodes(2, SETTINGS)
    await using stage = await gather(all.nodes)
    const { more, titles } = stage
    await more(2)
    await Promise.all([all.redis.kill(), all.nodes[1]?.kill()])
    // Whoever was at the dead one is let in by the other as soon as it knows who was signed out elsewhere.
    await all.redis.start()
    await more(3)
    await titles.more(1)
    const outcome = await stage.settle()
    expect(outcome.chat).toEqual(stage.seen.map(() => whole(outcome.lines)))
    for (const verdict of outcome.titles)
      expect(verdict).toMatchObject({ silentGaps: 0, doubled: 0, disordered: 0, altered: 0 })
  },
  LIMIT_MS,
)
