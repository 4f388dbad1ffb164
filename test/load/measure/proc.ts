import { readdir, readFile } from 'node:fs/promises'

/** CPU time that a process has used. */
export type CpuSeconds = { userS: number; systemS: number }

/** USER_HZ: what Linux counts /proc/PID/stat in, on every platform that Node.js runs on. */
const TICKS_PER_S = 100
const BYTES_PER_KB = 1024

/** Of /proc/PID/stat (proc(5)). The name in it may hold spaces and brackets, so that fields count from its last bracket. */
export function parseStat(text: string): CpuSeconds & { parentPid: number } {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  // Fields 4, 14 and 15 of the manual, whose third is the first one here.
  const [parentPid, user, system] = [fields[1], fields[11], fields[12]].map(Number)
  if (parentPid === undefined || user === undefined || !Number.isFinite(system))
    throw new Error('/proc/PID/stat does not have its form.')
  return { parentPid, userS: user / TICKS_PER_S, systemS: (system ?? 0) / TICKS_PER_S }
}

/** Of /proc/PID/smaps_rollup: the memory of a process, with what it shares counted by its share. */
export function parsePss(text: string): number {
  const kb = text.match(/^Pss:\s*(\d+) kB/m)?.[1]
  if (kb === undefined) throw new Error('/proc/PID/smaps_rollup does not have its form.')
  return Number(kb) * BYTES_PER_KB
}

/** Of /proc/PID/status: the memory of a process, with all that it shares. */
export function parseRss(text: string): number {
  const kb = text.match(/^VmRSS:\s*(\d+) kB/m)?.[1]
  if (kb === undefined) throw new Error('/proc/PID/status does not have its form.')
  return Number(kb) * BYTES_PER_KB
}

/** Of /proc/stat: how long all cores together have worked, for whomever. */
export function parseMachineBusyS(text: string): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith('cpu '))
  if (!line) throw new Error('/proc/stat does not have its form.')
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, steal = 0] = line
    .split(/ +/)
    .slice(1)
    .map(Number)
  return (user + nice + system + irq + softIrq + steal) / TICKS_PER_S
}

export const machineBusyS = async (): Promise<number> =>
  parseMachineBusyS(await readFile('/proc/stat', 'utf8'))

export async function cpuOf(pid: number): Promise<CpuSeconds> {
  const { userS, systemS } = parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'))
  return { userS, systemS }
}

export const pssBytesOf = async (pid: number): Promise<number> =>
  parsePss(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'))

export const rssBytesOf = async (pid: number): Promise<number> =>
  parseRss(await readFile(`/proc/${pid}/status`, 'utf8'))

/** A process and all that descend from it. */
export async function familyOf(rootPid: number): Promise<number[]> {
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc')) {
    const stat = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '') : ''
    if (stat) parents.set(Number(name), parseStat(stat).parentPid)
  }
  const isOurs = (pid: number): boolean =>
    pid === rootPid || (parents.has(pid) && isOurs(parents.get(pid) ?? 0))
  return [...parents.keys()].filter(isOurs)
}

/** CPU time of a process and of those of its descendants that are alive. */
export async function familyCpuOf(rootPid: number): Promise<CpuSeconds> {
  const all = await Promise.all(
    (await familyOf(rootPid)).map((pid) => cpuOf(pid).catch(() => ({ userS: 0, systemS: 0 }))),
  )
  return all.reduce(
    (sum, { userS, systemS }) => ({ userS: sum.userS + userS, systemS: sum.systemS + systemS }),
    {
      userS: 0,
      systemS: 0,
    },
  )
}

export const secondsBetween = (before: CpuSeconds, after: CpuSeconds): number =>
  after.userS + after.systemS - before.userS - before.systemS
