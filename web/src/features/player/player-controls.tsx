import {
  Maximize,
  Minimize,
  PictureInPicture2,
  RectangleHorizontal,
  Volume1,
  Volume2,
  VolumeX,
} from 'lucide-react'
import { Slider } from 'radix-ui'
import { type RefObject, useEffect, useState } from 'react'
import type { Watcher } from '../../../../client/live/watcher.ts'
import { watch } from '../../text/watch.ts'
import { cx } from '../../ui/cx.ts'
import { ControlButton } from './control-button.tsx'
import { QualityMenu } from './quality-menu.tsx'
import type { Sound } from './use-sound.ts'

type Props = {
  video: RefObject<HTMLVideoElement | null>
  watcher: Watcher | undefined
  sound: Sound
  isHidden: boolean
  isTheatre: boolean
  onTheatre: () => void
  onFullscreen: () => void
}

export function PlayerControls({
  video,
  watcher,
  sound,
  isHidden,
  isTheatre,
  onTheatre,
  onFullscreen,
}: Props) {
  const isFullscreen = useFullscreen()
  return (
    <div
      className={cx(
        'absolute inset-x-0 bottom-0 z-10 flex items-center gap-1 bg-linear-to-t from-black/75 to-transparent px-3 pt-10 pb-2 transition-opacity focus-within:opacity-100',
        isHidden && 'opacity-0',
      )}
    >
      <Volume sound={sound} />
      <div className="ml-auto flex items-center gap-1">
        {watcher && <QualityMenu watcher={watcher} />}
        {document.pictureInPictureEnabled && (
          <ControlButton
            icon={PictureInPicture2}
            label={watch('pictureInPicture')}
            onClick={() => togglePictureInPicture(video.current)}
          />
        )}
        {!isFullscreen && (
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

function Volume({ sound }: { sound: Sound }) {
  const shown = sound.isMuted ? 0 : sound.volume
  return (
    <div className="group/volume flex items-center">
      <ControlButton
        icon={shown === 0 ? VolumeX : shown < 0.5 ? Volume1 : Volume2}
        label={watch(sound.isMuted ? 'unmute' : 'mute')}
        onClick={sound.toggle}
      />
      <Slider.Root
        value={[shown]}
        max={1}
        step={0.05}
        onValueChange={([volume]) => sound.setVolume(volume ?? 0)}
        className="relative ml-1 flex h-10 w-24 touch-none items-center opacity-0 transition-opacity group-focus-within/volume:opacity-100 group-hover/volume:opacity-100 max-md:hidden"
      >
        <Slider.Track className="relative h-1 flex-1 rounded-full bg-white/35">
          <Slider.Range className="absolute h-full rounded-full bg-white" />
        </Slider.Track>
        <Slider.Thumb aria-label={watch('volume')} className="block size-3.5 rounded-full bg-white" />
      </Slider.Root>
    </div>
  )
}

function togglePictureInPicture(video: HTMLVideoElement | null): void {
  // The browser refuses while there is no picture; then there is nothing to show either.
  if (document.pictureInPictureElement) document.exitPictureInPicture().catch(() => {})
  else video?.requestPictureInPicture().catch(() => {})
}

function useFullscreen(): boolean {
  const [isFullscreen, setIsFullscreen] = useState(false)
  useEffect(() => {
    const onChange = () => setIsFullscreen(document.fullscreenElement !== null)
    document.addEventListener('fullscreenchange', onChange)
    return () => document.removeEventListener('fullscreenchange', onChange)
  }, [])
  return isFullscreen
}
