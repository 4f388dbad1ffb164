import { Play, VolumeX } from 'lucide-react'
import { type ReactNode, type Ref, useImperativeHandle, useRef } from 'react'
import { common } from '../../../text/common.ts'
import { videoText } from '../../../text/video.ts'
import { watch } from '../../../text/watch.ts'
import { Button, buttonClass } from '../../../ui/button.tsx'
import { cx } from '../../../ui/cx.ts'
import { Spinner } from '../../../ui/skeleton.tsx'
import { toggleFullscreen, togglePictureInPicture } from '../../player/full-screen.ts'
import { Veil } from '../../player/stage-notice.tsx'
import { useIdle } from '../../player/use-idle.ts'
import { useSound } from '../../player/use-sound.ts'
import { type Together, useTogether } from '../premiere/use-together.ts'
import type { Chapter } from './controls/seek-bar.tsx'
import { togglePlay, useVideoKeys } from './controls/use-video-keys.ts'
import { VideoControls } from './controls/video-controls.tsx'
import { usePlayback } from './source/use-playback.ts'
import { useVideoSource } from './source/use-video-source.ts'
import { type Playing, usePlaying } from './use-playing.ts'
import { useResume } from './use-resume.ts'
import { useStoryboard } from './use-storyboard.ts'
import { useWatchReports } from './use-watch-reports.ts'

/** What a page may do with its player. */
export type PlayerControl = { seek: (atMs: number) => void }

type Props = {
  control?: Ref<PlayerControl>
  videoId: string
  title: string
  chapters: readonly Chapter[]
  /** Address of the picture that is shown before the first one of the video. */
  posterUrl: string | undefined
  /** Where to go on; undefined as long as that is not known, and to begin at the beginning. */
  startMs?: number | undefined
  isTheatre?: boolean
  /** Absent where there is no theatre. */
  onTheatre?: () => void
  /** What all watch at the same place; without it one watches alone. */
  together?: Together | undefined
  /** Shown over the last picture once the video has ended. */
  afterEnd?: ReactNode
}

/** A video with its controls. */
export function VideoPlayer({
  control,
  videoId,
  title,
  chapters,
  posterUrl,
  startMs,
  isTheatre = false,
  onTheatre,
  together,
  afterEnd,
}: Props) {
  const frame = useRef<HTMLDivElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const { data, newest, error, refusal, refetch } = usePlayback(videoId)
  const source = useVideoSource({ newest, baseUrl: data?.baseUrl, onExpired: refetch })
  const sound = useSound(video, source.attach)
  const playing = usePlaying(video)
  useResume(video, together ? undefined : startMs)
  const place = useTogether(video, together)
  useImperativeHandle(control, () => ({ seek: (atMs) => goTo(video.current, atMs) }), [])
  useWatchReports(video, videoId)
  const frames = useStoryboard(playing.hasBegun ? data?.baseUrl : undefined)
  const isIdle = useIdle(frame) && !playing.isPaused
  const onFullscreen = () => toggleFullscreen(frame.current, video.current)
  const { tracks, chooseCaption } = source
  useVideoKeys({
    ...{ video, sound, onFullscreen, onTheatre: onTheatre ?? (() => {}) },
    onCaptions: () => chooseCaption(tracks.caption < 0 && tracks.captions.length > 0 ? 0 : -1),
    onPictureInPicture: () => togglePictureInPicture(video.current),
  })
  return (
    <div
      ref={frame}
      className={cx('group relative isolate size-full overflow-hidden bg-black', isIdle && 'cursor-none')}
    >
      {/* biome-ignore lint/a11y/useMediaCaption: captions come with the playlist. */}
      <video
        ref={video}
        data-testid="video"
        aria-label={videoText('player', { title })}
        playsInline
        poster={posterUrl}
        onClick={() => togglePlay(video.current)}
        className="size-full object-contain"
      />
      <Over
        {...{ playing, isRefused: refusal !== undefined }}
        hasFailed={source.hasFailed || (error !== null && !data)}
        onRetry={() => location.reload()}
        onPlay={() => togglePlay(video.current)}
      />
      {sound.isBlocked && playing.hasBegun && <Unmute onClick={sound.toggle} />}
      {playing.hasEnded && afterEnd}
      <VideoControls
        {...{ video, playing, source, sound, chapters, frames, place, isTheatre, onTheatre, onFullscreen }}
        isHidden={isIdle}
      />
    </div>
  )
}

/** The browser did not allow sound without a click. */
const Unmute = ({ onClick }: { onClick: () => void }) => (
  <button
    type="button"
    onClick={onClick}
    className={cx(buttonClass('primary'), 'absolute top-4 left-4 animate-appear')}
  >
    <VolumeX aria-hidden size={18} />
    {watch('tapToUnmute')}
  </button>
)

/** Plays from there, and brings the picture into sight where one has scrolled past it. */
function goTo(element: HTMLVideoElement | null, atMs: number): void {
  if (!element) return
  element.currentTime = atMs / 1000
  // Refused only before there is anything to play.
  element.play().catch(() => {})
  element.scrollIntoView({ block: 'nearest' })
}

type OverProps = {
  playing: Playing
  isRefused: boolean
  hasFailed: boolean
  onRetry: () => void
  onPlay: () => void
}

/** Over the picture: that it waits, that it can not go on, or a large button while it has not begun. */
function Over({ playing, isRefused, hasFailed, onRetry, onPlay }: OverProps) {
  if (isRefused) return <Veil title={videoText('refusedTitle')} hint={videoText('refusedHint')} />
  if (hasFailed)
    return (
      <Veil
        title={videoText('failedTitle')}
        hint={videoText('failedHint')}
        action={
          <Button look="primary" onClick={onRetry}>
            {common('retry')}
          </Button>
        }
      />
    )
  if (playing.isWaiting)
    return (
      <div
        role="status"
        aria-label={common('loading')}
        className="pointer-events-none absolute inset-0 grid place-items-center text-white"
      >
        <Spinner size={44} />
      </div>
    )
  if (!playing.isPaused || playing.hasEnded || playing.atS > 0) return null
  return (
    <button
      type="button"
      aria-label={videoText('play')}
      onClick={onPlay}
      className="absolute inset-0 m-auto grid size-20 place-items-center rounded-full bg-black/60 text-white transition-transform hover:scale-105"
    >
      <Play aria-hidden size={36} className="translate-x-0.5 fill-current" />
    </button>
  )
}
