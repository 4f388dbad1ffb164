import type postgres from 'postgres'
import { AppError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import { SECOND_MS, sleep, steadyMs } from '../../core/time.ts'
import { holdConnection } from './held-connection.ts'

/** Keeps these apart from other advisory locks of a database; any number that nothing else uses. */
const SEED = 7_230_148
/** Holders are told here that somebody wants what they have. */
const CHANNEL = 'social_flow_locks'
/** A holder goes within a second or two; one that does not has hung. */
const WAIT_MS = 15 * SECOND_MS
/** How often it is tried again, and who has it is asked again to let go. */
const TRY_MS = 50

/** Whoever has it is to let go of it soon. */
type RequestRelease = () => Promise<void> | void

/** As `Lock` of the tus server: waits, telling whoever has it to let go. Errors: `conflict` with `{ reason: 'locked' }`. */
type RequestLock = {
  lock(signal: AbortSignal, requestRelease: RequestRelease): Promise<void>
  unlock(): Promise<void>
}

export type RequestLocks = AsyncDisposable & {
  newLock(name: string): RequestLock
  /** Does something that nobody else does meanwhile. */
  holding<T>(name: string, work: () => Promise<T>): Promise<T>
}

/**
 * Locks over all processes for as long as a request lasts. They are PostgreSQL's advisory locks on one connection of this
 * process, so they end with it, however it ends; within the process a map tells its requests apart, which share that
 * connection. Who wants a lock asks its holder over NOTIFY to go. Where the connection is lost, the locks are: everybody
 * here is told to let go at once. Nothing is connected before the first lock.
 */
export function createRequestLocks({ url, log }: { url: string; log: Logger }): RequestLocks {
  const held = new Map<string, RequestRelease>()
  let connection: Promise<postgres.Sql> | undefined

  async function connect(): Promise<postgres.Sql> {
    const sql = holdConnection(url, 'locks', () => {
      if (held.size > 0) log.warn({ locks: held.size }, 'The connection that holds locks was lost')
      for (const requestRelease of held.values()) void requestRelease()
    })
    await sql.listen(CHANNEL, (name) => void held.get(name)?.())
    return sql
  }

  function connected(): Promise<postgres.Sql> {
    connection ??= connect().catch((error: unknown) => {
      connection = undefined
      throw error
    })
    return connection
  }

  async function attempt(name: string, requestRelease: RequestRelease): Promise<boolean> {
    const holder = held.get(name)
    if (holder) {
      await holder()
      return false
    }
    held.set(name, requestRelease)
    let isHeld = false
    try {
      const sql = await connected()
      const [row] = await sql<{ has: boolean }[]>`
        select pg_try_advisory_lock(hashtextextended(${name}, ${SEED})) as has`
      isHeld = row?.has === true
      if (!isHeld) await sql`select pg_notify(${CHANNEL}, ${name})`
    } finally {
      if (!isHeld) held.delete(name)
    }
    return isHeld
  }

  const newLock = (name: string): RequestLock => ({
    async lock(signal, requestRelease) {
      const startedMs = steadyMs()
      while (!(await attempt(name, requestRelease))) {
        if (signal.aborted || steadyMs() - startedMs > WAIT_MS)
          throw new AppError('conflict', 'Another request is writing this file.', { reason: 'locked' })
        await sleep(TRY_MS)
      }
    },
    async unlock() {
      try {
        const sql = await connected()
        await sql`select pg_advisory_unlock(hashtextextended(${name}, ${SEED}))`
      } catch (error) {
        // The connection is gone, and the lock with it.
        log.warn({ error }, 'A lock could not be given back')
      } finally {
        held.delete(name)
      }
    },
  })

  return {
    newLock,
    async holding(name, work) {
      const lock = newLock(name)
      await lock.lock(AbortSignal.timeout(WAIT_MS), () => {})
      try {
        return await work()
      } finally {
        await lock.unlock()
      }
    },
    async [Symbol.asyncDispose]() {
      const sql = await connection?.catch(() => undefined)
      await sql?.end({ timeout: 5 })
    },
  }
}
