/**
 * How a process goes: running → ending → gone. It ends once. What it serves others with is drained first, all parts at
 * once, while everything still works; only then things are closed one after the other (`createDisposal`).
 */
export type Life = {
  /** True from the first moment of the end on: the process is unready and takes nothing new. */
  readonly isEnding: boolean
  /** `drain` is called once, when the process begins to end; its end is waited for. */
  onEnding(drain: () => Promise<void>): void
  /** Drains. One part that fails does not keep the others. */
  end(): Promise<void>
}

export function createLife(onError: (error: unknown) => void): Life {
  const drains: (() => Promise<void>)[] = []
  let isEnding = false
  return {
    get isEnding() {
      return isEnding
    },
    onEnding: (drain) => void drains.push(drain),
    async end() {
      isEnding = true
      await Promise.all(drains.splice(0).map((drain) => drain().catch(onError)))
    },
  }
}
