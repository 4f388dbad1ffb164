import type { Logger, SecurityEvent, SecurityLog } from '../../core/log.ts'
import { type Clock, MINUTE_MS } from '../../core/time.ts'

/**
 * Of each event in a minute: ten a second are more than a healthy site has of any, and a flood of all six fills a gigabyte or so
 * in a day. Counters have all of them.
 */
const LINES_PER_MINUTE = 600

/**
 * The lines of `channel: "security"`. What is left out in a flood is counted by the next line of its event, as `omitted`.
 */
export function createSecurityLog(
  log: Logger,
  clock: Clock,
  linesPerMinute: number = LINES_PER_MINUTE,
): SecurityLog {
  const security = log.child({ channel: 'security' })
  const windows = new Map<SecurityEvent, { endsMs: number; written: number; omitted: number }>()
  return {
    note(event, facts) {
      const nowMs = clock.nowMs()
      const former = windows.get(event)
      const isOpen = former !== undefined && nowMs < former.endsMs
      const window = isOpen
        ? former
        : { endsMs: nowMs + MINUTE_MS, written: 0, omitted: former?.omitted ?? 0 }
      windows.set(event, window)
      if (window.written >= linesPerMinute) return void window.omitted++
      const omitted = window.omitted > 0 ? { omitted: window.omitted } : {}
      window.written++
      window.omitted = 0
      security.info({ event, ...facts, ...omitted }, 'Security event')
    },
  }
}
