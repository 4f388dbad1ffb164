import { newId } from '../../src/core/ids.ts'
import type { Logger } from '../../src/core/log.ts'
import type { RedisLink } from '../../src/infra/redis/client.ts'
import { CHANNEL, type ControlEvent, createControlSender, Event, KEEP_MS, STREAM } from './sender.ts'

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

/** Clocks of nodes and Redis differ by less, or tokens would not work either. */
const CLOCK_SKEW_MS = 30_000
const READ_MAX_EVENTS = 500

/**
 * What must reach every node for certain, as a sequence with positions in Redis; the channel only says that there is
 * something new. A node reads from its position, so it has missed nothing once it has read.
 *
 *   behind ──read to the end──▶ current ──Redis away──▶ behind
 */
export async function createControl(deps: Deps): Promise<Control> {
  const { link, log, tokenLifeMs, nowMs } = deps
  const node = newId().slice(-12)
  const sender = createControlSender({ link, node, tokenLifeMs, nowMs })
  let last = `${nowMs() - tokenLifeMs - CLOCK_SKEW_MS}-0`
  let readAtMs = nowMs()
  let isCurrent = false
  let isReading = false
  let isNewThere = false

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

  const unfollowUp = link.onUp(() => {
    if (nowMs() - readAtMs > KEEP_MS) deps.onLost()
    void read()
  })
  const unfollowDown = link.onDown(() => {
    isCurrent = false
  })
  await link.subscribe(CHANNEL, () => void read()).catch(() => {})
  await read()

  return {
    send: sender.send,
    isCurrent: () => isCurrent,
    stop() {
      sender.stop()
      unfollowUp()
      unfollowDown()
      link.unsubscribe(CHANNEL)
    },
  }
}
