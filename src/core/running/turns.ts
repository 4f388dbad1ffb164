import { AppError } from '../errors.ts'

/** Lets so many works run at once; others wait for their turn, first come, first served. */
export type Turns = {
  /** Throws `unavailable` where too many wait already. */
  take<T>(work: () => Promise<T>): Promise<T>
}

export function createTurns({ atOnce, waitingMax }: { atOnce: number; waitingMax: number }): Turns {
  const waiting: (() => void)[] = []
  let running = 0
  return {
    async take(work) {
      if (running < atOnce) running++
      else {
        if (waiting.length >= waitingMax) throw new AppError('unavailable')
        // Whoever ends hands its turn over: nobody who comes meanwhile can slip in between.
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else running--
      }
    },
  }
}
