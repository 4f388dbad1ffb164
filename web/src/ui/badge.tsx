import { Eye } from 'lucide-react'
import type { ReactNode } from 'react'
import { formatCount } from '../format/number.ts'
import { common } from '../text/common.ts'
import { cx } from './cx.ts'

type Tone = 'live' | 'warn' | 'quiet'

const TONES: Record<Tone, string> = {
  live: 'bg-live text-on-live',
  warn: 'bg-text-1 text-surface-0',
  quiet: 'bg-surface-3 text-text-1',
}

/** State of a broadcast in a word. */
export function Badge({ tone, children, testId }: { tone: Tone; children: ReactNode; testId?: string }) {
  return (
    <span
      data-testid={testId}
      className={cx(
        'inline-flex h-6 items-center gap-1.5 rounded-sm px-2 text-xs font-bold tracking-wide uppercase',
        TONES[tone],
      )}
    >
      {tone === 'live' && (
        <span aria-hidden className="size-1.5 animate-pulse-soft rounded-full bg-current" />
      )}
      {children}
    </span>
  )
}

/** Short count with the exact one for screen readers and on hover. */
export function ViewerCount({ viewers, className, testId }: ViewerCountProps) {
  const label = common('viewers', { count: viewers })
  return (
    <span title={label} className={cx('inline-flex items-center gap-1.5 tabular-nums', className)}>
      <Eye aria-hidden size={16} />
      <span aria-hidden data-testid={testId}>
        {formatCount(viewers)}
      </span>
      <span className="sr-only">{label}</span>
    </span>
  )
}

type ViewerCountProps = { viewers: number; className?: string; testId?: string }
