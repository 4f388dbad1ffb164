import { newId } from '../../../src/core/ids.ts'
import type { RedisLink } from '../../../src/infra/redis/client.ts'

/** Items with contiguous offsets: the offset of the first, and the items. Without items: "all before this are there". */
export type Run = readonly [first: number, items: readonly unknown[]]
/** What travels on a topic's channel. `e` is the epoch; absent for a durable topic, which has one for its life. */
export type WireMessage = { e?: string; r: readonly Run[] }

/** The channels of topics between gateways: one sharded channel per topic, followed only where there are members. */
export type Wire = {
  link: RedisLink
  /** Name of this process on the wire; its own messages do not come back. */
  node: string
  /** Resolves when Redis has confirmed; rejects while it is away, and is followed from its return on all the same. */
  follow(topic: string, onMessage: (message: WireMessage) => void): Promise<void>
  unfollow(topic: string): void
  /** Says that rows of a durable topic are committed. Those of one tick and topic are one message. */
  announce(topic: string, first: number, items: readonly unknown[]): void
  stop(): void
}

/** While Redis is away heads of so many topics are kept for its return; others are found by the checks of the gateways. */
const UNANNOUNCED_MAX = 20_000

export const channelOf = (topic: string) => `flow:{${topic}}:items`

/** `received` is told how many items came from other nodes. */
export function createWire(link: RedisLink, received: (topic: string, items: number) => void): Wire {
  const node = newId().slice(-12)
  const outgoing = new Map<string, Run[]>()
  const unannounced = new Map<string, number>()

  function flush(): void {
    for (const [topic, runs] of outgoing) {
      const text = `${node} ${JSON.stringify({ r: runs } satisfies WireMessage)}`
      link.commands.spublish(channelOf(topic), text).catch(() => {
        for (const [first, items] of runs) keep(topic, first + items.length - 1)
        link.suspect()
      })
    }
    outgoing.clear()
  }

  function keep(topic: string, head: number): void {
    if (unannounced.size < UNANNOUNCED_MAX)
      unannounced.set(topic, Math.max(head, unannounced.get(topic) ?? 0))
  }

  const unfollowLink = link.onUp(() => {
    const heads = [...unannounced]
    unannounced.clear()
    for (const [topic, head] of heads) send(topic, [head + 1, []])
  })

  function send(topic: string, run: Run): void {
    if (outgoing.size === 0) setImmediate(flush)
    const runs = outgoing.get(topic)
    if (runs) runs.push(run)
    else outgoing.set(topic, [run])
  }

  return {
    link,
    node,
    follow: (topic, onMessage) =>
      link.subscribe(channelOf(topic), (text) => {
        const cut = text.indexOf(' ')
        if (text.slice(0, cut) === node) return
        const message = JSON.parse(text.slice(cut + 1)) as WireMessage
        received(
          topic,
          message.r.reduce((sum, [, items]) => sum + items.length, 0),
        )
        onMessage(message)
      }),
    unfollow: (topic) => link.unsubscribe(channelOf(topic)),
    announce(topic, first, items) {
      if (link.isUp()) send(topic, [first, items])
      else keep(topic, first + items.length - 1)
    },
    stop: unfollowLink,
  }
}
