import { sleep } from '../../../src/core/time.ts'
import type { ChatMessage } from '../../../src/features/chat/chat.repo.ts'
import type { CrowdMember } from '../../support/crowd.ts'
import {
  judge,
  type Line,
  type Recorder,
  recorder,
  sumVerdicts,
  type Verdict,
} from '../../support/delivery.ts'
import { clientId } from '../../support/person.ts'
import { until } from '../../support/until.ts'
import { createLoadClient, type LoadClient } from './client.ts'

/** New connections per second: below what a gateway takes on half a core. */
const PACE_PER_S = 800
/** Opened in one go: more often than this, timers cost more than they spread. */
const BURST = 40
const SOURCES = 8
/** A token lives for a minute; one that is handed out must be good for the handshake to come. */
const TOKEN_REUSE_MS = 40_000

/** Tokens of one account, made anew only when the last one nears its end, as a client that holds one. */
export function keepToken(member: CrowdMember): () => Promise<string> {
  let held: { token: Promise<string>; atMs: number } | undefined
  return () => {
    if (!held || performance.now() - held.atMs > TOKEN_REUSE_MS)
      held = { token: member.token(), atMs: performance.now() }
    return held.token
  }
}

export type Seat = { member: CrowdMember; client: LoadClient; chat: Recorder<ChatMessage> }

type CrowdOptions = {
  members: readonly CrowdMember[]
  ports: readonly number[]
  streamId: string
  /** Which gateway a member begins at. */
  placeOf: (i: number) => number
  /** What each follows besides the chat. */
  topicsOf?: (member: CrowdMember) => readonly string[]
  /** Of the i-th: it has come back, and so long after its socket was open it had what it had missed. */
  onReplayed?: (tookMs: number, i: number) => void
  /** How many keep what they are told, to be judged; all by default. */
  recorded?: number
}

/** Clients that are in the chat of a stream, opened evenly; answers when all are in and know where the chat stands. */
export async function seatCrowd(options: CrowdOptions): Promise<Seat[]> {
  const { members, ports, streamId, placeOf, topicsOf = () => [], recorded = members.length } = options
  const seats: Seat[] = []
  let joined = 0
  for (const [i, member] of members.entries()) {
    const client = createLoadClient({
      ...{ ports, from: placeOf(i), address: `127.0.0.${1 + (i % SOURCES)}`, token: keepToken(member) },
      onReplayed: (tookMs) => options.onReplayed?.(tookMs, i),
    })
    const chat = recorder<ChatMessage>(({ seq, text }) => (i < recorded ? { order: seq, text } : undefined))
    let isIn = false
    const onStart: typeof chat.listener.onStart = (...args) => {
      if (!isIn) joined++
      isIn = true
      chat.listener.onStart(...args)
    }
    client.follow(`chat:${streamId}`, { ...chat.listener, onStart })
    for (const topic of topicsOf(member)) client.follow(topic, { onItems() {} })
    seats.push({ member, client, chat })
    if (i % BURST === 0) await sleep((BURST * 1000) / PACE_PER_S)
  }
  await until('the crowd to be in', () => joined === members.length)
  return seats
}

export type Talk = {
  acknowledged: Line[]
  /** Says nothing more, and answers once all that was begun is acknowledged. */
  end(): Promise<void>
}

/** A line that is not answered is said again under its own id, as the client package does. */
const REPEAT_PAUSE_MS = 250

/** Lines at an even rate, said in turn, whatever the servers do. */
export function talkAt(seats: readonly Seat[], streamId: string, linesPerS: number): Talk {
  const acknowledged: Line[] = []
  const saying = new Set<Promise<void>>()
  let said = 0

  async function say({ client }: Seat, text: string): Promise<void> {
    const input = { clientId: clientId(), streamId, text }
    for (;;) {
      const ack = await client.ask('chat:send', input)
      if (ack?.ok) return void acknowledged.push({ order: (ack.data as ChatMessage).seq, text })
      if (ack && !ack.error.retry) throw new Error(`A line was refused: ${ack.error.code}`)
      await sleep(REPEAT_PAUSE_MS)
    }
  }
  const timer = setInterval(() => {
    const seat = seats[said++ % seats.length]
    if (!seat) return
    const one = say(seat, `line ${said}`)
    saying.add(one)
    void one.finally(() => saying.delete(one))
  }, 1000 / linesPerS)
  return {
    acknowledged,
    async end() {
      clearInterval(timer)
      await Promise.all(saying)
    },
  }
}

/** Waits for the last line everywhere, then compares every log with what was acknowledged. */
export async function judgeCrowd(
  seats: readonly Seat[],
  { acknowledged }: Talk,
  limitMs: number,
): Promise<Verdict> {
  const last = Math.max(0, ...acknowledged.map(({ order }) => order))
  // Who does not get there is judged all the same: the verdict says what is missing.
  await until(
    'the last line everywhere',
    () => seats.every(({ chat }) => chat.last() >= last),
    limitMs,
  ).catch(() => {})
  return sumVerdicts(seats.map(({ chat }) => judge(chat.told, acknowledged)))
}

/** The value that `share` of all do not exceed. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN

/** What follows `--name=` among the options of a program. */
export const numberOption = (options: readonly string[], name: string, fallback: number): number =>
  Number(options.find((option) => option.startsWith(`--${name}=`))?.split('=')[1] ?? fallback)
