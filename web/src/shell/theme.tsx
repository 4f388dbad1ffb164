import { type LucideIcon, Monitor, Moon, Sun } from 'lucide-react'
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import { readStored, writeStored } from '../data/stored.ts'
import { shell } from '../text/shell.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export const THEME_ICONS: Record<Theme, LucideIcon> = { system: Monitor, light: Sun, dark: Moon }
export const themeLabel = (theme: Theme): string =>
  shell(({ system: 'themeSystem', light: 'themeLight', dark: 'themeDark' } as const)[theme])

type ThemeState = { theme: Theme; setTheme(theme: Theme): void }
const ThemeContext = createContext<ThemeState>({ theme: 'system', setTheme: () => {} })

/** Which theme was chosen. public/theme.js applies it before the first paint, from the same stored value. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const [theme, set] = useState<Theme>(() => THEMES.find((name) => name === readStored('theme')) ?? 'system')
  const setTheme = useCallback((next: Theme) => {
    set(next)
    if (next === 'system') {
      delete document.documentElement.dataset.theme
      writeStored('theme', undefined)
    } else {
      document.documentElement.dataset.theme = next
      writeStored('theme', next)
    }
  }, [])
  return (
    <ThemeContext value={useMemo(() => ({ theme, setTheme }), [theme, setTheme])}>{children}</ThemeContext>
  )
}

export const useTheme = (): ThemeState => useContext(ThemeContext)

/** What is on screen now, where the choice may be the system's. */
export function shownTheme(theme: Theme): 'light' | 'dark' {
  if (theme !== 'system') return theme
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}
