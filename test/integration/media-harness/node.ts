import { execFileSync } from 'node:child_process'
import type { MediaControl, MediaEvent } from '../../../media/client/control.ts'
import { createMediaNode, type MediaNode } from '../../../media/node.ts'
import type { Config } from '../../../src/config.ts'
import { readConfig } from '../../../src/config.ts'
import type { Logger } from '../../../src/core/log.ts'

const nothing = () => undefined
export const silentLog: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLog,
}

/** Settings of an SFU that one test has for itself: one worker, free ports, the loopback. */
export const nodeConfig = (settings: Record<string, string> = {}): Config =>
  readConfig({
    MEDIASOUP_WORKER_BIN: process.env.MEDIASOUP_WORKER_BIN,
    MEDIA_WORKERS: '1',
    MEDIA_PORT: '0',
    MEDIA_LISTEN_IP: '127.0.0.1',
    ...settings,
  })

/** A node with a real worker, ready. */
export async function startNode(settings: Record<string, string> = {}): Promise<MediaNode> {
  const node = createMediaNode({ config: nodeConfig(settings), log: silentLog })
  await until(() => node.status().state === 'ready', `the media node to be ready: ${node.status().message}`)
  return node
}

/** Every event of a node from now on. */
export function recordEvents(control: MediaControl): MediaEvent[] {
  const events: MediaEvent[] = []
  control.onEvent((event) => events.push(event))
  return events
}

/** Process ids of this process's media workers. */
export function workerPids(): number[] {
  return execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('mediasoup-worker'))
    .map((line) => Number.parseInt(line, 10))
}

/** Waits until something is so, and says what was waited for when it never is. */
export async function until(check: () => boolean | Promise<boolean>, what: string, timeoutMs = 150_000) {
  const endsAt = performance.now() + timeoutMs
  while (!(await check())) {
    if (performance.now() > endsAt) throw new Error(`Waited in vain for ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
