import { LoaderCircle } from 'lucide-react'
import { common } from '../text/common.ts'
import { cx } from './cx.ts'

/** A grey shape in the place of what is being loaded. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx('block animate-pulse-soft rounded-sm bg-surface-2', className)} />
}

/** Tells screen readers that the shapes around it stand for something to come. */
export function LoadingNote() {
  return (
    <span role="status" className="sr-only">
      {common('loading')}
    </span>
  )
}

export function Spinner({ size = 24, className }: { size?: number; className?: string }) {
  return <LoaderCircle aria-hidden size={size} className={cx('animate-spin', className)} />
}
