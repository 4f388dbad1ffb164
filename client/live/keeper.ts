import { backoffMs } from './rules/backoff.ts'

/** Keeps something in the state it should be in: one run at a time, repeated after failures until one succeeds. */
export type Keeper = {
  /** Runs soon: at once when idle or waiting, once more when it is running already. */
  kick(): void
  /** Nothing runs any more; what is running goes on to its end. */
  stop(): void
}

type Options = {
  /** Brings things into order; does nothing where they are. */
  run(): Promise<void>
  /** Says whether a failure is worth another try. */
  onError(error: unknown): 'retry' | 'stop'
}

export function createKeeper({ run, onError }: Options): Keeper {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isRunning = false
  let isWanted = false
  let isStopped = false
  let failures = 0

  const loop = async (): Promise<void> => {
    isRunning = true
    while (isWanted && !isStopped) {
      isWanted = false
      try {
        await run()
        failures = 0
      } catch (error) {
        if (isStopped) break
        if (onError(error) === 'stop') {
          isStopped = true
          break
        }
        // What was asked for during the run may be the very thing that helps now, but never without any wait.
        const waitMs = backoffMs(isWanted ? 0 : failures)
        failures++
        isWanted = false
        timer = setTimeout(kick, waitMs)
      }
    }
    isRunning = false
  }

  const kick = (): void => {
    if (isStopped) return
    clearTimeout(timer)
    isWanted = true
    if (!isRunning) void loop()
  }

  return {
    kick,
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
