import { spawn } from 'node:child_process'
import { once } from 'node:events'

export const S3_SETTINGS = {
  S3_BUCKET: 'files',
  S3_REGION: 'us-east-1',
  S3_ACCESS_KEY_ID: 'test',
  S3_SECRET_ACCESS_KEY: 'test',
}

const PROGRAM = `
import { startFauxqs } from 'fauxqs'
const server = await startFauxqs({ port: 0, logger: false, init: { buckets: ['${S3_SETTINGS.S3_BUCKET}'] } })
process.send(server.address)`

export type TestS3 = AsyncDisposable & { url: string; stop(): Promise<void> }

/** A service that speaks S3, in a process of its own: it keeps objects in memory, which is not to be counted as ours. */
export async function startS3(): Promise<TestS3> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
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
