import { readdir, readFile } from 'node:fs/promises'

/** Process ids of the SFU workers of a server. */
export async function mediaWorkersOf(serverPid: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      const parent = Number(status.match(/^PPid:\s*(\d+)/m)?.[1])
      return parent === serverPid && command.includes('mediasoup-worker') ? Number(pid) : undefined
    }),
  )
  return found.filter((pid) => pid !== undefined)
}
