import { SECOND_MS } from '../../../src/core/time.ts'
import type { Conversation } from '../swarm/conversation.ts'
import type { RoundReport, Swarm } from '../swarm/swarm.ts'
import { type CpuSeconds, cpuOf, familyCpuOf, machineBusyS, secondsBetween } from './proc.ts'

/** A process whose CPU time is counted. */
export type ServerProcess = { name: string; pid: number }

/** What is put under load: the product or one of its peers, running. */
export type System = AsyncDisposable & {
  name: string
  /** Where its sockets are, one port per node. */
  ports: readonly number[]
  /** Its nodes, and its Redis where it has one: what deliveries are divided by. */
  servers: readonly ServerProcess[]
  conversation: Conversation
  /** Of the product: tokens that are valid for a minute. */
  tokens?: () => Promise<readonly string[]>
}

/** One round as the swarm saw it, and what the servers used for it. */
export type Measured = {
  report: RoundReport
  cpu: readonly { name: string; userS: number; systemS: number }[]
  /** All servers together. */
  cpuS: number
  /** The swarm. */
  loadCpuS: number
  deliveriesPerCpuS: number
  /** How much of the core that they share the servers used. */
  busyShare: number
  /** How many cores others on this machine used meanwhile: neither the system, nor its database, nor the load. */
  strangersCores: number
}

/** Runs one round against a system, and counts what its processes used from its first line to its last delivery. */
async function measureRound(
  system: System,
  swarm: Swarm,
  load: Parameters<Swarm['round']>[0],
): Promise<Measured> {
  const read = () => Promise.all(system.servers.map(({ pid }) => cpuOf(pid)))
  const before = await read()
  const loadBefore = await swarm.cpu()
  const strangersBefore = await strangersS()
  const report = await swarm.round(load)
  const after = await read()
  const othersS = (await strangersS()) - strangersBefore
  const loadCpuS = secondsBetween(loadBefore, report)
  const cpu = system.servers.map(({ name }, i) => ({ name, ...difference(before[i], after[i]) }))
  const cpuS = cpu.reduce((sum, { userS, systemS }) => sum + userS + systemS, 0)
  const tookS = report.tookMs / SECOND_MS
  return {
    ...{ report, cpu, cpuS, loadCpuS, deliveriesPerCpuS: report.deliveries / cpuS },
    busyShare: cpuS / tookS,
    strangersCores: Math.max(0, othersS) / tookS,
  }
}

/** What everybody who does not descend from this process has used of the machine. */
async function strangersS(): Promise<number> {
  const { userS, systemS } = await familyCpuOf(process.pid)
  return (await machineBusyS()) - userS - systemS
}

/** More than this of a core, and figures tell of others: caches, and waiting for the core. */
const STRANGERS_MAX_CORES = 0.1
const QUIET_ATTEMPTS = 3

/** A round that others disturbed is repeated; of three such rounds the least disturbed counts. */
export async function measureQuietRound(...args: Parameters<typeof measureRound>): Promise<Measured> {
  let quietest: Measured | undefined
  for (let attempt = 0; attempt < QUIET_ATTEMPTS; attempt++) {
    const round = await measureRound(...args)
    if (!quietest || round.strangersCores < quietest.strangersCores) quietest = round
    if (quietest.strangersCores <= STRANGERS_MAX_CORES) break
  }
  return quietest as Measured
}

const difference = (before?: CpuSeconds, after?: CpuSeconds): CpuSeconds => ({
  userS: (after?.userS ?? Number.NaN) - (before?.userS ?? Number.NaN),
  systemS: (after?.systemS ?? Number.NaN) - (before?.systemS ?? Number.NaN),
})

/** Everything accepted has arrived everywhere, once and in order; else a sentence about what did not. */
export function faultOf({ report }: Measured): string | undefined {
  const { lines, acked, refused, refusal, missing, doubled, disordered, closed } = report
  if (acked + missing + doubled + disordered + closed === lines) return undefined
  return (
    `of ${lines} lines ${acked} were accepted and ${refused} refused${refusal && ` (${refusal})`}; ` +
    `${missing} deliveries missing, ${doubled} doubled, ${disordered} out of order, ${closed} sockets lost`
  )
}
