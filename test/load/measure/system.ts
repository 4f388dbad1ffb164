import type { Conversation } from './conversation.ts'
import { type CpuSeconds, cpuOf, secondsBetween } from './proc.ts'
import type { RoundReport, Swarm } from './swarm.ts'

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
}

/** Runs one round against a system, and counts what its processes used from its first line to its last delivery. */
export async function measureRound(
  system: System,
  swarm: Swarm,
  load: Parameters<Swarm['round']>[0],
): Promise<Measured> {
  const read = () => Promise.all(system.servers.map(({ pid }) => cpuOf(pid)))
  const before = await read()
  const loadBefore = await swarm.cpu()
  const report = await swarm.round(load)
  const after = await read()
  const loadCpuS = secondsBetween(loadBefore, report)
  const cpu = system.servers.map(({ name }, i) => ({ name, ...difference(before[i], after[i]) }))
  const cpuS = cpu.reduce((sum, { userS, systemS }) => sum + userS + systemS, 0)
  return { report, cpu, cpuS, loadCpuS, deliveriesPerCpuS: report.deliveries / cpuS }
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
