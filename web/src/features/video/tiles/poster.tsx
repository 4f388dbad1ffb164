import { type ReactNode, useState } from 'react'
import { thumbBackground } from '../../../format/picture.ts'
import { formatLength } from '../../../format/time.ts'
import { cx } from '../../../ui/cx.ts'

const POSTER_PX = [240, 480, 800, 1280] as const

type Poster = { thumbhash: string | null; posterUrl: string | null }

/** All sizes of one format of a poster. */
const sources = (posterUrl: string, format: string) =>
  POSTER_PX.map((px) => `${posterUrl}${px}.${format} ${px}w`).join(', ')

type Props = {
  video: Poster & { durationMs: number | null; previewUrl?: string | null }
  /** How wide it is shown, as the attribute `sizes`. */
  sizes: string
  className?: string
  children?: ReactNode
}

/** The poster of a video with its length; a few moving seconds under the pointer. What is not there yet is a soft stand-in. */
export function VideoPoster({ video, sizes, className, children }: Props) {
  const { thumbhash, posterUrl, previewUrl, durationMs } = video
  const [isPointed, setIsPointed] = useState(false)
  return (
    <div
      className={cx('relative isolate overflow-hidden rounded-md bg-surface-3', className)}
      style={{ background: thumbhash ? thumbBackground({ id: '', thumbhash }) : undefined }}
      onPointerEnter={({ pointerType }) => setIsPointed(pointerType === 'mouse')}
      onPointerLeave={() => setIsPointed(false)}
    >
      {posterUrl && (
        <picture>
          <source type="image/avif" srcSet={sources(posterUrl, 'avif')} sizes={sizes} />
          <source type="image/webp" srcSet={sources(posterUrl, 'webp')} sizes={sizes} />
          <img src={`${posterUrl}480.jpg`} alt="" loading="lazy" className="size-full object-cover" />
        </picture>
      )}
      {isPointed && previewUrl && (
        <img
          src={previewUrl}
          alt=""
          className="absolute inset-0 size-full animate-appear object-cover motion-reduce:hidden"
        />
      )}
      {durationMs !== null && (
        <span className="absolute right-2 bottom-2 rounded-sm bg-black/75 px-1.5 text-xs font-semibold text-white tabular-nums">
          {formatLength(durationMs)}
        </span>
      )}
      {children}
    </div>
  )
}
