import { networkInterfaces } from 'node:os'
import { ConfigError, readConfig } from './config.ts'
import type { Logger } from './core/log.ts'
import { StartError } from './core/start-error.ts'
import { createLog } from './infra/log.ts'
import { announcement } from './roles/announcement.ts'
import { startRoles } from './roles/start.ts'

/** A process that can't end in this time has lost something it waits for; the next start repairs what is left. */
const SHUTDOWN_LIMIT_MS = 20_000

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
  void isAsked.then((signal) => limitTheEnd(log, signal))
  const running = await startRoles(config, log, crashPoint)
  const { httpPort, socketPort, adminPath } = running
  process.stdout.write(announcement(config, running, networkInterfaces()))
  process.send?.({ type: 'ready', httpPort, socketPort, adminPath })

  await isAsked
  await running[Symbol.asyncDispose]()
  process.exit(0)
}

/** From now on the process ends: by itself, or after the limit, or at a second Ctrl-C. */
function limitTheEnd(log: Logger, signal: NodeJS.Signals): void {
  log.info({ signal }, 'Stopping')
  setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref()
  const askedAtMs = Date.now()
  // A second Ctrl-C is meant, unless it is the same one that came through npm too.
  process.on('SIGINT', () => {
    if (Date.now() - askedAtMs > SAME_SIGNAL_MS) process.exit(130)
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
