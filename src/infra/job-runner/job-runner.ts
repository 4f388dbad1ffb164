import { EventEmitter } from 'node:events'
import { hostname } from 'node:os'
import { parseCronItems, run, type TaskList, Logger as WorkerLogger } from 'graphile-worker'
import type { Logger } from '../../core/log.ts'
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

/** Runs background jobs until disposed; jobs that are under way are finished first. */
export async function startJobRunner(options: Options): Promise<AsyncDisposable> {
  const { url, handlers, log, concurrency } = options
  const cron = handlers.filter((handler) => handler.cron !== undefined)
  const events = new EventEmitter()
  const workers = await watchWorkers(url, log)
  events.on('worker:create', ({ worker }: { worker: { workerId: string } }) => workers.add(worker.workerId))
  const runner = await run({
    connectionString: url,
    concurrency,
    pollInterval: POLL_INTERVAL_MS,
    noHandleSignals: true,
    taskList: tasksOf(options),
    parsedCronItems: parseCronItems(cron.map(({ spec, cron: match = '' }) => ({ task: spec.name, match }))),
    logger: workerLog(log.child({ part: 'jobs', host: hostname() })),
    events,
  }).catch(async (error: unknown) => {
    await workers[Symbol.asyncDispose]()
    throw error
  })
  return {
    async [Symbol.asyncDispose]() {
      await runner.stop()
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
