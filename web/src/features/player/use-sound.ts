import { type RefObject, useCallback, useEffect, useState } from 'react'
import { readStored, writeStored } from '../../data/stored.ts'

export type Sound = {
  /** 0 to 1. */
  volume: number
  isMuted: boolean
  /** The browser did not allow sound without a click. */
  isBlocked: boolean
  setVolume(volume: number): void
  toggle(): void
}

/** Gives the element what it plays; `play` is called whenever there is something. Answers what takes it away again. */
export type Attach = (element: HTMLVideoElement, play: () => void) => () => void

/**
 * Plays what `attach` brings, with sound where the browser allows it without a click and muted otherwise; volume and
 * muting are kept in this browser. Another `attach` begins anew; without one nothing is played.
 */
export function useSound(video: RefObject<HTMLVideoElement | null>, attach: Attach | undefined): Sound {
  const [volume, setVolumeState] = useState(() => Number(readStored('volume') ?? 1))
  const [isMuted, setIsMuted] = useState(() => readStored('muted') === 'yes')
  const [isBlocked, setIsBlocked] = useState(false)

  // biome-ignore lint/correctness/useExhaustiveDependencies: playing begins once, with the sound of then.
  useEffect(() => {
    const element = video.current
    if (!element || !attach) return
    element.volume = volume
    element.muted = isMuted
    const play = () => {
      element.play().catch((error: unknown) => {
        if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || element.muted) return
        element.muted = true
        setIsBlocked(true)
        element.play().catch(() => {})
      })
    }
    return attach(element, play)
  }, [attach, video])

  const apply = useCallback(
    (muted: boolean, loudness: number) => {
      const element = video.current
      if (element) {
        element.muted = muted
        element.volume = loudness
        if (element.paused) element.play().catch(() => {})
      }
      setIsMuted(muted)
      setVolumeState(loudness)
      setIsBlocked(false)
      writeStored('muted', muted ? 'yes' : undefined)
      writeStored('volume', String(loudness))
    },
    [video],
  )
  const isSilent = isMuted || isBlocked || volume === 0
  return {
    volume,
    isMuted: isSilent,
    isBlocked,
    setVolume: useCallback((loudness: number) => apply(loudness === 0, loudness), [apply]),
    // Unmuting at volume 0 would stay silent; half is audible and does not frighten.
    toggle: useCallback(
      () => apply(!isSilent, isSilent && volume === 0 ? 0.5 : volume),
      [apply, isSilent, volume],
    ),
  }
}
