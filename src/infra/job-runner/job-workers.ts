import type { Logger } from '../../core/log.ts'
import { holdConnection } from '../postgres/held-connection.ts'

/** The workers of this process, known to the others as long as it lives. */
export type Workers = AsyncDisposable & {
  add(workerId: string): void
  /** Lets other processes have the jobs that these workers have not finished; that attempt does not count. */
  giveBack(): Promise<void>
}

/** Names our locks among the advisory locks of a database; any number that nothing else uses. */
const LOCK_CLASS = 7_230_146
/** How often the dead are looked for: a killed process's jobs wait this long and a little more. */
const SWEEP_MS = 5000
/** A worker may have taken a job before its lock was set; that takes milliseconds. */
const YOUNG = '3 seconds'

/**
 * The queue keeps the jobs of a killed process locked for four hours. So each worker holds an advisory lock on one
 * connection of its process: PostgreSQL lets go of it when the process ends, however it ends, and every process takes
 * the locks off jobs whose worker's lock is free. Jobs bear being run twice, so a connection that breaks does no harm.
 */
export async function watchWorkers(url: string, log: Logger): Promise<Workers> {
  const sql = holdConnection(url, 'jobs')
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
    async giveBack() {
      const ids = [...own]
      await sql.begin(async (tx) => {
        const jobs = await tx`
          update graphile_worker._private_jobs set attempts = greatest(attempts - 1, 0)
          where locked_by = any(${ids}::text[])`
        await tx`select graphile_worker.force_unlock_workers(${ids}::text[])`
        log.warn({ jobs: jobs.count }, 'Jobs that are not finished are given back')
      })
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await sql.end({ timeout: 5 })
    },
  }
}
