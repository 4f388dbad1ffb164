import { sleep } from '../../../src/core/time.ts'
import { type Swarm, startSwarm } from '../swarm/swarm.ts'
import { percentile } from './histogram.ts'
import { type Spread, spreadOf } from './spread.ts'
import { faultOf, type Measured, measureQuietRound, type System } from './system.ts'

/** Lets the last handshakes, and what the servers do after them, be over. */
const SETTLE_MS = 500

/** A swarm whose clients are all in, and all take turns in saying lines as far as there are accounts. */
export async function openRoom(system: System, sockets: number): Promise<Swarm> {
  const values = (await system.tokens?.()) ?? []
  const senders = Math.min(sockets, values.length || sockets)
  const { ports, conversation } = system
  const swarm = await startSwarm({ ports, sockets, senders, conversation, values })
  try {
    await swarm.open()
    await sleep(SETTLE_MS)
    return swarm
  } catch (error) {
    await swarm[Symbol.asyncDispose]()
    throw error
  }
}

/** What all rounds of one system under one load gave. */
export type RoomFigures = {
  deliveriesPerCpuS: Spread
  p99Ms: Spread
  busyShare: number
  /** Of the most disturbed round. */
  strangersCores: number
  /** CPU time of the swarm for each second of CPU time of the servers. */
  loadPerServerCpu: number
  itemsPerFrame: number
  bytesPerItem: number
  /** Sentences about what did not arrive once and in order. */
  faults: readonly string[]
}

export const p99MsOf = ({ report }: Measured): number => percentile(report.latencyUs, 0.99) / 1000

export function summarize(rounds: readonly Measured[]): RoomFigures {
  const median = (of: (round: Measured) => number) => spreadOf(rounds.map(of)).median
  return {
    deliveriesPerCpuS: spreadOf(rounds.map((round) => round.deliveriesPerCpuS)),
    p99Ms: spreadOf(rounds.map(p99MsOf)),
    busyShare: median(({ busyShare }) => busyShare),
    strangersCores: Math.max(...rounds.map(({ strangersCores }) => strangersCores)),
    loadPerServerCpu: median(({ loadCpuS, cpuS }) => loadCpuS / cpuS),
    itemsPerFrame: median(({ report }) => report.deliveries / report.frames),
    bytesPerItem: median(({ report }) => report.bytes / report.deliveries),
    faults: rounds.flatMap((round) => faultOf(round) ?? []),
  }
}

type Search = {
  fromLinesPerS: number
  toLinesPerS: number
  step: number
  p99LimitMs: number
  durationMs: number
}

/**
 * The highest rate, in steps, at which everything arrives and the 99th percentile keeps its limit; 0 where none does. A rate is
 * tried twice, as somebody else may have needed the machine.
 */
export async function highestRate(system: System, swarm: Swarm, search: Search): Promise<number> {
  const { fromLinesPerS, toLinesPerS, step, p99LimitMs, durationMs } = search
  const isGood = async (linesPerS: number) => {
    const round = await measureQuietRound(system, swarm, { linesPerS, durationMs })
    return !faultOf(round) && p99MsOf(round) <= p99LimitMs
  }
  let highest = 0
  for (let rate = fromLinesPerS; rate <= toLinesPerS; rate *= step) {
    const linesPerS = Math.round(rate)
    if (!(await isGood(linesPerS)) && !(await isGood(linesPerS))) break
    highest = linesPerS
  }
  return highest
}
