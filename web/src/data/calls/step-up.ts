import { CallError } from '../../../../client/types.ts'

/** What stands between a refused change (`confirm_required`) and its repetition: the dialog that asks who is there. */
export type StepUp = {
  /** Runs a change; where the server wants to know that it is you, asks for that and runs it once more. */
  guard<T>(run: () => Promise<T>): Promise<T>
  isAsking(): boolean
  /** Told whenever `isAsking` changes; answers how to stop. */
  onChange(listener: () => void): () => void
  /** Ends the question: the session was confirmed, or the person gave up. */
  settle(isConfirmed: boolean): void
}

export function createStepUp(): StepUp {
  const listeners = new Set<() => void>()
  let question: { answer: Promise<boolean>; settle: (isConfirmed: boolean) => void } | undefined
  const tell = () => {
    for (const listener of listeners) listener()
  }

  function ask(): Promise<boolean> {
    if (question) return question.answer
    let settle: (isConfirmed: boolean) => void = () => {}
    const answer = new Promise<boolean>((resolve) => {
      settle = resolve
    })
    question = { answer, settle }
    tell()
    return answer
  }

  return {
    async guard(run) {
      try {
        return await run()
      } catch (error) {
        if (!(error instanceof CallError) || error.code !== 'confirm_required') throw error
        if (!(await ask())) throw error
        return await run()
      }
    },
    isAsking: () => question !== undefined,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    settle(isConfirmed) {
      question?.settle(isConfirmed)
      question = undefined
      tell()
    },
  }
}
