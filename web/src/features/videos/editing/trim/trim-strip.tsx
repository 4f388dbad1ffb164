import { Slider } from 'radix-ui'
import type { KeyboardEvent } from 'react'
import { trimText } from '../../../../text/trim.ts'
import { type Frame, frameAt } from '../../../video/player/controls/storyboard.ts'
import { writeTime } from '../captions/cues.ts'
import { type Bounds, LENGTH_MIN_MS, type Range, stepOf, withEnd, withStart } from './range.ts'

type Props = {
  bounds: Bounds
  range: Range
  atMs: number
  frames: readonly Frame[]
  /** `atMs`: the moment that was moved to. */
  onChange: (range: Range, atMs: number) => void
}

/** Pictures beside each other; more are too narrow on a phone to show anything. */
const TILES = 8
const HEIGHT_PX = 64
/** As wide as one is on the widest page. */
const TILE_WIDTH_PX = 96

/** All of a video in small pictures, with a handle at each end of what stays. */
export function TrimStrip({ bounds, range, atMs, frames, onChange }: Props) {
  const { durationMs } = bounds
  const { startMs, endMs } = range
  const share = (ms: number) => `${(100 * ms) / durationMs}%`
  const toStart = (ms: number) => {
    const next = withStart(range, ms, bounds)
    onChange(next, next.startMs)
  }
  const toEnd = (ms: number) => {
    const next = withEnd(range, ms, bounds)
    onChange(next, next.endMs)
  }
  const onKey = (event: KeyboardEvent, from: number, move: (ms: number) => void) => {
    const step = stepOf(event, bounds)
    if (step === undefined) return
    event.preventDefault()
    move(from + step)
  }
  return (
    <Slider.Root
      aria-label={trimText('strip')}
      value={[startMs, endMs]}
      max={durationMs}
      step={1}
      minStepsBetweenThumbs={LENGTH_MIN_MS}
      onValueChange={([start = 0, end = durationMs]) => (start === startMs ? toEnd(end) : toStart(start))}
      className="relative flex h-16 w-full touch-none items-center select-none"
    >
      <Slider.Track className="relative h-full w-full overflow-hidden rounded-sm bg-surface-3">
        <div aria-hidden className="absolute inset-0 flex">
          {Array.from({ length: TILES }, (_, i) => (
            <Tile key={String(i)} frame={frameAt(frames, ((i + 0.5) * durationMs) / TILES / 1000)} />
          ))}
        </div>
        <div className="absolute inset-y-0 left-0 bg-surface-0/80" style={{ width: share(startMs) }} />
        <div
          className="absolute inset-y-0 right-0 bg-surface-0/80"
          style={{ width: share(durationMs - endMs) }}
        />
        <Slider.Range className="absolute h-full border-y-3 border-accent" />
        <div aria-hidden className="absolute inset-y-0 w-0.5 bg-white" style={{ left: share(atMs) }} />
      </Slider.Track>
      <Handle label={trimText('start')} ms={startMs} onKey={(event) => onKey(event, startMs, toStart)} />
      <Handle label={trimText('end')} ms={endMs} onKey={(event) => onKey(event, endMs, toEnd)} />
    </Slider.Root>
  )
}

type HandleProps = { label: string; ms: number; onKey: (event: KeyboardEvent) => void }

/** Wider to the touch than it is drawn. */
const Handle = ({ label, ms, onKey }: HandleProps) => (
  <Slider.Thumb
    aria-label={label}
    aria-valuetext={writeTime(Math.round(ms))}
    onKeyDown={onKey}
    className="relative grid h-16 w-4 cursor-ew-resize place-items-center rounded-sm bg-accent outline-offset-2 before:absolute before:-inset-x-3 before:inset-y-0 focus-visible:outline-2 focus-visible:outline-accent"
  >
    <span aria-hidden className="h-6 w-0.5 rounded-full bg-on-accent" />
  </Slider.Thumb>
)

/** One picture, so large that it fills its place. */
function Tile({ frame }: { frame: Frame | undefined }) {
  if (!frame) return <div className="flex-1" />
  const { url, x, y, width, height } = frame
  const scale = Math.max(HEIGHT_PX / height, TILE_WIDTH_PX / width)
  return (
    <div className="relative flex-1 overflow-hidden">
      <div
        className="absolute top-1/2 left-1/2 bg-no-repeat"
        style={{
          ...{ width, height, transform: `translate(-50%, -50%) scale(${scale})` },
          ...{ backgroundImage: `url("${url}")`, backgroundPosition: `-${x}px -${y}px` },
        }}
      />
    </div>
  )
}
