import { type RefObject, useEffect, useRef, useState } from 'react'
import { commonPlaceS, correction, isNear, type PremiereTimes, serverNow } from './phases.ts'

/** What all watch together, and how far the clock of the server is ahead of this page's steady one. */
export type Together = PremiereTimes & { aheadMs: number }

export type Place = {
  /** They are somewhere that the others have been before. */
  isBehind: boolean
  /** Goes to where all are, and plays. */
  toCommon(): void
}

/** What had to load goes to the others' place no more often: a place that is not loaded needs some time itself. */
const CORRECT_EVERY_MS = 4000
/** Changes of place that this makes are no wishes of the viewer. */
const OWN_SEEK_MAX_S = 0.1

/**
 * Keeps a player where all are. Who comes late begins there; who goes back stays behind until they come back; nobody gets
 * ahead, by whatever control, key or speed. Undefined where they watch alone: undefined `together` lets go of the player.
 */
export function useTogether(
  video: RefObject<HTMLVideoElement | null>,
  together: Together | undefined,
): Place | undefined {
  const [isBehind, setIsBehind] = useState(false)
  const toCommon = useRef(() => {})
  const { startsAt, endsAt, aheadMs = 0 } = together ?? {}
  // The clock that is read anew now and then is no reason to forget that its viewer went back.
  const newestAheadMs = useRef(aheadMs)
  useEffect(() => {
    newestAheadMs.current = aheadMs
  })
  useEffect(() => {
    const element = video.current
    if (!element || startsAt === undefined || endsAt === undefined) return
    const placeS = () => commonPlaceS({ startsAt, endsAt }, serverNow(newestAheadMs.current))
    const keeper = keep(element, placeS, setIsBehind)
    toCommon.current = keeper.toCommon
    return keeper.stop
  }, [video, startsAt, endsAt])
  return together && { isBehind, toCommon: () => toCommon.current() }
}

function keep(element: HTMLVideoElement, placeS: () => number, onBehind: (isBehind: boolean) => void) {
  let follows = true
  let ownPlaceS: number | undefined
  let correctedAtMs = Number.NEGATIVE_INFINITY

  const follow = (wanted: boolean) => {
    follows = wanted
    onBehind(!wanted)
  }

  function go(): void {
    ownPlaceS = placeS()
    correctedAtMs = performance.now()
    element.currentTime = ownPlaceS
  }

  function look(): void {
    if (element.readyState < HTMLMediaElement.HAVE_METADATA || element.seeking) return
    const wanted = correction(element.currentTime, placeS(), follows)
    if (wanted === 'ahead') {
      element.playbackRate = 1
      follow(true)
      go()
      return
    }
    const isDue = performance.now() - correctedAtMs > CORRECT_EVERY_MS
    if (wanted === 'behind' && !element.paused && isDue) go()
  }

  function onSeeking(): void {
    const isOwn = ownPlaceS !== undefined && Math.abs(element.currentTime - ownPlaceS) < OWN_SEEK_MAX_S
    ownPlaceS = undefined
    if (isOwn) return
    follow(isNear(element.currentTime, placeS()))
    if (correction(element.currentTime, placeS(), follows) === 'ahead') go()
  }

  const onPause = () => {
    if (!element.ended) follow(false)
  }
  const listeners = [
    ['loadedmetadata', go],
    ['seeking', onSeeking],
    ['pause', onPause],
    ['playing', look],
    ['timeupdate', look],
    ['ratechange', look],
  ] as const
  for (const [event, listener] of listeners) element.addEventListener(event, listener)
  if (element.readyState >= HTMLMediaElement.HAVE_METADATA) look()
  return {
    toCommon(): void {
      element.playbackRate = 1
      follow(true)
      go()
      // Refused only before there is anything to play.
      element.play().catch(() => {})
    },
    stop(): void {
      for (const [event, listener] of listeners) element.removeEventListener(event, listener)
      onBehind(false)
    },
  }
}
