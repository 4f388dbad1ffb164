/** Why an upload was not taken, as far as the server said so. */
export type UploadFailure = {
  /** Undefined where no answer came. */
  code: string | undefined
  message: string | undefined
  details: Record<string, unknown>
}

type Answer = { getStatus(): number; getBody(): string }

/** What an answer says, which may be a proxy's that knows nothing of problem details. */
export function failureOf(answer: Answer | null | undefined): UploadFailure {
  if (!answer) return { code: undefined, message: undefined, details: {} }
  try {
    const { code, message, details = {} } = JSON.parse(answer.getBody())
    return { code: String(code), message: String(message), details }
  } catch {
    return { code: 'unavailable', message: undefined, details: {} }
  }
}

/** Conflicts that time or the right offset ends; all others end when somebody does something about them. */
const PASSING = [undefined, 'locked']

/** Whether another try may help: the network or the server was away, or another request was just ending. */
export function isPassing(answer: Answer | null | undefined): boolean {
  if (!answer) return true
  const status = answer.getStatus()
  if (status === 409 || status === 423) return PASSING.includes(reasonOf(failureOf(answer)))
  return status === 429 || status >= 500
}

export const reasonOf = ({ details }: UploadFailure): string | undefined =>
  typeof details.reason === 'string' ? details.reason : undefined
