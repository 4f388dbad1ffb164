import { useEffect, useState } from 'react'

/** Shows the frame with its controls on the whole screen, or no longer. */
export function toggleFullscreen(frame: HTMLElement | null, video: HTMLVideoElement | null): void {
  if (document.fullscreenElement) void document.exitFullscreen()
  else if (frame?.requestFullscreen) void frame.requestFullscreen()
  // iPhones show only the video element itself in full screen.
  else (video as { webkitEnterFullscreen?: () => void } | null)?.webkitEnterFullscreen?.()
}

export function togglePictureInPicture(video: HTMLVideoElement | null): void {
  // The browser refuses while there is no picture; then there is nothing to show either.
  if (document.pictureInPictureElement) document.exitPictureInPicture().catch(() => {})
  else video?.requestPictureInPicture().catch(() => {})
}

export function useFullscreen(): boolean {
  const [isFullscreen, setIsFullscreen] = useState(false)
  useEffect(() => {
    const onChange = () => setIsFullscreen(document.fullscreenElement !== null)
    document.addEventListener('fullscreenchange', onChange)
    return () => document.removeEventListener('fullscreenchange', onChange)
  }, [])
  return isFullscreen
}
