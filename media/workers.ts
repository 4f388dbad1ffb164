import { networkInterfaces } from 'node:os'
import { createWorker, type types } from 'mediasoup'
import type { Config } from '../src/config.ts'
import type { Logger } from '../src/core/log.ts'
import { SECOND_MS } from '../src/core/time.ts'
import { listenInfos } from './rules/listen.ts'

/** A mediasoup worker process with the ports that all its transports share. */
export type PoolWorker = {
  readonly index: number
  readonly worker: types.Worker
  readonly server: types.WebRtcServer
  /** Transports that run on it; whoever opens and closes them counts. */
  load: number
}

export type WorkerPool = AsyncDisposable & {
  /** Starts every worker; throws if not even one would start. */
  start(): Promise<void>
  /** The one with the fewest transports; undefined while none is alive. */
  leastLoaded(): PoolWorker | undefined
  all(): PoolWorker[]
}

type Deps = {
  config: Pick<Config, 'MEDIA_WORKERS' | 'MEDIA_PORT' | 'MEDIA_LISTEN_IP' | 'MEDIA_ANNOUNCED_ADDRESS'>
  log: Logger
  workerBinary: string
  /** A worker ended by itself; what ran on it is closed already. */
  onLost(lost: PoolWorker): void
  /** The number of living workers changed. */
  onChange(alive: number): void
}

/** A worker that ends sooner than this died at birth: its replacement waits. */
const BIRTH_MS = 5 * SECOND_MS
/** First wait after a death at birth; each further one doubles it. */
const FIRST_WAIT_MS = SECOND_MS / 2
/** Longest wait: a machine that recovers is noticed within half a minute. */
const LONGEST_WAIT_MS = 30 * SECOND_MS
/** How many ports are tried after the wanted one: a few other servers on one machine, not a scan. */
const PORT_ATTEMPTS = 100
/** How long a closed worker may take to exit before disposal goes on without it. */
const EXIT_WAIT_MS = 2 * SECOND_MS

/** One worker process per slot, replaced when it dies. */
export function createWorkerPool(deps: Deps): WorkerPool {
  const alive = new Map<number, PoolWorker>()
  const waiting = new Map<number, NodeJS.Timeout>()
  let isDisposed = false

  const spawn = async (index: number, earlyDeaths: number): Promise<void> => {
    const made = await startWorker(deps, index)
    if (isDisposed) return made.worker.close()
    const bornAt = performance.now()
    alive.set(index, made)
    deps.log.info({ worker: index, pid: made.worker.pid, port: portOf(made) }, 'A media worker is up.')
    made.worker.on('died', (error) => {
      alive.delete(index)
      deps.log.error({ worker: index, error }, 'A media worker died; it is replaced.')
      const early = performance.now() - bornAt < BIRTH_MS ? earlyDeaths + 1 : 0
      // Replaced before anybody is told, so that whoever attaches anew finds it as soon as it can be.
      respawn(index, early)
      deps.onLost(made)
      deps.onChange(alive.size)
    })
    deps.onChange(alive.size)
  }

  /** The first death is replaced at once, also an early one; only repeated ones wait. */
  const respawn = (index: number, earlyDeaths: number): void => {
    if (isDisposed) return
    const waitMs = earlyDeaths < 2 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (earlyDeaths - 2), LONGEST_WAIT_MS)
    const timer = setTimeout(() => {
      waiting.delete(index)
      spawn(index, earlyDeaths).catch((error: unknown) => {
        deps.log.error({ worker: index, error }, 'A media worker could not be started; it is tried again.')
        respawn(index, earlyDeaths + 1)
      })
    }, waitMs)
    waiting.set(index, timer)
  }

  return {
    async start() {
      const slots = Array.from({ length: deps.config.MEDIA_WORKERS }, (_, index) => index)
      const results = await Promise.allSettled(slots.map((index) => spawn(index, 0)))
      const failed = results.flatMap((result, index) =>
        result.status === 'rejected' ? [{ index, reason: result.reason as unknown }] : [],
      )
      const [first] = failed
      if (first && failed.length === slots.length) throw first.reason
      for (const { index, reason } of failed) {
        deps.log.error(
          { worker: index, error: reason },
          'A media worker could not be started; it is tried again.',
        )
        respawn(index, 2)
      }
    },
    leastLoaded: () => [...alive.values()].sort((a, b) => a.load - b.load)[0],
    all: () => [...alive.values()],
    async [Symbol.asyncDispose]() {
      isDisposed = true
      for (const timer of waiting.values()) clearTimeout(timer)
      const workers = [...alive.values()]
      alive.clear()
      await Promise.all(workers.map(({ worker }) => closeWorker(worker)))
    },
  }
}

const portOf = (made: PoolWorker): number => (made.server.appData as { port: number }).port

/**
 * A worker that goes on when this process is asked to end: mediasoup would close it at once, and with it all that people watch,
 * before anybody was sent elsewhere.
 */
async function createLastingWorker(settings: Parameters<typeof createWorker>[0]): Promise<types.Worker> {
  const worker: types.Worker & { onSignal?: NodeJS.SignalsListener } = await createWorker(settings)
  if (worker.onSignal)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, worker.onSignal)
  return worker
}

async function startWorker(deps: Deps, index: number): Promise<PoolWorker> {
  const worker = await createLastingWorker({ workerBin: deps.workerBinary, logLevel: 'warn' })
  try {
    return { index, worker, server: await listen(deps, worker, index), load: 0 }
  } catch (error) {
    worker.close()
    throw error
  }
}

/** Binds MEDIA_PORT + index, or the next ports that are free. */
async function listen(deps: Deps, worker: types.Worker, index: number): Promise<types.WebRtcServer> {
  const { MEDIA_PORT, MEDIA_WORKERS } = deps.config
  const wanted = MEDIA_PORT === 0 ? 0 : MEDIA_PORT + index
  for (let attempt = 0; ; attempt++) {
    // Further attempts step by the number of workers, so that two workers never race for the same port.
    const port = wanted === 0 ? 0 : wanted + attempt * MEDIA_WORKERS
    const infos = listenInfos(deps.config, networkInterfaces(), port)
    try {
      const server = await worker.createWebRtcServer({ listenInfos: infos, appData: { port } })
      if (attempt > 0)
        deps.log.warn({ worker: index, wanted, port }, 'The media port was taken; another is used.')
      return server
    } catch (error) {
      const isTaken = error instanceof Error && /address already in use/.test(error.message)
      if (!isTaken || worker.closed || attempt >= PORT_ATTEMPTS) throw error
    }
  }
}

/** Ends the worker and waits until its process is gone. */
function closeWorker(worker: types.Worker): Promise<void> {
  return new Promise((resolve) => {
    if (worker.subprocessClosed) return resolve()
    const timer = setTimeout(resolve, EXIT_WAIT_MS)
    worker.once('subprocessclose', () => {
      clearTimeout(timer)
      resolve()
    })
    worker.close()
  })
}
