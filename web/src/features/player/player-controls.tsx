import { Maximize, Minimize, PictureInPicture2, RectangleHorizontal } from 'lucide-react'
import type { RefObject } from 'react'
import type { Watcher } from '../../../../client/live/watcher.ts'
import { watch } from '../../text/watch.ts'
import { cx } from '../../ui/cx.ts'
import { ControlButton } from './control-button.tsx'
import { togglePictureInPicture, useFullscreen } from './full-screen.ts'
import { QualityMenu } from './quality-menu.tsx'
import type { Sound } from './use-sound.ts'
import { Volume } from './volume.tsx'

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
