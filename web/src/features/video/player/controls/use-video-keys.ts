import { type RefObject, useEffect, useRef } from 'react'
import { isTyping } from '../../../../shell/shortcuts.tsx'
import type { Sound } from '../../../player/use-sound.ts'
import { RATES } from './settings-menu.tsx'

type Keys = {
  video: RefObject<HTMLVideoElement | null>
  sound: Sound
  onFullscreen: () => void
  onTheatre: () => void
  onCaptions: () => void
  onPictureInPicture: () => void
}

const STEP_S = 5
const LEAP_S = 10
const VOLUME_STEP = 0.05

/** The keys of common players while a video is watched; those of a control that has the focus are its own. */
export function useVideoKeys(keys: Keys): void {
  const current = useRef(keys)
  useEffect(() => {
    current.current = keys
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // Where there is a chat too, one key is of one of both.
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return
      if (isOfControl(event)) return
      const act = actionOf(event.key, current.current)
      if (!act) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}

/** Space and arrows belong to buttons, sliders and menus. */
const isOfControl = ({ key, target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement &&
  (target.closest('[role=slider],[role=menu]') !== null
    ? key.startsWith('Arrow') || key === 'Home' || key === 'End' || key === ' ' || key === 'Enter'
    : key === ' ' && target.closest('button,a,summary,[role=button]') !== null)

function actionOf(key: string, keys: Keys): (() => void) | undefined {
  const element = keys.video.current
  if (!element) return undefined
  const seek = (toS: number) => () => {
    element.currentTime = Math.max(0, Math.min(toS, element.duration || 0))
  }
  const volume = (by: number) => () =>
    keys.sound.setVolume(Math.max(0, Math.min(1, (keys.sound.isMuted ? 0 : keys.sound.volume) + by)))
  if (/^\d$/.test(key)) return seek((Number(key) / 10) * (element.duration || 0))
  const actions: Record<string, () => void> = {
    ' ': () => togglePlay(element),
    k: () => togglePlay(element),
    ArrowLeft: seek(element.currentTime - STEP_S),
    ArrowRight: seek(element.currentTime + STEP_S),
    j: seek(element.currentTime - LEAP_S),
    l: seek(element.currentTime + LEAP_S),
    Home: seek(0),
    End: seek(element.duration),
    ArrowUp: volume(VOLUME_STEP),
    ArrowDown: volume(-VOLUME_STEP),
    m: keys.sound.toggle,
    f: keys.onFullscreen,
    t: keys.onTheatre,
    c: keys.onCaptions,
    i: keys.onPictureInPicture,
    '<': () => changeRate(element, -1),
    '>': () => changeRate(element, 1),
  }
  return actions[key]
}

export function togglePlay(element: HTMLVideoElement | null): void {
  // Refused only before there is anything to play; then there is nothing to say either.
  if (element?.paused) element.play().catch(() => {})
  else element?.pause()
}

function changeRate(element: HTMLVideoElement, by: number): void {
  const next = RATES[RATES.findIndex((rate) => rate >= element.playbackRate) + by]
  if (next !== undefined) element.playbackRate = next
}
