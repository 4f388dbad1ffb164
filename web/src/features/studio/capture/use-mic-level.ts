import { type RefObject, useEffect } from 'react'

/** Below this loudness (decibels below full scale) a room is quiet, and the meter is empty. */
const FLOOR_DB = -60

/** Draws the loudness of a track as the horizontal scale of an element, once a frame and past React. */
export function useMicLevel(track: MediaStreamTrack | undefined, meter: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (!track) return
    const context = new AudioContext()
    const analyser = context.createAnalyser()
    analyser.fftSize = 1024
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser)
    // Browsers start sound only after somebody did something on the page.
    const wake = () => void context.resume()
    window.addEventListener('pointerdown', wake, { once: true })
    const samples = new Float32Array(analyser.fftSize)
    let frame = 0
    const draw = () => {
      analyser.getFloatTimeDomainData(samples)
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
      const loudness = power > 0 ? 1 - (10 * Math.log10(power)) / FLOOR_DB : 0
      if (meter.current) meter.current.style.transform = `scaleX(${Math.min(1, Math.max(0, loudness))})`
      frame = requestAnimationFrame(draw)
    }
    draw()
    return () => {
      window.removeEventListener('pointerdown', wake)
      cancelAnimationFrame(frame)
      void context.close()
    }
  }, [track, meter])
}
