import { CallError } from '../../../client/types.ts'
import { common } from '../text/common.ts'

/** A failure as a sentence for people. */
export function errorText(error: unknown): string {
  if (!(error instanceof CallError)) return common('loadFailed')
  if (error.code === 'offline') return common('offlineError')
  if (error.code === 'timeout') return common('timeoutError')
  const waitMs = retryAfterMs(error)
  if (waitMs !== undefined) return common('waitSeconds', { count: Math.ceil(waitMs / 1000) })
  return error.message
}

/** How long to wait before the next try, where the server said so. */
export function retryAfterMs(error: unknown): number | undefined {
  if (!(error instanceof CallError) || error.code !== 'too_many_requests') return undefined
  const given = error.details?.retryAfterMs
  return typeof given === 'number' ? given : undefined
}

/** Messages of `invalid_input` by the field they are about, as far as the server named fields. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof CallError)) return {}
  const issues = error.details?.issues
  if (!Array.isArray(issues)) return {}
  const found: Record<string, string> = {}
  for (const issue of issues as { path?: unknown; message?: unknown }[]) {
    const path = Array.isArray(issue.path) ? issue.path : String(issue.path ?? '').split('.')
    const field = String(path.at(-1) ?? '')
    if (field && typeof issue.message === 'string') found[field] ??= issue.message
  }
  return found
}
