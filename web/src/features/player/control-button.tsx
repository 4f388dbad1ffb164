import type { ComponentProps } from 'react'
import { IconButton } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'

/** A button over the picture, which is dark in both themes. */
export const ControlButton = ({ className, ...rest }: ComponentProps<typeof IconButton>) => (
  <IconButton
    {...rest}
    className={cx('text-white! hover:bg-white/20! focus-visible:outline-white', className)}
  />
)
