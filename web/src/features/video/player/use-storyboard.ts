import { useEffect, useMemo, useState } from 'react'
import { type Frame, parseStoryboard } from './controls/storyboard.ts'

/** Small pictures of the whole video; none while it has not begun, and where there are none. */
export function useStoryboard(baseUrl: string | undefined): readonly Frame[] {
  const [text, setText] = useState('')
  const hasBase = baseUrl !== undefined
  const url = `${baseUrl}storyboard/index.vtt`
  // biome-ignore lint/correctness/useExhaustiveDependencies: another grant brings the same pictures.
  useEffect(() => {
    if (!hasBase) return
    // A CDN opens by cookies.
    fetch(url, { credentials: 'include' })
      .then((response) => (response.ok ? response.text() : ''))
      .then(setText)
      // Without them one points at times alone.
      .catch(() => {})
  }, [hasBase])
  return useMemo(() => parseStoryboard(text, url), [text, url])
}
