import { type ReactNode, useState } from 'react'
import { CallError } from '../../../../client/types.ts'
import { errorText } from '../../data/error-text.ts'
import { ConfirmIdentity } from './confirm-identity.tsx'

export type Guarded = {
  /** Does the work; where it needs the person to be confirmed first, asks for that and does it again. */
  run(work: () => Promise<void>): void
  isBusy: boolean
  /** What went wrong with the last work, as a sentence. */
  error: string | undefined
  /** To be drawn somewhere on the page. */
  dialog: ReactNode
}

/** Changes of how an account is opened: the server asks for a fresh proof before each, unless there was one lately. */
export function useGuarded(explain: (error: unknown) => string = errorText): Guarded {
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<string>()
  const [waiting, setWaiting] = useState<{ work: () => Promise<void> }>()
  const run = (work: () => Promise<void>) => {
    setIsBusy(true)
    setError(undefined)
    setWaiting(undefined)
    work()
      .catch((failure: unknown) => {
        if (failure instanceof CallError && failure.code === 'confirm_required') setWaiting({ work })
        else setError(explain(failure))
      })
      .finally(() => setIsBusy(false))
  }
  const dialog = waiting && (
    <ConfirmIdentity onConfirmed={() => run(waiting.work)} onClose={() => setWaiting(undefined)} />
  )
  return { run, isBusy, error, dialog }
}
