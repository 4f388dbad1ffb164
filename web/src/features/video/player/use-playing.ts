import { type RefObject, useEffect, useState } from 'react'

/** How a video plays now; times in seconds. */
export type Playing = {
  isPaused: boolean
  isWaiting: boolean
  hasEnded: boolean
  /** Whether there was a picture already. */
  hasBegun: boolean
  atS: number
  durationS: number
  /** Up to where it is loaded from here on. */
  bufferedS: number
  rate: number
}

const EVENTS = [
  ...['play', 'pause', 'playing', 'waiting', 'seeking', 'seeked', 'ended', 'timeupdate', 'durationchange'],
  ...['progress', 'ratechange', 'emptied', 'loadeddata'],
]

const NOTHING: Playing = {
  ...{ isPaused: true, isWaiting: false, hasEnded: false, hasBegun: false },
  ...{ atS: 0, durationS: 0, bufferedS: 0, rate: 1 },
}

/** Reads the element whenever it says that something changed. */
export function usePlaying(video: RefObject<HTMLVideoElement | null>): Playing {
  const [playing, setPlaying] = useState(NOTHING)
  useEffect(() => {
    const element = video.current
    if (!element) return
    const read = () => setPlaying(playingOf(element))
    for (const event of EVENTS) element.addEventListener(event, read)
    read()
    return () => {
      for (const event of EVENTS) element.removeEventListener(event, read)
    }
  }, [video])
  return playing
}

function playingOf(element: HTMLVideoElement): Playing {
  const { paused, ended, currentTime, duration, buffered, playbackRate, readyState, seeking } = element
  let bufferedS = 0
  for (let i = 0; i < buffered.length; i++)
    if (buffered.start(i) <= currentTime + 0.5) bufferedS = Math.max(bufferedS, buffered.end(i))
  return {
    isPaused: paused,
    isWaiting: !paused && (seeking || readyState < HTMLMediaElement.HAVE_FUTURE_DATA) && !ended,
    hasEnded: ended,
    hasBegun: readyState >= HTMLMediaElement.HAVE_CURRENT_DATA,
    atS: currentTime,
    durationS: Number.isFinite(duration) ? duration : 0,
    bufferedS,
    rate: playbackRate,
  }
}
