import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { WatcherState } from '../../../client/live/watcher.ts'
import type { TestApp } from '../app.ts'
import type { Person } from '../person.ts'

/** What the viewers of one process last told of themselves. */
export type ViewerReport = { state: WatcherState; stats: { bitrateBps: number; fps: number } | undefined }

export type Viewers = AsyncDisposable & { reports(): readonly ViewerReport[] }

const start = (file: string, args: readonly string[]): ChildProcess =>
  fork(new URL(file, import.meta.url), args, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** Sends a picture and a tone to the person's stream; the broadcast must have been started. Answers once it is live. */
export async function sendMedia(
  app: Pick<TestApp, 'url'>,
  { account, bearer = '' }: Person,
): Promise<AsyncDisposable> {
  const child = start('./sender.ts', [app.url, account.streamId, bearer])
  const gone = once(child, 'exit').then(() => {
    throw new Error('The sender ended before it was live.')
  })
  await Promise.race([once(child, 'message'), gone])
  gone.catch(() => {})
  return { [Symbol.asyncDispose]: () => end(child) }
}

/** As many real WebRTC viewers of a stream, in one process. */
export function watchMedia(app: TestApp, streamId: string, count: number): Viewers {
  const child = start('./viewers.ts', [app.url, streamId, String(count)])
  let reports: ViewerReport[] = []
  child.on('message', (message: { reports: ViewerReport[] }) => {
    reports = message.reports
  })
  return { reports: () => reports, [Symbol.asyncDispose]: () => end(child) }
}
