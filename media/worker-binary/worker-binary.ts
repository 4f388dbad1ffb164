import { accessSync } from 'node:fs'
import type { Config } from '../../src/config.ts'
import type { Logger } from '../../src/core/log.ts'
export type WorkerBinary = AsyncDisposable & {
  obtain(report: (step: { message: string; progress: number | null }) => void): Promise<string>
}
export function createWorkerBinary(deps: {
  config: Config
  log: Logger
  cacheHome?: string | undefined
}): WorkerBinary {
  return {
    async obtain() {
      const p = deps.config.MEDIASOUP_WORKER_BIN
      if (!p) throw new Error('none')
      accessSync(p)
      return p
    },
    async [Symbol.asyncDispose]() {},
  }
}
