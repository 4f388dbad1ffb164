import {
  Captions,
  Maximize,
  Minimize,
  Pause,
  PictureInPicture2,
  Play,
  RectangleHorizontal,
  RotateCcw,
} from 'lucide-react'
import type { RefObject } from 'react'
import { formatDuration, formatLength } from '../../../../format/time.ts'
import { videoText } from '../../../../text/video.ts'
import { watch } from '../../../../text/watch.ts'
import { cx } from '../../../../ui/cx.ts'
import { ControlButton } from '../../../player/control-button.tsx'
import { togglePictureInPicture, useFullscreen } from '../../../player/full-screen.ts'
import type { Sound } from '../../../player/use-sound.ts'
import { Volume } from '../../../player/volume.tsx'
import { LiveButton } from '../../premiere/live-button.tsx'
import type { Place } from '../../premiere/use-together.ts'
import type { VideoSource } from '../source/use-video-source.ts'
import type { Playing } from '../use-playing.ts'
import { type Chapter, SeekBar } from './seek-bar.tsx'
import { Choices, Menu, SettingsMenu } from './settings-menu.tsx'
import type { Frame } from './storyboard.ts'
import { togglePlay } from './use-video-keys.ts'

type Props = {
  video: RefObject<HTMLVideoElement | null>
  playing: Playing
  source: VideoSource
  sound: Sound
  chapters: readonly Chapter[]
  frames: readonly Frame[]
  /** Undefined where one watches alone. */
  place: Place | undefined
  isHidden: boolean
  isTheatre: boolean
  onTheatre: (() => void) | undefined
  onFullscreen: () => void
}

const SECOND_MS = 1000

/** Over the lower end of the picture: where it is, and everything that can be done about it. */
export function VideoControls(props: Props) {
  const { video, playing, chapters, frames, isHidden } = props
  const onSeek = (toS: number) => {
    if (video.current) video.current.currentTime = toS
  }
  return (
    <div
      className={cx(
        'absolute inset-x-0 bottom-0 z-10 bg-linear-to-t from-black/80 to-transparent px-3 pt-10 pb-1 transition-opacity focus-within:opacity-100',
        isHidden && 'opacity-0',
      )}
    >
      <SeekBar playing={playing} chapters={chapters} frames={frames} onSeek={onSeek} />
      <Buttons {...props} />
    </div>
  )
}

function Buttons(props: Props) {
  const { video, playing, source, sound, place, isTheatre, onTheatre, onFullscreen } = props
  const isFullscreen = useFullscreen()
  const { isPaused, hasEnded, atS, durationS, rate } = playing
  const label = hasEnded ? 'replay' : isPaused ? 'play' : 'pause'
  const Icon = hasEnded ? RotateCcw : isPaused ? Play : Pause
  const onRate = (to: number) => {
    if (video.current) video.current.playbackRate = to
  }
  return (
    <div className="flex items-center gap-1">
      <ControlButton icon={Icon} label={videoText(label)} onClick={() => togglePlay(video.current)} />
      <Volume sound={sound} />
      <span data-testid="video-time" className="px-2 text-sm text-white tabular-nums">
        {formatDuration(atS * SECOND_MS)} / {formatLength(durationS * SECOND_MS)}
      </span>
      {place && <LiveButton place={place} />}
      <div className="ml-auto flex items-center gap-1">
        <CaptionsMenu source={source} />
        <SettingsMenu source={source} rate={rate} onRate={onRate} />
        {document.pictureInPictureEnabled && (
          <ControlButton
            icon={PictureInPicture2}
            label={watch('pictureInPicture')}
            onClick={() => togglePictureInPicture(video.current)}
            className="max-sm:hidden"
          />
        )}
        {!isFullscreen && onTheatre && (
          <ControlButton
            icon={RectangleHorizontal}
            label={watch(isTheatre ? 'exitTheatre' : 'theatre')}
            aria-pressed={isTheatre}
            onClick={onTheatre}
            className="max-lg:hidden"
          />
        )}
        <ControlButton
          icon={isFullscreen ? Minimize : Maximize}
          label={watch(isFullscreen ? 'exitFullscreen' : 'fullscreen')}
          onClick={onFullscreen}
        />
      </div>
    </div>
  )
}

/** Nothing where the video has none. */
function CaptionsMenu({ source: { tracks, chooseCaption } }: { source: VideoSource }) {
  if (tracks.captions.length === 0) return null
  return (
    <Menu label={videoText('captions')} icon={Captions} isOn={tracks.caption >= 0}>
      <Choices
        title={videoText('captions')}
        value={tracks.caption}
        choices={[{ id: -1, label: videoText('captionsOff') }, ...tracks.captions]}
        onChoose={chooseCaption}
      />
    </Menu>
  )
}
