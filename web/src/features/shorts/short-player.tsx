import { Play } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { videoText } from '../../text/video.ts'
import { usePlayback } from '../video/player/source/use-playback.ts'
import { useVideoSource } from '../video/player/source/use-video-source.ts'
import { useWatchReports } from '../video/player/use-watch-reports.ts'
import type { VideoCard } from '../video/tiles/video-tile.tsx'
import type { FeedSound } from './use-feed-sound.ts'

type Props = { video: VideoCard; isActive: boolean; sound: FeedSound }

/** One short: it plays while it is looked at, over and over; the one after it is loaded meanwhile and waits. */
export function ShortPlayer({ video: { id, title, posterUrl }, isActive, sound }: Props) {
  const video = useRef<HTMLVideoElement>(null)
  const { data, newest, refetch } = usePlayback(id)
  const { attach } = useVideoSource({ newest, baseUrl: data?.baseUrl, onExpired: refetch })
  const [isLoaded, setIsLoaded] = useState(false)
  const [isPaused, setIsPaused] = useState(true)
  useWatchReports(video, id)

  useEffect(() => {
    const element = video.current
    if (!element || !attach) return
    const end = attach(element, () => setIsLoaded(true))
    return () => {
      setIsLoaded(false)
      end()
    }
  }, [attach])

  const { isMuted, volume, block } = sound
  useEffect(() => {
    const element = video.current
    if (!element) return
    element.muted = isMuted
    element.volume = volume
  }, [isMuted, volume])

  // biome-ignore lint/correctness/useExhaustiveDependencies: whether sound was blocked is told once.
  useEffect(() => {
    const element = video.current
    if (!element || !isLoaded) return
    if (isActive) {
      element.play().catch((error: unknown) => {
        if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || element.muted) return
        block()
        element.muted = true
        element.play().catch(() => {})
      })
      return
    }
    element.pause()
    element.currentTime = 0
  }, [isActive, isLoaded])

  const toggle = () => {
    const element = video.current
    if (element?.paused) element.play().catch(() => {})
    else element?.pause()
  }
  return (
    <>
      <video
        ref={video}
        data-testid="short-video"
        aria-label={videoText('player', { title })}
        playsInline
        loop
        preload="auto"
        poster={posterUrl === null ? undefined : `${posterUrl}800.jpg`}
        onPlay={() => setIsPaused(false)}
        onPause={() => setIsPaused(true)}
        className="size-full object-contain"
      >
        <track kind="captions" />
      </video>
      <button
        type="button"
        aria-label={videoText(isPaused ? 'play' : 'pause')}
        tabIndex={isActive ? 0 : -1}
        onClick={toggle}
        className="absolute inset-0 grid place-items-center outline-offset-[-4px]"
      >
        {isPaused && isActive && isLoaded && (
          <Play aria-hidden size={56} className="rounded-full bg-black/50 fill-white p-3 text-white" />
        )}
      </button>
    </>
  )
}
