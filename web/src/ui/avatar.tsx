import { avatarColor } from '../format/hue.ts'
import { cx } from './cx.ts'

/** Initials on the colour of the handle. Decorative: the name always stands beside it. */
export function Avatar({ handle, name, size = 36, className }: AvatarProps) {
  return (
    <span
      aria-hidden
      className={cx(
        'inline-flex shrink-0 select-none items-center justify-center rounded-full font-semibold text-white',
        className,
      )}
      style={{ width: size, height: size, fontSize: Math.round(size * 0.4), background: avatarColor(handle) }}
    >
      {initialsOf(name)}
    </span>
  )
}

type AvatarProps = { handle: string; name: string; size?: number; className?: string }

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  const first = [...(words[0] ?? '')][0] ?? '?'
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : ''
  return (first + last).toUpperCase()
}
