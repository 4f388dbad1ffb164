import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Histogram } from '../measure/histogram.ts'
import { type CpuSeconds, cpuOf } from '../measure/proc.ts'
import { LOAD_CORE } from '../measure/program.ts'
import { swarmBinary } from './binary.ts'
import type { Conversation } from './conversation.ts'

type SwarmPlan = {
  ports: readonly number[]
  sockets: number
  /** The first this many sockets say the lines, in turn. */
  senders: number
  conversation: Conversation
  /** Client i has value i % length. */
  values?: readonly string[]
  /** New connections per second. */
  pacePerS?: number
}

type OpenReport = { sockets: number; failed: number; tookMs: number; failure: string }

/** What came of the lines of one round. */
export type RoundReport = {
  sockets: number
  /** Sockets that were lost since the beginning. */
  closed: number
  /** Said; accepted by the server; refused by it (the rest got no answer in time). */
  lines: number
  acked: number
  refused: number
  /** The first refusal as it came. */
  refusal: string
  /** Lines that arrived, over all sockets; a line that comes again counts as doubled. */
  deliveries: number
  /** Accepted lines that a socket did not get. */
  missing: number
  doubled: number
  disordered: number
  /** Lines of earlier rounds. */
  strays: number
  /** Frames with lines of this round, and the bytes in them. */
  frames: number
  bytes: number
  tookMs: number
  /** CPU time of the swarm since its start. */
  userS: number
  systemS: number
  /** From the moment a line was due to its arrival, and to its answer. */
  latencyUs: Histogram
  answerUs: Histogram
}

export type Swarm = AsyncDisposable & {
  /** Connects all; throws where one did not become ready. */
  open(): Promise<OpenReport>
  /** Says lines at this rate, and ends as soon as all have arrived, at the latest `drainMs` after the last one. */
  round(load: { linesPerS: number; durationMs: number; drainMs?: number }): Promise<RoundReport>
  /** Sockets that are ready now. */
  sockets(): Promise<number>
  /** What it has used itself. */
  cpu(): Promise<CpuSeconds>
}

/** Source addresses 127.0.0.1 to 127.0.0.8: each has 28 000 ports, and the kernel finds one faster where few are taken. */
const SOURCES = 8
/** Below what any of the servers here can take on half a core. */
const PACE_PER_S = 1500
const DRAIN_MS = 3000
const LINE_BYTES = 200

/** A crowd of clients in a process of its own; see test/load/swarm/swarm.h. */
export async function startSwarm(plan: SwarmPlan): Promise<Swarm> {
  const binary = await swarmBinary()
  const child = spawn('taskset', ['-c', String(LOAD_CORE), binary], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ask = createAsking(child)
  child.stdin?.write(planText(plan))
  return {
    async open() {
      const report = (await ask('open', 'open')) as OpenReport
      if (report.failed > 0)
        throw new Error(`${report.failed} of ${plan.sockets} sockets did not open: ${report.failure}`)
      return report
    },
    round: async ({ linesPerS, durationMs, drainMs = DRAIN_MS }) =>
      (await ask(`round ${linesPerS} ${durationMs} ${drainMs}`, 'round')) as RoundReport,
    cpu: () => cpuOf(child.pid ?? 0),
    sockets: async () => ((await ask('status', 'status')) as { sockets: number }).sockets,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      child.stdin?.end()
      await exit
    },
  }
}

/** Sends a command and answers the event that it ends with. */
function createAsking(child: ChildProcess): (command: string, event: string) => Promise<unknown> {
  const waiting = new Map<string, (report: unknown) => void>()
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const report = JSON.parse(line) as { event: string }
      waiting.get(report.event)?.(report)
      waiting.delete(report.event)
    })
  }
  // Its last words are on standard error.
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`The load generator ended with ${code}.`)
  })
  gone.catch(() => {})
  return (command, event) => {
    const answer = new Promise((resolve) => waiting.set(event, resolve))
    child.stdin?.write(`${command}\n`)
    return Promise.race([answer, gone])
  }
}

/** The plan in the words of test/load/swarm/plan.c. */
function planText({
  ports,
  sockets,
  senders,
  conversation,
  values = [],
  pacePerS = PACE_PER_S,
}: SwarmPlan): string {
  const { path, steps, ping, items, order, answer, line } = conversation
  const lines = [
    ...ports.map((port) => `port ${port}`),
    ...values.map((value) => `value ${value}`),
    ...steps.map((step) =>
      'send' in step ? `send ${step.send}` : `expect ${step.expect}\t${step.containing}`,
    ),
    ...(ping ? [`ping ${ping.question}\t${ping.answer}`] : []),
    ...(order ? [`order ${order}`] : []),
    `sources ${SOURCES}`,
    `sockets ${sockets}`,
    `pace ${pacePerS}`,
    `path ${path}`,
    `items ${items}`,
    `answer ${answer.prefix}\t${answer.containing}`,
    `senders ${senders}`,
    `text-bytes ${LINE_BYTES}`,
    `line ${line}`,
  ]
  return `${lines.join('\n')}\n`
}
