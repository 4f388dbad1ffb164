import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

/** Somebody's name, leading to their channel. Above a card that leads elsewhere as a whole. */
export function PersonLink({
  handle,
  className,
  children,
}: {
  handle: string
  className?: string
  children: ReactNode
}) {
  return (
    <Link
      to="/@{$handle}"
      params={{ handle }}
      className={cx('relative z-10 rounded-sm hover:underline underline-offset-2', className)}
    >
      {children}
    </Link>
  )
}
