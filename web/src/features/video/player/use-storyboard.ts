import { useEffect, useState } from 'react'
import { type Frame, parseStoryboard } from './controls/storyboard.ts'

/** Small pictures of the whole video; none while it has not begun, and where there are none. */
export function useStoryboard(baseUrl: string | undefined): readonly Frame[] {
  const [frames, setFrames] = useState<readonly Frame[]>([])
  const hasBase = baseUrl !== undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: another grant brings the same pictures.
  useEffect(() => {
    if (baseUrl === undefined) return
    const url = `${baseUrl}storyboard/index.vtt`
    fetch(url)
      .then((response) => (response.ok ? response.text() : ''))
      .then((text) => setFrames(parseStoryboard(text, url)))
      // Without them one points at times alone.
      .catch(() => {})
  }, [hasBase])
  return frames
}
