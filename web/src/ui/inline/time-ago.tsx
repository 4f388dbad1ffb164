import { formatExact, formatRelative } from '../../format/time.ts'
import { cx } from '../cx.ts'

/** How long ago, with the exact time on hover. A clock that is behind the server's never shows the future. */
export function TimeAgo({ atMs, nowMs, className }: { atMs: number; nowMs: number; className?: string }) {
  return (
    <time
      dateTime={new Date(atMs).toISOString()}
      title={formatExact(atMs)}
      className={cx('tabular-nums', className)}
    >
      {formatRelative(Math.min(atMs, nowMs), nowMs)}
    </time>
  )
}
