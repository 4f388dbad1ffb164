import type { Logger } from '../../core/log.ts'
import { holdConnection } from './held-connection.ts'

/** Whether this process is the one of its kind that does something. */
export type Leadership = AsyncDisposable & { isLeader(): boolean }

/** Names our locks among the advisory locks of a database; any number that nothing else uses. */
const LOCK_CLASS = 7_230_147
/** How long nobody leads after a leader died. */
const CHECK_MS = 1000

type Deps = {
  url: string
  /** What is led: processes that name the same compete. */
  name: string
  log: Logger
  onChange: (isLeader: boolean) => void
}

/**
 * Of all processes one leads, by an advisory lock on a connection of its own: PostgreSQL lets go of it when the process
 * ends, however it ends. A leader that was cut off may lead a moment longer than it knows, so what it does must bear being
 * done twice.
 */
export async function leadOne({ url, name, log, onChange }: Deps): Promise<Leadership> {
  const sql = holdConnection(url, name)
  /** The connection that holds the lock; another one does not. */
  let holder: number | undefined

  async function check(): Promise<void> {
    const [row] = await sql<{ pid: number; has: boolean }[]>`
      select pid, case when pid = ${holder ?? 0} then true
        else pg_try_advisory_lock(${LOCK_CLASS}, hashtext(${name})) end as has
      from (select pg_backend_pid() as pid) p`
    change(row?.has ? row.pid : undefined)
  }

  function change(next: number | undefined): void {
    const isNews = (holder === undefined) !== (next === undefined)
    holder = next
    if (!isNews) return
    log.info({ name, leads: next !== undefined }, 'Leadership changed')
    onChange(next !== undefined)
  }

  const timer = setInterval(() => {
    check().catch((error: unknown) => {
      log.warn({ name, error }, 'Whether this process leads can not be told; it does not')
      change(undefined)
    })
  }, CHECK_MS)
  await check()
  return {
    isLeader: () => holder !== undefined,
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await sql.end({ timeout: 5 })
    },
  }
}
