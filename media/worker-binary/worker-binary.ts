import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { arch, platform, release } from 'node:os'
import { dirname, join } from 'node:path'
import { version, workerBin } from 'mediasoup'
import type { Config } from '../../src/config.ts'
import type { Logger } from '../../src/core/log.ts'
import { compile } from './compile.ts'
import { download } from './download.ts'
import { takeLock } from './lock.ts'
import { cachedBinary, findScriptDir, prebuiltUrl } from './places.ts'
import { whyUnusable } from './probe.ts'

/** Where preparation is: a sentence for people, and 0..1 where that is known. */
export type Step = { message: string; progress: number | null }

/** The program that mediasoup runs for each worker. Disposal ends a download or a compilation that is under way. */
export type WorkerBinary = AsyncDisposable & {
  /** The path of a binary from which a worker was started; rejects with a sentence that says why there is none. */
  obtain(report: (step: Step) => void): Promise<string>
}

export type WorkerBinaryDeps = {
  config: Pick<Config, 'MEDIASOUP_WORKER_BIN' | 'MEDIA_WORKER_BUILD'>
  log: Logger
  /** Folder of per-user caches; `~/.cache` where nothing is given. */
  cacheHome?: string | undefined
  /** For tests: mediasoup's own place for a binary, its version, and the addresses and scripts to get one with. */
  sources?: Partial<Sources>
}

type Sources = {
  installed: string
  version: string
  downloadUrl: string
  scriptDir: string | undefined
}

/**
 * Where a binary comes from, the first that works:
 * 1. MEDIASOUP_WORKER_BIN – nothing else then, since somebody chose it;
 * 2. the one that mediasoup's install step left in node_modules;
 * 3. the per-user cache;
 * 4. mediasoup's published binary for this platform, downloaded into the cache;
 * 5. the compiler, into the cache.
 */
export function createWorkerBinary(deps: WorkerBinaryDeps): WorkerBinary {
  const ending = new AbortController()
  let work: Promise<string> | undefined
  return {
    obtain(report) {
      work = find(deps, report, ending.signal)
      return work
    },
    async [Symbol.asyncDispose]() {
      ending.abort(new Error('The media node is shutting down.'))
      await work?.catch(() => undefined)
    },
  }
}

async function find(
  deps: WorkerBinaryDeps,
  report: (step: Step) => void,
  signal: AbortSignal,
): Promise<string> {
  const { config, log, cacheHome } = deps
  const chosen = config.MEDIASOUP_WORKER_BIN
  if (chosen) {
    const problem = await whyUnusable(chosen)
    if (problem) throw new Error(`MEDIASOUP_WORKER_BIN names ${chosen}, which can not be used: ${problem}.`)
    return chosen
  }
  const sources = sourcesOf(deps)
  if (existsSync(sources.installed) && !(await whyUnusable(sources.installed))) return sources.installed
  const cached = cachedBinary(cacheHome, sources.version, sources.scriptDir)
  if (await isUsable(cached, log)) return cached
  if (!config.MEDIA_WORKER_BUILD) {
    throw new Error(
      'There is no media worker on this machine, and MEDIA_WORKER_BUILD=off forbids to download or compile one. Set MEDIASOUP_WORKER_BIN to a mediasoup worker.',
    )
  }
  await mkdir(dirname(cached), { recursive: true })
  await using _lock = await takeLock(`${cached}.lock`, {
    onWait: () =>
      report({ message: 'Live video is being prepared by another process of this machine.', progress: null }),
    signal,
  })
  // Whoever held the lock before may have made it.
  if (!(await isUsable(cached, log))) await make(sources, cached, { log, report, signal })
  return cached
}

const sourcesOf = ({ sources }: WorkerBinaryDeps): Sources => ({
  installed: workerBin,
  version,
  downloadUrl: prebuiltUrl(version, { platform: platform(), arch: arch(), kernelRelease: release() }),
  scriptDir: findScriptDir(import.meta.dirname),
  ...sources,
})

/** False where there is none; one that does not run is removed. */
async function isUsable(cached: string, log: Logger): Promise<boolean> {
  if (!existsSync(cached)) return false
  const problem = await whyUnusable(cached)
  if (!problem) return true
  log.warn({ path: cached, problem }, 'The media worker in the cache is broken; it is made anew.')
  await rm(cached, { force: true })
  return false
}

type Making = { log: Logger; report(step: Step): void; signal: AbortSignal }

async function make(sources: Sources, cached: string, { log, report, signal }: Making): Promise<void> {
  report({ message: 'Live video is being prepared: the media worker is downloaded.', progress: null })
  try {
    await download(sources.downloadUrl, cached, signal)
    if (await isUsable(cached, log)) return
  } catch (error) {
    log.info(
      { url: sources.downloadUrl, error },
      'The published media worker can not be had; it is compiled.',
    )
  }
  signal.throwIfAborted()
  const { scriptDir } = sources
  if (!scriptDir)
    throw new Error('The media worker can not be downloaded, and the script to compile it is not installed.')
  // `…/node_modules/mediasoup/worker/out/Release/mediasoup-worker`
  const mediasoupDir = join(dirname(sources.installed), '..', '..', '..')
  await compile({ scriptDir, mediasoupDir, output: cached, report, signal })
  const problem = await whyUnusable(cached)
  if (!problem) return
  await rm(cached, { force: true })
  throw new Error(`The media worker was compiled but can not be used: ${problem}.`)
}
