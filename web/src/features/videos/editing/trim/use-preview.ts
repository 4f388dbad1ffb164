import { type RefObject, useEffect, useState } from 'react'
import type { Range } from './range.ts'

const SECOND_MS = 1000
/** A player that was sent to a moment may stand a little before it. */
const NEARLY_S = 0.05

/**
 * Plays what stays of a video and nothing else; `play` begins with it unless the player stands within. `lastMs` is where its
 * last picture begins.
 */
export function usePreview(
  video: RefObject<HTMLVideoElement | null>,
  { startMs, endMs }: Range,
  lastMs: number,
) {
  const [isPlaying, setIsPlaying] = useState(false)
  useEffect(() => {
    const element = video.current
    if (!element || !isPlaying) return
    // Once a picture: what is told of by events comes four times a second, far too late for an end.
    let asked = requestAnimationFrame(function look() {
      if (element.currentTime < endMs / SECOND_MS && !element.ended) {
        asked = requestAnimationFrame(look)
        return
      }
      element.pause()
      // It may have shown a picture more meanwhile.
      element.currentTime = lastMs / SECOND_MS
      setIsPlaying(false)
    })
    return () => cancelAnimationFrame(asked)
  }, [video, isPlaying, endMs, lastMs])

  function play(): void {
    const element = video.current
    if (!element) return
    const [startS, lastS] = [startMs / SECOND_MS, lastMs / SECOND_MS]
    const isIn = element.currentTime >= startS - NEARLY_S && element.currentTime < lastS - NEARLY_S
    if (!isIn) element.currentTime = startS
    element.play().then(
      () => setIsPlaying(true),
      // Refused only before there is anything to play.
      () => {},
    )
  }
  function pause(): void {
    video.current?.pause()
    setIsPlaying(false)
  }
  /** Shows the picture of a moment; of the end, the last one that stays. */
  function show(atMs: number): void {
    pause()
    if (video.current) video.current.currentTime = atMs / SECOND_MS
  }
  return { isPlaying, play, pause, show }
}
