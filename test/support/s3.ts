import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export const S3_SETTINGS = {
  S3_BUCKET: 'files',
  S3_REGION: 'us-east-1',
  S3_ACCESS_KEY_ID: 'test',
  S3_SECRET_ACCESS_KEY: 'test',
}

export type TestS3 = AsyncDisposable & { url: string; stop(): Promise<void> }

/** A service that speaks S3, in a process of its own: it keeps objects in memory, which is not to be counted as ours. */
export async function startS3(): Promise<TestS3> {
  const child = fork(join(import.meta.dirname, 's3-server.mjs'), [S3_SETTINGS.S3_BUCKET])
  const [url] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`The S3 server ended with ${code}.`))),
  ])) as [string]
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }
  return { url, stop, [Symbol.asyncDispose]: stop }
}
