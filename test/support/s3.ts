import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export const S3_SETTINGS = {
  S3_BUCKET: 'files',
  S3_REGION: 'us-east-1',
  S3_ACCESS_KEY_ID: 'test',
  S3_SECRET_ACCESS_KEY: 'test',
}

/** The next `times` requests of this kind are refused, so long after they came. */
type Fault = { method: string; pattern: string; times: number; afterMs?: number }

export type TestS3 = AsyncDisposable & {
  url: string
  stop(): Promise<void>
  /** Nobody reaches it any more, and what was under way is cut off; it keeps what it has. */
  goDown(): Promise<void>
  /** Where it was, with its data. */
  comeBack(): Promise<void>
  /** From now on something is wrong with it. */
  fault(fault: Fault): Promise<void>
  /** Addresses of the requests that it refused so far. */
  refused: readonly string[]
}

type Told = { url?: string; done?: string; refused?: string }

/** A service that speaks S3, in a process of its own: it keeps objects in memory, which is not to be counted as ours. */
export async function startS3(): Promise<TestS3> {
  const child = fork(join(import.meta.dirname, 's3-server.mjs'), [S3_SETTINGS.S3_BUCKET])
  const refused: string[] = []
  const waiting = new Map<string, (told: Told) => void>()
  child.on('message', (told: Told) => {
    if (told.refused) refused.push(told.refused)
    else waiting.get(told.done ?? 'start')?.(told)
  })
  const told = (what: string) =>
    Promise.race([
      new Promise<Told>((resolve) => waiting.set(what, resolve)),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`The S3 server ended with ${code}.`))),
    ])
  const { url = '' } = await told('start')
  const ask = async (command: string, given?: unknown) => {
    const answer = told(command)
    child.send({ command, given })
    await answer
  }
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }
  return {
    ...{ url, stop, refused },
    goDown: () => ask('goDown'),
    comeBack: () => ask('comeBack', Number(new URL(url).port)),
    fault: (fault) => ask('fault', { afterMs: 0, ...fault }),
    [Symbol.asyncDispose]: stop,
  }
}
