import { newId } from '../../src/core/ids.ts'
import type { Logger } from '../../src/core/log.ts'
import { SECOND_MS } from '../../src/core/time.ts'
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
  /** Not moved by setting the clock. */
  nowMs: () => number
  onEvent: (event: ControlEvent) => void
  /** More was missed than is kept: who is here must be judged anew. */
  onLost: () => void
}

/** An event that was under way while a node looked at the time of Redis. */
const MARGIN_MS = 30_000
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
  /** Position of the newest event that was read; unknown until Redis has told its time, which positions are made of. */
  let last: string | undefined
  /** False at every return of Redis: it may be another one. */
  let isPlaceSure = false
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

  /** Where to read from: after what was read, unless that is of a Redis whose clock was ahead of this one's. */
  async function beginning(): Promise<string> {
    const [seconds] = await link.commands.time()
    const nowMs = Number(seconds) * SECOND_MS
    isPlaceSure = true
    if (last !== undefined && Number.parseInt(last, 10) < nowMs + SECOND_MS) return last
    return `${nowMs - tokenLifeMs - MARGIN_MS}-0`
  }

  async function readToEnd(): Promise<void> {
    let from = last !== undefined && isPlaceSure ? last : await beginning()
    for (;;) {
      const found: [string, string[]][] = await link.commands.xrange(
        ...([STREAM, `(${from}`, '+', 'COUNT', READ_MAX_EVENTS] as const),
      )
      for (const [id, fields] of found) {
        from = id
        if (fields[1] !== node) handle(fields[3] ?? '')
      }
      last = from
      if (found.length < READ_MAX_EVENTS) return
    }
  }

  function handle(json: string): void {
    const parsed = Event.safeParse(JSON.parse(json))
    if (parsed.success) deps.onEvent(parsed.data)
    else log.warn({ event: json }, 'Another node told something that this version does not know')
  }

  const unfollowUp = link.onUp(() => {
    isPlaceSure = false
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
