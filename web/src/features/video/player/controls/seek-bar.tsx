import { Slider } from 'radix-ui'
import { type PointerEvent, useState } from 'react'
import { formatDuration, formatLength } from '../../../../format/time.ts'
import { videoText } from '../../../../text/video.ts'
import type { Playing } from '../use-playing.ts'
import { type Frame, frameAt } from './storyboard.ts'

export type Chapter = { startMs: number; title: string }

type Props = {
  playing: Playing
  chapters: readonly Chapter[]
  frames: readonly Frame[]
  onSeek: (atS: number) => void
}

const SECOND_MS = 1000

/** Where a video is, what of it is loaded, its chapters, and a small picture of where one points. */
export function SeekBar({ playing, chapters, frames, onSeek }: Props) {
  const { atS, durationS, bufferedS } = playing
  const [pointed, setPointed] = useState<number>()
  const share = (seconds: number) => `${durationS > 0 ? Math.min(100, (seconds / durationS) * 100) : 0}%`
  const onPoint = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    setPointed(Math.max(0, Math.min(1, (event.clientX - left) / width)) * durationS)
  }
  return (
    <div className="relative" onPointerMove={onPoint} onPointerLeave={() => setPointed(undefined)}>
      {pointed !== undefined && durationS > 0 && (
        <Preview atS={pointed} left={share(pointed)} chapters={chapters} frames={frames} />
      )}
      <Slider.Root
        value={[atS]}
        max={Math.max(durationS, 0.1)}
        step={0.1}
        onValueChange={([to]) => onSeek(to ?? 0)}
        className="group/seek relative flex h-6 w-full touch-none items-center"
      >
        <Slider.Track className="relative h-1 flex-1 overflow-hidden rounded-full bg-white/30 transition-[height] group-hover/seek:h-1.5">
          <div className="absolute h-full bg-white/35" style={{ width: share(bufferedS) }} />
          <Slider.Range className="absolute h-full bg-accent-on-dark" />
          {chapters.slice(1).map(({ startMs }) => (
            <div
              key={startMs}
              className="absolute h-full w-0.5 bg-black/70"
              style={{ left: share(startMs / SECOND_MS) }}
            />
          ))}
        </Slider.Track>
        <Slider.Thumb
          aria-label={videoText('seek')}
          aria-valuetext={videoText('seekAt', {
            at: formatDuration(atS * SECOND_MS),
            of: formatLength(durationS * SECOND_MS),
          })}
          className="block size-3.5 rounded-full bg-accent-on-dark outline-offset-2 focus-visible:outline-2 focus-visible:outline-white"
        />
      </Slider.Root>
    </div>
  )
}

const chapterAt = (chapters: readonly Chapter[], atS: number): Chapter | undefined =>
  chapters.findLast(({ startMs }) => startMs / SECOND_MS <= atS)

function Preview({
  atS,
  left,
  chapters,
  frames,
}: { atS: number; left: string } & Pick<Props, 'chapters' | 'frames'>) {
  const frame = frameAt(frames, atS)
  const chapter = chapterAt(chapters, atS)
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute bottom-7 z-10 flex -translate-x-1/2 flex-col items-center gap-1 text-xs font-semibold text-white"
      style={{ left: `clamp(90px, ${left}, calc(100% - 90px))` }}
    >
      {frame && (
        <div
          className="rounded-sm bg-black bg-no-repeat ring-1 ring-white/40"
          style={{
            width: frame.width,
            height: frame.height,
            backgroundImage: `url("${frame.url}")`,
            backgroundPosition: `-${frame.x}px -${frame.y}px`,
          }}
        />
      )}
      {chapter && (
        <span className="max-w-60 truncate rounded-sm bg-black/75 px-2 py-0.5">{chapter.title}</span>
      )}
      <span className="rounded-sm bg-black/75 px-2 py-0.5 tabular-nums">
        {formatDuration(atS * SECOND_MS)}
      </span>
    </div>
  )
}
