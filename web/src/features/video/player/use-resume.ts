import { type RefObject, useEffect } from 'react'

/** Who watched less than this begins anew. */
const RESUME_MIN_MS = 5000
/** Behind this it plays already, and nobody wants it to jump. */
const BEGUN_MAX_S = 3
const SECOND_MS = 1000

/** Goes on where somebody stopped, as soon as both that and the video are there. */
export function useResume(video: RefObject<HTMLVideoElement | null>, startMs: number | undefined): void {
  useEffect(() => {
    const element = video.current
    if (!element || startMs === undefined || startMs < RESUME_MIN_MS) return
    const resume = () => {
      if (element.currentTime <= BEGUN_MAX_S) element.currentTime = startMs / SECOND_MS
    }
    if (element.readyState >= HTMLMediaElement.HAVE_METADATA) return resume()
    element.addEventListener('loadedmetadata', resume, { once: true })
    return () => element.removeEventListener('loadedmetadata', resume)
  }, [video, startMs])
}
