import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { cx } from '../cx.ts'

/** Somebody's name, leading to their channel. Above a card that leads elsewhere as a whole. */
export function PersonLink({
  handle,
  className,
  tabIndex,
  children,
}: {
  handle: string
  className?: string
  /** -1 where a list has another way there for the keyboard. */
  tabIndex?: -1
  children: ReactNode
}) {
  return (
    <Link
      to="/@{$handle}"
      params={{ handle }}
      {...(tabIndex !== undefined && { tabIndex })}
      className={cx('relative z-10 rounded-sm hover:underline underline-offset-2', className)}
    >
      {children}
    </Link>
  )
}
