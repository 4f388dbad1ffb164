import { AUDIT_ACTIONS, type AuditAction } from '../../../../../src/core/access/audit-actions.ts'

const DAY_MS = 24 * 3_600_000
/** How far back, in milliseconds. */
export const SPANS = { timeDay: DAY_MS, timeWeek: 7 * DAY_MS, timeMonth: 30 * DAY_MS } as const
export type Span = keyof typeof SPANS

/** Which lines of the log are wanted; what is not there filters nothing. People are named by handle. */
export type AuditFilter = { action?: AuditAction; actor?: string; subject?: string; span?: Span }

/** A handle has at most so many characters, with the sign before it. */
export const HANDLE_MAX = 25

/** The filter in an address; what is none of ours is left out. */
export function filterIn(search: Record<string, unknown>): AuditFilter {
  const action = AUDIT_ACTIONS.find((known) => known === search.action)
  const span = (Object.keys(SPANS) as Span[]).find((known) => known === search.span)
  const [actor, subject] = [search.actor, search.subject].map(handleIn)
  return {
    ...(action && { action }),
    ...(actor && { actor }),
    ...(subject && { subject }),
    ...(span && { span }),
  }
}

// An address like `?actor=123` is read as a number.
const handleIn = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? handleOf(String(value)) : ''

/** What was typed, as handles are written in addresses: without the sign, in lower case. */
export const handleOf = (typed: string): string =>
  typed.trim().replace(/^@/, '').toLowerCase().slice(0, HANDLE_MAX)

/** The same as the route takes it. */
export function queryOf({ span, ...filter }: AuditFilter, nowMs: number) {
  return { ...filter, ...(span && { since: nowMs - SPANS[span] }) }
}
