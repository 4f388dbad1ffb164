import { z } from 'zod'
import { newId } from '../../src/core/ids.ts'
import type { Logger } from '../../src/core/log.ts'
import type { RedisLink } from '../../src/infra/redis/client.ts'
import { defineScript } from '../../src/infra/redis/script.ts'

const Event = z.discriminatedUnion('type', [
  /** A login session has ended: its sockets end, its tokens admit nobody. */
  z.object({ type: z.literal('login-ended'), loginSessionId: z.string() }),
  /** Members are put out of a topic; without `viewers`, all of them. */
  z.object({
    type: z.literal('topic-closed'),
    topic: z.string(),
    code: z.enum(['forbidden', 'not_found', 'ended']),
    viewers: z.array(z.string()).optional(),
  }),
])
export type ControlEvent = z.output<typeof Event>

export type Control = {
  /** Tells all other nodes. While Redis is away it waits. */
  send(event: ControlEvent): void
  /** Whether everything that others told is known here: nobody may be admitted before. */
  isCurrent(): boolean
  stop(): void
}

type Deps = {
  link: RedisLink
  log: Logger
  /** As long as a token: what ended before has no tokens left. */
  tokenLifeMs: number
  nowMs: () => number
  onEvent: (event: ControlEvent) => void
  /** More was missed than is kept: who is here must be judged anew. */
  onLost: () => void
}

const STREAM = 'flow:{control}:events'
const CHANNEL = 'flow:{control}:new'
/** A gateway that was without Redis for longer starts from nothing. */
const KEEP_MS = 60 * 60_000
/** Clocks of nodes and Redis differ by less, or tokens would not work either. */
const CLOCK_SKEW_MS = 30_000
const READ_MAX_EVENTS = 500

/** KEYS: stream, channel. ARGV: node, event, milliseconds to keep. Positions are times of the Redis server. */
const SEND = `
local time = redis.call('TIME')
local oldest = time[1] * 1000 - ARGV[3]
redis.call('XADD', KEYS[1], 'MINID', '~', string.format('%d', oldest), '*', 'node', ARGV[1], 'event', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3] * 2)
return redis.call('SPUBLISH', KEYS[2], ARGV[1])`

/**
 * What must reach every node for certain, as a sequence with positions in Redis; the channel only says that there is
 * something new. A node reads from its position, so it has missed nothing once it has read.
 *
 *   behind ──read to the end──▶ current ──Redis away──▶ behind
 */
export async function createControl(deps: Deps): Promise<Control> {
  const { link, log, tokenLifeMs, nowMs } = deps
  const node = newId().slice(-12)
  const sendScript = defineScript(link, 'flowControl', 2, SEND)
  const waiting: ControlEvent[] = []
  let recent: { event: ControlEvent; atMs: number }[] = []
  let last = `${nowMs() - tokenLifeMs - CLOCK_SKEW_MS}-0`
  let readAtMs = nowMs()
  let isCurrent = false
  let isReading = false
  let isNewThere = false
  let isSending = false

  async function read(): Promise<void> {
    isNewThere = true
    if (isReading || !link.isUp()) return
    isReading = true
    try {
      while (isNewThere) {
        isNewThere = false
        await readToEnd()
      }
      isCurrent = link.isUp()
      readAtMs = nowMs()
    } catch {
      link.suspect()
    } finally {
      isReading = false
    }
  }

  async function readToEnd(): Promise<void> {
    for (;;) {
      const entries = await link.commands.xrange(STREAM, `(${last}`, '+', 'COUNT', READ_MAX_EVENTS)
      for (const [id, fields] of entries) {
        last = id
        if (fields[1] !== node) handle(fields[3] ?? '')
      }
      if (entries.length < READ_MAX_EVENTS) return
    }
  }

  function handle(json: string): void {
    const parsed = Event.safeParse(JSON.parse(json))
    if (parsed.success) deps.onEvent(parsed.data)
    else log.warn({ event: json }, 'Another node told something that this version does not know')
  }

  async function sendAll(): Promise<void> {
    if (isSending || !link.isUp()) return
    isSending = true
    try {
      for (let [event] = waiting; event; [event] = waiting) {
        await sendScript([STREAM, CHANNEL], [node, JSON.stringify(event), KEEP_MS])
        waiting.shift()
      }
    } catch {
      link.suspect()
    } finally {
      isSending = false
    }
  }

  const unfollowUp = link.onUp(() => {
    const now = nowMs()
    if (now - readAtMs > KEEP_MS) deps.onLost()
    // A Redis that came back with an older snapshot has forgotten them; told twice, they do no harm.
    recent = recent.filter(({ atMs }) => now - atMs < tokenLifeMs)
    waiting.push(...recent.map(({ event }) => event).filter((event) => !waiting.includes(event)))
    void read()
    void sendAll()
  })
  const unfollowDown = link.onDown(() => {
    isCurrent = false
  })
  await link.subscribe(CHANNEL, () => void read()).catch(() => {})
  await read()

  return {
    send(event) {
      if (event.type === 'login-ended') recent.push({ event, atMs: nowMs() })
      recent = recent.filter(({ atMs }) => nowMs() - atMs < tokenLifeMs)
      waiting.push(event)
      void sendAll()
    },
    isCurrent: () => isCurrent,
    stop() {
      unfollowUp()
      unfollowDown()
      link.unsubscribe(CHANNEL)
    },
  }
}
