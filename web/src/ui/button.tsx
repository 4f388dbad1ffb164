import { LoaderCircle, type LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cx } from './cx.ts'

type Look = 'primary' | 'quiet' | 'ghost' | 'live' | 'danger'

const LOOKS: Record<Look, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  quiet: 'bg-surface-2 text-text-1 hover:bg-surface-3',
  ghost: 'text-text-2 hover:bg-surface-2 hover:text-text-1',
  live: 'bg-live text-on-live hover:bg-live-strong',
  danger: 'bg-surface-2 text-danger hover:bg-surface-3',
}

const BASE =
  'inline-flex shrink-0 select-none items-center justify-center gap-2 rounded-full font-semibold whitespace-nowrap ' +
  'transition-[opacity,transform,background-color] active:scale-[0.98] disabled:opacity-50 disabled:active:scale-100'

/** The classes of a button, for a link that looks like one. */
export const buttonClass = (look: Look = 'quiet', size: 'sm' | 'md' | 'lg' = 'md'): string =>
  cx(
    BASE,
    LOOKS[look],
    size === 'sm' && 'h-8 px-3 text-sm',
    size === 'md' && 'h-10 px-4 text-sm',
    size === 'lg' && 'h-12 px-6 text-base',
  )

type ButtonProps = ComponentProps<'button'> & {
  look?: Look
  size?: 'sm' | 'md' | 'lg'
  icon?: LucideIcon
  isBusy?: boolean
}

export function Button(props: ButtonProps) {
  const { look, size, icon: Icon, isBusy = false, className, children, disabled, ...rest } = props
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || isBusy}
      aria-busy={isBusy || undefined}
      className={cx(buttonClass(look, size), className)}
    >
      {isBusy ? (
        <LoaderCircle aria-hidden size={18} className="animate-spin" />
      ) : (
        Icon && <Icon aria-hidden size={18} />
      )}
      {children}
    </button>
  )
}

type IconButtonProps = Omit<ComponentProps<'button'>, 'aria-label'> & { icon: LucideIcon; label: string }

/** The classes of an icon button, for a link that looks like one. */
export const iconLinkClass =
  'inline-flex size-10 shrink-0 items-center justify-center rounded-full text-text-2 transition-colors ' +
  'hover:bg-surface-2 hover:text-text-1 disabled:opacity-50'

/** A round button that is only an icon; `label` is its name and its tooltip. */
export function IconButton({ icon: Icon, label, className, ...rest }: IconButtonProps) {
  return (
    <button type="button" title={label} {...rest} aria-label={label} className={cx(iconLinkClass, className)}>
      <Icon aria-hidden size={20} />
    </button>
  )
}
