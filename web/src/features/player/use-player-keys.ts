import { useEffect, useRef } from 'react'
import { isTyping } from '../../shell/shortcuts.tsx'

type Actions = { onMute: () => void; onFullscreen: () => void; onTheatre: () => void }

/** `m`, `f` and `t` while a stream is watched. */
export function usePlayerKeys(actions: Actions): void {
  const current = useRef(actions)
  useEffect(() => {
    current.current = actions
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.key === 'm') current.current.onMute()
      else if (event.key === 'f') current.current.onFullscreen()
      else if (event.key === 't') current.current.onTheatre()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
