import type { AppError } from '../core/errors.ts'
import type { SecurityEvent, SecurityLog } from '../core/log.ts'
import { coarseNetwork } from '../infra/access/client-address.ts'
import type { HttpContext } from './visitor.ts'

/** Where people come in or prove who they are, by the beginning of the route's path. The first that fits counts. */
const DOORS: readonly [begins: string, event: SecurityEvent][] = [
  ['/api/auth/second-factor', 'second_factor_refused'],
  ['/api/auth/', 'sign_in_refused'],
  ['/api/account/confirm', 'confirmation_refused'],
  ['/api/account/password', 'confirmation_refused'],
]
/** With which a proof is refused: a wrong one, one that is used up, one that is right and opens nothing. */
const REFUSED_PROOF: ReadonlySet<string> = new Set(['unauthenticated', 'expired', 'forbidden'])
const REFUSED_RIGHT: ReadonlySet<string> = new Set(['forbidden', 'foreign_origin'])

function eventOf(route: string, code: string): SecurityEvent | undefined {
  if (code === 'too_many_requests') return 'limit_hit'
  const door = DOORS.find(([begins]) => route.startsWith(begins))
  if (door && REFUSED_PROOF.has(code)) return door[1]
  return REFUSED_RIGHT.has(code) ? 'permission_refused' : undefined
}

/** Notes what a request was refused with, where that is of interest to whoever watches the doors. */
export function noteRefusal(
  security: SecurityLog,
  c: HttpContext,
  failure: AppError,
  requestId: string,
): void {
  const at = c.get('route')
  const event = eventOf(at, failure.code)
  if (!event) return
  // Refused before it was known who sent it: then neither account nor network are.
  const visitor = c.var.visitor as HttpContext['var']['visitor'] | undefined
  const { userId, publicId } = visitor?.session ?? {}
  const reason = failure.details?.reason
  security.note(event, {
    accountId: failure.aboutId ?? userId,
    network: visitor && coarseNetwork(visitor.address),
    sessionId: publicId,
    ...{ at, code: failure.code, requestId },
    ...(typeof reason === 'string' && { reason }),
  })
}
