import { useCallback, useEffect, useState } from 'react'
import type { Watcher, WatcherState } from '../../../../client/live/watcher.ts'
import { useApp } from '../../data/app.tsx'

export type WatcherView = {
  watcher: Watcher | undefined
  state: WatcherState
  /** Begins anew, after it failed. */
  restart(): void
}

/** Receives the picture of a stream while the component is shown. Its code is loaded here and nowhere earlier. */
export function useWatcher(streamId: string): WatcherView {
  const { connection } = useApp()
  const [watcher, setWatcher] = useState<Watcher>()
  const [state, setState] = useState<WatcherState>('connecting')
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt is a reason to begin anew.
  useEffect(() => {
    let isOver = false
    let made: Watcher | undefined
    setState('connecting')
    import('../../../../client/live/watcher.ts').then(
      ({ createWatcher }) => {
        if (isOver) return
        made = createWatcher({ connection, streamId })
        made.onState(setState)
        made.setHidden(document.hidden)
        setState(made.state)
        setWatcher(made)
      },
      () => setState('failed'),
    )
    const onVisibility = () => made?.setHidden(document.hidden && !document.pictureInPictureElement)
    document.addEventListener('visibilitychange', onVisibility)
    return () => {
      isOver = true
      document.removeEventListener('visibilitychange', onVisibility)
      made?.close()
      setWatcher(undefined)
    }
  }, [connection, streamId, attempt])
  return { watcher, state, restart: useCallback(() => setAttempt((before) => before + 1), []) }
}
