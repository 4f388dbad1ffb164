import { RadioGroup } from 'radix-ui'
import { THEME_ICONS, THEMES, type Theme, themeLabel, useTheme } from '../../shell/theme.tsx'
import { shell } from '../../text/shell.ts'

export function ThemeChoice() {
  const { theme, setTheme } = useTheme()
  return (
    <RadioGroup.Root
      aria-label={shell('theme')}
      value={theme}
      onValueChange={(value) => setTheme(value as Theme)}
      className="grid grid-cols-3 gap-2"
    >
      {THEMES.map((name) => (
        <Choice key={name} name={name} />
      ))}
    </RadioGroup.Root>
  )
}

function Choice({ name }: { name: Theme }) {
  const Icon = THEME_ICONS[name]
  return (
    <RadioGroup.Item
      value={name}
      className="flex h-20 flex-col items-center justify-center gap-2 rounded-md border border-line text-text-2 transition-colors hover:bg-surface-2 data-[state=checked]:border-accent data-[state=checked]:bg-surface-2 data-[state=checked]:font-semibold data-[state=checked]:text-text-1"
    >
      <Icon aria-hidden size={22} />
      {themeLabel(name)}
    </RadioGroup.Item>
  )
}
