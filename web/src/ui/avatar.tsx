import { useMemo, useState } from 'react'
import { avatarColor } from '../format/hue.ts'
import { avatarSources, type Picture, thumbBackground } from '../format/picture.ts'
import { cx } from './cx.ts'

type AvatarProps = {
  handle: string
  name: string
  picture: Picture | null | undefined
  size?: number
  className?: string
}

/**
 * Somebody's picture, its place taken by its blurred form until it is there; without one, or where it can't be had,
 * initials on the colour of the handle. Decorative: the name always stands beside it.
 */
export function Avatar({ handle, name, picture, size = 36, className }: AvatarProps) {
  const [failedId, setFailedId] = useState<string>()
  const shown = picture && picture.id !== failedId ? picture : undefined
  const blurred = useMemo(() => shown && thumbBackground(shown), [shown])
  return (
    <span
      aria-hidden
      className={cx(
        'inline-flex shrink-0 select-none items-center justify-center overflow-hidden rounded-full align-middle font-semibold text-white',
        className,
      )}
      style={{
        width: size,
        height: size,
        fontSize: Math.round(size * 0.4),
        background: blurred ?? avatarColor(handle),
      }}
    >
      {shown ? (
        <img
          {...avatarSources(shown, size)}
          alt=""
          width={size}
          height={size}
          decoding="async"
          draggable={false}
          onError={() => setFailedId(shown.id)}
          className="size-full object-cover"
        />
      ) : (
        initialsOf(name)
      )}
    </span>
  )
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  const first = [...(words[0] ?? '')][0] ?? '?'
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : ''
  return (first + last).toUpperCase()
}
