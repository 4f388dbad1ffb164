import { useState } from 'react'
import { CallError } from '../../../../../client/types.ts'
import { useApp } from '../../../data/app.tsx'
import { errorText } from '../../../data/error-text.ts'

export type Guarded = {
  /** Does the work, of as many steps as it has; where the person must be confirmed first, asks for that and begins again. */
  run(work: () => Promise<void>): void
  isBusy: boolean
  /** What went wrong with the last work, as a sentence. */
  error: string | undefined
}

/** Changes of how an account is opened: the server asks for a fresh proof before each, unless there was one lately. */
export function useGuarded(explain: (error: unknown) => string = errorText): Guarded {
  const { stepUp } = useApp()
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<string>()
  const run = (work: () => Promise<void>) => {
    setIsBusy(true)
    setError(undefined)
    stepUp
      .guard(work)
      .catch((failure: unknown) => {
        // Whoever closes the question knows why nothing happened.
        const wasLeft = failure instanceof CallError && failure.code === 'confirm_required'
        if (!wasLeft) setError(explain(failure))
      })
      .finally(() => setIsBusy(false))
  }
  return { run, isBusy, error }
}
