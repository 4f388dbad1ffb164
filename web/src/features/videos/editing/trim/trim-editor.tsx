import { Pause, Play, Scissors, Undo2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { trimText } from '../../../../text/trim.ts'
import { Button } from '../../../../ui/button.tsx'
import { usePlayback } from '../../../video/player/source/use-playback.ts'
import { useVideoSource } from '../../../video/player/source/use-video-source.ts'
import { usePlaying } from '../../../video/player/use-playing.ts'
import { useStoryboard } from '../../../video/player/use-storyboard.ts'
import { writeTime } from '../captions/cues.ts'
import { type Bounds, frameMs, isWhole, type Range, shortTime, wholeOf, withEnd, withStart } from './range.ts'
import { TimeField } from './time-field.tsx'
import { TrimStrip } from './trim-strip.tsx'
import { usePreview } from './use-preview.ts'

type Props = {
  videoId: string
  title: string
  bounds: Bounds
  isSaving: boolean
  /** In milliseconds of what is shown. */
  onSave: (range: Range) => void
}

/** What is shown of a video, with handles for what stays of it. */
export function TrimEditor({ videoId, title, bounds, isSaving, onSave }: Props) {
  const video = useRef<HTMLVideoElement>(null)
  const { data, newest, refetch } = usePlayback(videoId)
  const { attach } = useVideoSource({ newest, baseUrl: data?.baseUrl, onExpired: refetch })
  useEffect(() => {
    if (video.current && attach) return attach(video.current, () => {})
  }, [attach])
  const { atS } = usePlaying(video)
  const frames = useStoryboard(data?.baseUrl)
  const [range, setRange] = useState(() => wholeOf(bounds))
  const preview = usePreview(video, range, range.endMs - frameMs(bounds))
  const atMs = Math.min(atS * 1000, bounds.durationMs)
  const change = (next: Range, toMs: number) => {
    setRange(next)
    // The end is behind the last picture that stays.
    preview.show(toMs === next.endMs ? toMs - frameMs(bounds) : toMs)
  }
  const { durationMs } = bounds
  const isAll = isWhole(range, bounds)
  return (
    <div className="flex flex-col gap-4">
      <div className="aspect-video max-h-[40dvh] w-full overflow-hidden rounded-md bg-black">
        {/* biome-ignore lint/a11y/useMediaCaption: what is cut is looked at, not read. */}
        <video
          ref={video}
          data-testid="trim-video"
          aria-label={trimText('video', { title })}
          playsInline
          className="size-full object-contain"
        />
      </div>
      <TrimStrip {...{ bounds, range, atMs, frames }} onChange={change} />
      <Playback {...{ preview, atMs }} />
      <Times {...{ bounds, range, atMs, onChange: change }} />
      <p aria-live="polite" className="text-sm text-text-2 tabular-nums">
        {isAll
          ? trimText('staysAll')
          : trimText('stays', {
              length: shortTime(range.endMs - range.startMs),
              whole: shortTime(durationMs),
            })}
      </p>
      <p className="text-sm text-pretty text-text-3">
        {trimText('saveHint')} {range.startMs > 0 && trimText('chapters')}
      </p>
      <div className="flex flex-wrap justify-end gap-3">
        {!isAll && (
          <Button icon={Undo2} onClick={() => change(wholeOf(bounds), 0)}>
            {trimText('resetRange')}
          </Button>
        )}
        <Button
          look="primary"
          icon={Scissors}
          isBusy={isSaving}
          disabled={isAll}
          onClick={() => onSave(range)}
        >
          {trimText('save')}
        </Button>
      </div>
    </div>
  )
}

type PlaybackProps = { preview: ReturnType<typeof usePreview>; atMs: number }

const Playback = ({ preview, atMs }: PlaybackProps) => (
  <div className="flex flex-wrap items-center gap-3">
    <Button
      icon={preview.isPlaying ? Pause : Play}
      onClick={preview.isPlaying ? preview.pause : preview.play}
    >
      {trimText(preview.isPlaying ? 'pause' : 'play')}
    </Button>
    <span className="text-sm text-text-2 tabular-nums" data-testid="trim-at">
      {trimText('at', { at: writeTime(Math.round(atMs)) })}
    </span>
    <span className="text-sm text-text-3 max-md:hidden">{trimText('keys')}</span>
  </div>
)

type TimesProps = {
  bounds: Bounds
  range: Range
  atMs: number
  onChange: (range: Range, atMs: number) => void
}

/** Both ends as times, to be typed or taken from where the picture stands. */
function Times({ bounds, range, atMs, onChange }: TimesProps) {
  const toStart = (ms: number) => {
    const next = withStart(range, ms, bounds)
    onChange(next, next.startMs)
  }
  const toEnd = (ms: number) => {
    const next = withEnd(range, ms, bounds)
    onChange(next, next.endMs)
  }
  return (
    <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
      <TimeField
        label={trimText('startField')}
        valueMs={range.startMs}
        isRight={(startMs) => withStart(range, startMs, bounds).startMs >= startMs - frameMs(bounds)}
        onChange={toStart}
        action={{ label: trimText('startHere'), onAct: () => toStart(atMs) }}
      />
      <TimeField
        label={trimText('endField')}
        valueMs={range.endMs}
        isRight={(endMs) =>
          endMs <= bounds.durationMs && withEnd(range, endMs, bounds).endMs <= endMs + frameMs(bounds)
        }
        onChange={toEnd}
        action={{ label: trimText('endHere'), onAct: () => toEnd(atMs + frameMs(bounds)) }}
      />
    </div>
  )
}
