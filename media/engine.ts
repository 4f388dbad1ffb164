import type { Config } from '../src/config.ts'
import { AppError } from '../src/core/errors.ts'
import type { Logger } from '../src/core/log.ts'
import type { MediaStatus } from './client/control.ts'
import type { WorkerBinary } from './worker-binary/worker-binary.ts'
import { createWorkerPool, type PoolWorker, type WorkerPool } from './workers.ts'

/**
 * What runs the rooms: a worker binary, and the workers that are started from it.
 *
 * preparing → ready ⇄ unavailable (all workers are down for the moment)
 * preparing → unavailable (there is no binary and none can be had: final, its message says what is missing)
 */
export type Engine = AsyncDisposable & {
  /** Looks for the binary and starts the workers in the background. */
  begin(): void
  status(): MediaStatus
  /** The worker with the least to do. Throws `unavailable` with the status's sentence while there is none. */
  worker(): PoolWorker
  workers(): PoolWorker[]
}

type Deps = {
  config: Config
  log: Logger
  workerBinary: WorkerBinary
  onStatus(status: MediaStatus): void
  onLost(lost: PoolWorker): void
}

const READY: MediaStatus = { state: 'ready', message: 'Live video is available.', progress: null }
const RESTARTING: MediaStatus = {
  state: 'unavailable',
  message: 'Live video is being restarted; it is back in a moment.',
  progress: null,
}

export function createEngine(deps: Deps): Engine {
  const { config, log, workerBinary } = deps
  let status: MediaStatus = { state: 'preparing', message: 'Live video is being prepared.', progress: null }
  let pool: WorkerPool | undefined
  let isDisposed = false

  const setStatus = (next: MediaStatus) => {
    const isSame =
      next.state === status.state && next.message === status.message && next.progress === status.progress
    if (isSame || isDisposed) return
    if (next.state !== status.state) log.info({ state: next.state }, next.message)
    status = next
    deps.onStatus(next)
  }

  const prepare = async (): Promise<void> => {
    const path = await workerBinary.obtain((step) => setStatus({ state: 'preparing', ...step }))
    if (isDisposed) return
    pool = createWorkerPool({
      config,
      log,
      workerBinary: path,
      onLost: deps.onLost,
      onChange: (alive) => setStatus(alive > 0 ? READY : RESTARTING),
    })
    await pool.start()
  }

  return {
    begin() {
      prepare().catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error)
        if (!isDisposed) log.warn({ error }, 'Live video is not available.')
        setStatus({ state: 'unavailable', message, progress: null })
      })
    },
    status: () => status,
    worker() {
      const worker = pool?.leastLoaded()
      if (!worker) throw new AppError('unavailable', status.message)
      return worker
    },
    workers: () => pool?.all() ?? [],
    async [Symbol.asyncDispose]() {
      isDisposed = true
      await workerBinary[Symbol.asyncDispose]()
      await pool?.[Symbol.asyncDispose]()
    },
  }
}
