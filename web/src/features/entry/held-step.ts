import { CallError } from '../../../../client/types.ts'

const METHODS = ['totp', 'backup_code', 'passkey'] as const
export type StepMethod = (typeof METHODS)[number]
/** A sign-in whose first proof was right and that waits for a second one. */
export type HeldStep = { ticket: string; methods: StepMethod[] }

/** The step that a refused sign-in asks for; undefined where it was refused for good. */
export function heldStep(error: unknown): HeldStep | undefined {
  if (!(error instanceof CallError) || error.code !== 'second_factor_required') return undefined
  const { ticket, methods } = error.details ?? {}
  if (typeof ticket !== 'string' || !Array.isArray(methods)) return undefined
  return { ticket, methods: METHODS.filter((method) => methods.includes(method)) }
}
