import { useState } from 'react'
import { coverOf } from '../../../format/hue.ts'
import { coverSources, type Picture, thumbBackground } from '../../../format/picture.ts'
import { cx } from '../../../ui/cx.ts'

type Props = { handle: string; cover: Picture | null; className?: string }

/** The wide picture above a channel; without one, the colours of the handle. Always 3:1, so that nothing moves. */
export function ChannelCover({ handle, cover, className }: Props) {
  const [failedId, setFailedId] = useState<string>()
  const shown = cover && cover.id !== failedId ? cover : undefined
  return (
    <div
      aria-hidden
      className={cx('aspect-[3/1] w-full overflow-hidden', className)}
      style={{ background: (shown && thumbBackground(shown)) ?? coverOf(handle) }}
    >
      {shown && (
        <img
          {...coverSources(shown)}
          sizes="(min-width: 1100px) 1060px, 100vw"
          alt=""
          onError={() => setFailedId(shown.id)}
          className="size-full object-cover"
        />
      )}
    </div>
  )
}
