import postgres from 'postgres'
import type { Logger } from '../../core/log.ts'

/** The workers of this process, known to the others as long as it lives. */
export type Workers = AsyncDisposable & { add(workerId: string): void }

/** Names our locks among the advisory locks of a database; any number that nothing else uses. */
const LOCK_CLASS = 7_230_146
/** How often the dead are looked for: a killed process's jobs wait this long and a little more. */
const SWEEP_MS = 5000
/** A worker may have taken a job before its lock was set; that takes milliseconds. */
const YOUNG = '3 seconds'
/** A machine that vanished without closing its connection is noticed after this and a few probes of 10 s. */
const KEEPALIVE_IDLE_SECONDS = 30

/**
 * The queue keeps the jobs of a killed process locked for four hours. So each worker holds an advisory lock on one
 * connection of its process: PostgreSQL lets go of it when the process ends, however it ends, and every process takes
 * the locks off jobs whose worker's lock is free. Jobs bear being run twice, so a connection that breaks does no harm.
 */
export async function watchWorkers(url: string, log: Logger): Promise<Workers> {
  const sql = postgres(url, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => {},
    connection: {
      application_name: 'social-flow jobs',
      tcp_keepalives_idle: KEEPALIVE_IDLE_SECONDS,
      tcp_keepalives_interval: 10,
      tcp_keepalives_count: 3,
    },
  })
  const own = new Set<string>()

  /** A lock that is held is only counted once more; after a broken connection it is taken anew. */
  async function hold(ids: readonly string[]): Promise<void> {
    if (ids.length > 0)
      await sql`select pg_try_advisory_lock(${LOCK_CLASS}, hashtext(id)) from unnest(${ids as string[]}::text[]) id`
  }

  async function sweep(): Promise<void> {
    await hold([...own])
    const dead = await sql<{ id: string }[]>`
      select locked_by as id from (
        select distinct locked_by from graphile_worker._private_jobs
        where locked_at < now() - ${YOUNG}::interval and locked_by <> all(${[...own]}::text[])
      ) w where pg_try_advisory_xact_lock(${LOCK_CLASS}, hashtext(locked_by))`
    if (dead.length === 0) return
    await sql`select graphile_worker.force_unlock_workers(${dead.map(({ id }) => id)}::text[])`
    log.warn({ workers: dead.length }, 'Jobs of a process that is gone are run again')
  }

  const complain = (error: unknown) => log.warn({ error }, 'Workers that are gone could not be looked for')
  const timer = setInterval(() => void sweep().catch(complain), SWEEP_MS)
  await sweep()
  return {
    add(workerId) {
      own.add(workerId)
      hold([workerId]).catch(complain)
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await sql.end({ timeout: 5 })
    },
  }
}
