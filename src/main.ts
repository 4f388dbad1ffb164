import { networkInterfaces } from 'node:os'
import { type Config, ConfigError, drainTimes, readConfig } from './config.ts'
import type { Logger } from './core/log.ts'
import { StartError } from './core/running/start-error.ts'
import { createLog } from './infra/log/log.ts'
import { announcement } from './roles/announcement.ts'
import { startRoles } from './roles/start.ts'

/**
 * A process that can't end in this time after it was drained waits for something that does not come; the next start
 * repairs what is left. Above what running jobs and requests are given.
 */
const END_LIMIT_MS = 20_000

/** One key press that arrives on two ways does so within milliseconds; nobody presses twice as fast. */
const SAME_SIGNAL_MS = 500

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const log = createLog(config)
  const crashPoint = (name: string) => {
    if (config.CRASH_POINT === name) process.kill(process.pid, 'SIGKILL')
  }
  const isAsked = new Promise<NodeJS.Signals>((resolve) => {
    // `on`, not `once`: npm passes SIGTERM on to us, so a signal to its whole group comes twice; SIGHUP: a closed terminal.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve)
  })
  // At once, also while the process is still starting and waits for something that does not come.
  void isAsked.then((signal) => limitTheEnd(config, log, signal))
  const running = await startRoles(config, log, crashPoint)
  const { httpPort, socketPort, adminPath } = running
  process.stdout.write(announcement(config, running, networkInterfaces()))
  process.send?.({ type: 'ready', httpPort, socketPort, adminPath })

  await isAsked
  await running[Symbol.asyncDispose]()
  process.exit(0)
}

/** From now on the process ends: by itself, or after the limit, or when it is asked a second time. */
function limitTheEnd(config: Config, log: Logger, signal: NodeJS.Signals): void {
  log.info({ signal }, 'Stopping')
  const limitMs = drainTimes(config).spreadMs + END_LIMIT_MS
  const giveUp = () => {
    log.error({ limitMs }, 'This process could not end by itself in time; it ends now')
    process.exit(1)
  }
  setTimeout(giveUp, limitMs).unref()
  const askedAtMs = Date.now()
  // A second signal is meant, unless it is the same one that came through npm too. Closed terminals hang up twice.
  for (const [again, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const])
    process.on(again, () => {
      if (Date.now() - askedAtMs <= SAME_SIGNAL_MS) return
      log.warn(
        { signal: again },
        'Asked to stop once more; this process ends now, with what it has not finished',
      )
      process.exit(code)
    })
}

main().catch((error: unknown) => {
  process.stderr.write(
    error instanceof ConfigError || error instanceof StartError
      ? `${error.message}\n`
      : `${(error as Error)?.stack ?? error}\n`,
  )
  process.exit(1)
})
