import { hostname } from 'node:os'
import { parseCronItems, run, type TaskList, Logger as WorkerLogger } from 'graphile-worker'
import type { Logger } from '../core/log.ts'
import type { JobHandler } from './jobs.ts'

type Options = { url: string; handlers: readonly JobHandler[]; log: Logger; concurrency: number }

/** LISTEN wakes us at once; polling only finds what became due by time. */
const POLL_INTERVAL_MS = 2000

/** Runs background jobs until disposed; jobs that are under way are finished first. */
export async function startJobRunner({ url, handlers, log, concurrency }: Options): Promise<AsyncDisposable> {
  const taskList: TaskList = {}
  for (const { spec, run: work } of handlers) {
    taskList[spec.name] = async (payload) => work(spec.payload.parse(payload ?? {}) as never)
  }
  const cron = handlers.filter((handler) => handler.cron !== undefined)
  const runner = await run({
    connectionString: url,
    concurrency,
    pollInterval: POLL_INTERVAL_MS,
    noHandleSignals: true,
    taskList,
    parsedCronItems: parseCronItems(cron.map(({ spec, cron: match = '' }) => ({ task: spec.name, match }))),
    logger: workerLog(log.child({ part: 'jobs', host: hostname() })),
  })
  return { [Symbol.asyncDispose]: () => runner.stop() }
}

function workerLog(log: Logger): WorkerLogger {
  return new WorkerLogger(() => (level, message) => {
    if (level === 'error') log.error({}, message)
    else if (level === 'warning') log.warn({}, message)
    else log.debug({}, message)
  })
}
