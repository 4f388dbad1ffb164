import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { shownTheme, useTheme } from './theme.tsx'

const ShortcutList = lazy(() =>
  import('./shortcut-list.tsx').then((module) => ({ default: module.ShortcutList })),
)

/** How long after `g` the second key counts; as long as Gmail and GitHub wait, roughly. */
const SEQUENCE_MS = 1200

const PAGES = { h: '/', f: '/following', n: '/notifications', s: '/studio', ',': '/settings' } as const

/** True where a key is text or belongs to a control. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  )
}

/** The keys that work everywhere, and the list of all keys on `?`. */
export function Shortcuts() {
  const [isListShown, setIsListShown] = useState(false)
  const [wasShown, setWasShown] = useState(false)
  const navigate = useNavigate()
  const { theme, setTheme } = useTheme()
  const startedAt = useRef(0)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.key === '?') {
        setWasShown(true)
        setIsListShown(true)
      } else if (event.key === 'g') {
        startedAt.current = event.timeStamp
      } else if (event.key in PAGES && event.timeStamp - startedAt.current < SEQUENCE_MS) {
        startedAt.current = 0
        void navigate({ to: PAGES[event.key as keyof typeof PAGES] })
      } else if (event.key === 'D') {
        setTheme(shownTheme(theme) === 'dark' ? 'light' : 'dark')
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [navigate, theme, setTheme])
  if (!wasShown) return null
  return (
    <Suspense>
      <ShortcutList isOpen={isListShown} onOpenChange={setIsListShown} />
    </Suspense>
  )
}
