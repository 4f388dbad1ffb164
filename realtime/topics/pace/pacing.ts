import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { Logger } from '../../../src/core/log.ts'
import { createNodeLoad } from './node-load.ts'
import { createRungs, type Rung } from './rungs.ts'

/** What a topic asks before it waits or skips, and tells when it has sent. */
export type Pacing = {
  /** Load of the node; see `node-load.ts`. */
  level(): number
  report(topic: string, rung: Rung, skipped: number): void
}

type Deps = {
  log: Logger
  nowMs: () => number
  /** Share of the sockets that do not take what is sent to them. */
  behindShare: () => number
  /** Told how many items of a topic were left out. */
  onSkipped: (topic: string, items: number) => void
}

const LOOK_MS = 1000
/** Of the timer that lag is measured by: finer would cost more than it tells. */
const LAG_RESOLUTION_MS = 20
const NS_PER_MS = 1e6

/** Measures the load of this node once a second, and keeps the rooms that it touches. */
export function createPacing({ log, nowMs, behindShare, onSkipped }: Deps) {
  const load = createNodeLoad(log)
  const rungs = createRungs({ log, nowMs })
  const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS })
  lag.enable()
  let before = performance.eventLoopUtilization()

  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    // No sample at all: the timer did not run once in this second.
    const meanMs = lag.count > 0 ? lag.mean / NS_PER_MS : LOOK_MS
    lag.reset()
    load.look({ utilization, lagMs: Math.max(0, meanMs - LAG_RESOLUTION_MS), behindShare: behindShare() })
    rungs.look()
  }, LOOK_MS)

  return {
    level: load.level,
    report(topic: string, rung: Rung, skipped: number): void {
      rungs.report(topic, rung, skipped)
      if (skipped > 0) onSkipped(topic, skipped)
    },
    rooms: rungs.counts,
    stop(): void {
      clearInterval(timer)
      lag.disable()
    },
  }
}
