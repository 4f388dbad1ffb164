import { VolumeX } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { coverOf } from '../../format/hue.ts'
import { watch } from '../../text/watch.ts'
import { buttonClass } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import type { Broadcast, Stream } from '../watch/stream-state.ts'
import { toggleFullscreen } from './full-screen.ts'
import { PlayerControls } from './player-controls.tsx'
import { StageNotice } from './stage-notice.tsx'
import { useIdle } from './use-idle.ts'
import { usePlayerKeys } from './use-player-keys.ts'
import { type Attach, useSound } from './use-sound.ts'
import { useWatcher } from './use-watcher.ts'

type PlayerProps = {
  stream: Stream
  broadcast: Broadcast
  isTheatre: boolean
  onTheatre: () => void
}

/** The live picture with its controls; what is missing of it is said over its last frame. */
export function Player({ stream, broadcast, isTheatre, onTheatre }: PlayerProps) {
  const frame = useRef<HTMLDivElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const view = useWatcher(stream.id)
  const picture = view.watcher?.stream
  const sound = useSound(
    video,
    useMemo(() => picture && attachLive(picture), [picture]),
  )
  const [hasPicture, setHasPicture] = useState(false)
  const isIdle = useIdle(frame)
  const onFullscreen = () => toggleFullscreen(frame.current, video.current)
  usePlayerKeys({ onMute: sound.toggle, onFullscreen, onTheatre })
  return (
    <div
      ref={frame}
      className={cx('group relative isolate size-full overflow-hidden bg-black', isIdle && 'cursor-none')}
      style={hasPicture ? undefined : { background: coverOf(stream.owner.handle) }}
    >
      {/* biome-ignore lint/a11y/useMediaCaption: a live picture from a browser comes without captions. */}
      <video
        ref={video}
        data-testid="watch-video"
        aria-label={watch('video', { name: stream.owner.displayName })}
        playsInline
        autoPlay
        onResize={(event) => setHasPicture(event.currentTarget.videoWidth > 0)}
        className={cx('size-full object-contain', !hasPicture && 'opacity-0')}
      />
      <StageNotice stream={stream} broadcast={broadcast} view={view} hasPicture={hasPicture} />
      {sound.isBlocked && hasPicture && (
        <button
          type="button"
          onClick={sound.toggle}
          className={cx(buttonClass('primary'), 'absolute top-4 left-4 animate-appear')}
        >
          <VolumeX aria-hidden size={18} />
          {watch('tapToUnmute')}
        </button>
      )}
      <PlayerControls
        video={video}
        watcher={view.watcher}
        sound={sound}
        isHidden={isIdle && hasPicture}
        isTheatre={isTheatre}
        onTheatre={onTheatre}
        onFullscreen={onFullscreen}
      />
    </div>
  )
}

const attachLive =
  (picture: MediaStream): Attach =>
  (element, play) => {
    element.srcObject = picture
    play()
    picture.addEventListener('addtrack', play)
    return () => {
      picture.removeEventListener('addtrack', play)
      element.srcObject = null
    }
  }
