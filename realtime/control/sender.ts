import { z } from 'zod'
import type { RedisLink } from '../../src/infra/redis/client.ts'
import { defineScript } from '../../src/infra/redis/script.ts'

export const Event = z.discriminatedUnion('type', [
  /** A login session has ended: its sockets end, its tokens admit nobody. */
  z.object({ type: z.literal('login-ended'), loginSessionId: z.string() }),
  /** What an account may has changed: its sockets come back with what the database says. */
  z.object({ type: z.literal('account-changed'), accountId: z.string() }),
  /** Members are put out of a topic; without `viewers`, all of them. */
  z.object({
    type: z.literal('topic-closed'),
    topic: z.string(),
    code: z.enum(['forbidden', 'not_found', 'ended']),
    viewers: z.array(z.string()).optional(),
  }),
  /** Who may see a stream has changed; without `viewers`, for everybody. */
  z.object({
    type: z.literal('rights-changed'),
    streamId: z.string(),
    viewers: z.array(z.string()).optional(),
  }),
])
export type ControlEvent = z.output<typeof Event>

export const STREAM = 'flow:{control}:events'
export const CHANNEL = 'flow:{control}:new'
/** A gateway that was without Redis for longer starts from nothing. */
export const KEEP_MS = 60 * 60_000

/** KEYS: stream, channel. ARGV: node, event, milliseconds to keep. Positions are times of the Redis server. */
const SEND = `
local time = redis.call('TIME')
local oldest = time[1] * 1000 - ARGV[3]
redis.call('XADD', KEYS[1], 'MINID', '~', string.format('%d', oldest), '*', 'node', ARGV[1], 'event', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3] * 2)
return redis.call('SPUBLISH', KEYS[2], ARGV[1])`

export type ControlSender = {
  /** Tells all other nodes, in order. While Redis is away it waits. */
  send(event: ControlEvent): void
  stop(): void
}

type Deps = {
  link: RedisLink
  /** Name of this process in the sequence: it does not read its own. */
  node: string
  /** As long as a token: what ended before has no tokens left. */
  tokenLifeMs: number
  nowMs: () => number
}

/** The writing end of the sequence that every gateway reads (`control.ts`); a process without sockets needs no other. */
export function createControlSender({ link, node, tokenLifeMs, nowMs }: Deps): ControlSender {
  const script = defineScript(link, 'flowControl', 2, SEND)
  const waiting: ControlEvent[] = []
  let recent: { event: ControlEvent; atMs: number }[] = []
  let isSending = false

  async function sendAll(): Promise<void> {
    if (isSending || !link.isUp()) return
    isSending = true
    try {
      for (let [event] = waiting; event; [event] = waiting) {
        await script([STREAM, CHANNEL], [node, JSON.stringify(event), KEEP_MS])
        waiting.shift()
      }
    } catch {
      link.suspect()
    } finally {
      isSending = false
    }
  }

  const unfollow = link.onUp(() => {
    // A Redis that came back with an older snapshot has forgotten them; told twice, they do no harm.
    recent = recent.filter(({ atMs }) => nowMs() - atMs < tokenLifeMs)
    waiting.push(...recent.map(({ event }) => event).filter((event) => !waiting.includes(event)))
    void sendAll()
  })

  return {
    send(event) {
      recent = recent.filter(({ atMs }) => nowMs() - atMs < tokenLifeMs)
      // A topic that is closed without a change of rights has nobody who must not be in it.
      if (event.type !== 'topic-closed') recent.push({ event, atMs: nowMs() })
      waiting.push(event)
      void sendAll()
    },
    stop: unfollow,
  }
}
