import { AppError } from '../errors.ts'
import type { Viewer } from '../viewer.ts'

/** What a personal API token may be given; a token can do what its account can, and no more than its scopes name. */
export const TOKEN_SCOPES = [
  'read',
  'chat:write',
  'streams:write',
  'videos:write',
  'social:write',
  'account:read',
] as const
export type TokenScope = (typeof TOKEN_SCOPES)[number]

/**
 * What a call, topic or route asks of whoever uses it. `any`: every token. `login`: a login session, as tokens must neither
 * raise themselves nor govern. `security`: the same, and open to a suspended account, which must be able to look after
 * itself. Where none is declared, neither tokens nor suspended accounts get in. To an account that waits to be deleted `any` is
 * open, and beyond it what is declared `whileLeaving`.
 */
export type Scope = TokenScope | 'any' | 'login' | 'security'

/** Reading, and what keeps an account safe. Everything else is acting. */
const WHILE_SUSPENDED: ReadonlySet<Scope | undefined> = new Set<Scope>([
  'any',
  'read',
  'account:read',
  'security',
])

/** Whether a suspension is in force. */
export const isSuspended = ({ account }: Pick<Viewer, 'account'>, nowMs: number): boolean => {
  const untilMs = account?.suspension?.untilMs
  return untilMs === null || (untilMs !== undefined && untilMs > nowMs)
}

/**
 * Why somebody may not use what asks for this scope: `forbidden` with `{ reason: 'scope', scope }` for a token that was not
 * given it, with `{ reason: 'deleting', eraseAtMs }` while the account waits to be deleted, or with
 * `{ reason: 'suspended', untilMs }`; undefined where they may.
 */
export function scopeRefusal(
  viewer: Viewer,
  scope: Scope | undefined,
  nowMs: number,
  isOpenToLeaving = false,
): AppError | undefined {
  const { token, account } = viewer
  const isGiven = scope === 'any' || token?.scopes.some((given) => given === scope)
  if (token && !isGiven)
    return new AppError('forbidden', 'This API token was not given the right to do this.', {
      reason: 'scope',
      scope: scope ?? null,
    })
  if (account?.deletion && scope !== 'any' && !isOpenToLeaving)
    return new AppError('forbidden', 'Your account is to be deleted; undo that first.', {
      reason: 'deleting',
      eraseAtMs: account.deletion.eraseAtMs,
    })
  if (WHILE_SUSPENDED.has(scope) || !isSuspended(viewer, nowMs)) return undefined
  const untilMs = account?.suspension?.untilMs ?? null
  return new AppError('forbidden', 'Your account is suspended: you can read, but not take part.', {
    reason: 'suspended',
    untilMs,
  })
}
