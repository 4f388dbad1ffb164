import { EventEmitter } from 'node:events'
import { hostname } from 'node:os'
import { parseCronItems, run, type TaskList, Logger as WorkerLogger } from 'graphile-worker'
import type { Logger } from '../../core/log.ts'
import { sleep } from '../../core/time.ts'
import type { JobHandler } from '../jobs.ts'
import { watchWorkers } from './job-workers.ts'

type Options = {
  url: string
  handlers: readonly JobHandler[]
  log: Logger
  concurrency: number
  /** Told of every run. */
  observe: (job: string, outcome: 'ok' | 'failed', durationMs: number) => void
}

/** LISTEN wakes us at once; polling only finds what became due by time. */
const POLL_INTERVAL_MS = 2000

export type JobRunner = AsyncDisposable & {
  /** Takes no further jobs. Those under way have `limitMs` to end; then they are given back to be run elsewhere. */
  drain(limitMs: number): Promise<void>
}

/** Runs background jobs until it is drained. */
export async function startJobRunner(options: Options): Promise<JobRunner> {
  const { url, handlers, log, concurrency } = options
  const cron = handlers.filter((handler) => handler.cron !== undefined)
  const events = new EventEmitter()
  const workers = await watchWorkers(url, log)
  // A job is locked by the pool, not by the worker of the pool that runs it.
  events.on('pool:create', ({ workerPool }: { workerPool: { id: string } }) => workers.add(workerPool.id))
  const runner = await run({
    connectionString: url,
    concurrency,
    pollInterval: POLL_INTERVAL_MS,
    noHandleSignals: true,
    // Without these (any delay will do) the runner ends before it has written that its last jobs are done.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    taskList: tasksOf(options),
    parsedCronItems: parseCronItems(cron.map(({ spec, cron: match = '' }) => ({ task: spec.name, match }))),
    logger: workerLog(log.child({ part: 'jobs', host: hostname() })),
    events,
  }).catch(async (error: unknown) => {
    await workers[Symbol.asyncDispose]()
    throw error
  })
  let drained: Promise<void> | undefined
  async function drainOnce(limitMs: number): Promise<void> {
    const isFinished = runner.stop().then(() => true)
    if (await Promise.race([isFinished, sleep(limitMs).then(() => false)])) return
    // Whatever becomes of it now, somebody else does it.
    isFinished.catch(() => {})
    await workers.giveBack()
  }
  const drain = (limitMs: number) => (drained ??= drainOnce(limitMs))
  return {
    drain,
    async [Symbol.asyncDispose]() {
      await drain(0)
      await workers[Symbol.asyncDispose]()
    },
  }
}

function tasksOf({ handlers, observe }: Options): TaskList {
  const taskList: TaskList = {}
  for (const { spec, run: work } of handlers) {
    taskList[spec.name] = async (payload) => {
      const startedAtMs = performance.now()
      let outcome: 'ok' | 'failed' = 'failed'
      try {
        await work(spec.payload.parse(payload ?? {}) as never)
        outcome = 'ok'
      } finally {
        observe(spec.name, outcome, performance.now() - startedAtMs)
      }
    }
  }
  return taskList
}

function workerLog(log: Logger): WorkerLogger {
  return new WorkerLogger(() => (level, message) => {
    if (level === 'error') log.error({}, message)
    else if (level === 'warning') log.warn({}, message)
    else log.debug({}, message)
  })
}
