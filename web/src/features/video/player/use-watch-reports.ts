import { type RefObject, useEffect } from 'react'
import type { CallInput } from '../../../../../src/contract/index.ts'
import { newId } from '../../../../../src/core/ids.ts'
import { useApp } from '../../../data/app.tsx'
import { createWatchedSections } from './watched-sections.ts'

type Report = CallInput<'watch:report'>

/** Often enough for numbers that are of now, and seldom enough to be cheap. */
const REPORT_EVERY_MS = 10_000
/** The server takes no session that is older than a day. */
const SESSION_LIFE_MS = 12 * 3_600_000
const SECOND_MS = 1000

/** Tells the server what is watched: when playing begins, each ten seconds, at a pause, and when the page closes. */
export function useWatchReports(video: RefObject<HTMLVideoElement | null>, videoId: string): void {
  const { connection } = useApp()
  useEffect(() => {
    const element = video.current
    if (!element) return
    const watched = createWatchedSections()
    let session = { id: newId(), sinceMs: Date.now() }
    let hasBegun = false
    let isTelling = false

    const reportOf = (sections: Report['sections']): Report => ({
      ...{ videoId, sessionId: session.id, sections },
      ...{ referrer: referrerOf(), device: deviceOf(navigator.userAgent) },
      positionMs: Math.max(0, Math.round(element.currentTime * SECOND_MS)),
    })

    async function tell(): Promise<void> {
      if (isTelling || !hasBegun) return
      isTelling = true
      if (Date.now() - session.sinceMs > SESSION_LIFE_MS) session = { id: newId(), sinceMs: Date.now() }
      const sections = watched.take()
      try {
        const { isAccepted } = await connection.call('watch:report', reportOf(sections))
        if (!isAccepted) session = { id: newId(), sinceMs: Date.now() }
      } catch {
        // Nobody who watches needs to know; it is told with what follows.
        watched.putBack(sections)
      }
      isTelling = false
    }

    const onPlaying = () => {
      watched.at(element.currentTime)
      if (hasBegun) return
      hasBegun = true
      void tell()
    }
    const onTime = () => {
      if (!element.paused && !element.seeking) watched.at(element.currentTime)
    }
    const onStop = () => {
      onTime()
      void tell()
    }
    const onLeave = () => {
      onTime()
      if (!hasBegun) return
      const { videoId: id, ...body } = reportOf(watched.take())
      // The socket closes with the page; this request is sent also then.
      void fetch(`/api/videos/${id}/watching`, {
        method: 'POST',
        keepalive: true,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }).catch(() => {})
    }
    const timer = setInterval(() => {
      if (!element.paused) void tell()
    }, REPORT_EVERY_MS)
    const listeners = [
      ['playing', onPlaying],
      ['timeupdate', onTime],
      ['seeking', watched.cut],
      ['pause', onStop],
      ['ended', onStop],
    ] as const
    for (const [event, listener] of listeners) element.addEventListener(event, listener)
    addEventListener('pagehide', onLeave)
    return () => {
      clearInterval(timer)
      for (const [event, listener] of listeners) element.removeEventListener(event, listener)
      removeEventListener('pagehide', onLeave)
      // Another page of the app: the socket stays.
      onStop()
    }
  }, [connection, video, videoId])
}

/** As far as the browser tells: which page of ours somebody came from is not known here. */
function referrerOf(): Report['referrer'] {
  if (window.parent !== window) return 'embed'
  const isForeign = document.referrer !== '' && !document.referrer.startsWith(`${location.origin}/`)
  return isForeign ? 'elsewhere' : 'direct'
}

function deviceOf(userAgent: string): Report['device'] {
  if (/\bTV\b|SmartTV|BRAVIA|AFT[A-Z]/.test(userAgent)) return 'tv'
  if (/iPad|Tablet|Android(?!.*Mobile)/.test(userAgent)) return 'tablet'
  return /Mobi|iPhone/.test(userAgent) ? 'phone' : 'desktop'
}
