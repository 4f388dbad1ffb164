import { shell } from '../text/shell.ts'
import { Dialog } from '../ui/overlay/dialog.tsx'

type Keys = { keys: string[]; does: string }

const EVERYWHERE: Keys[] = [
  { keys: ['?'], does: shell('shortcutsShow') },
  { keys: ['g', 'h'], does: shell('shortcutsHome') },
  { keys: ['g', 'f'], does: shell('shortcutsFollowing') },
  { keys: ['g', 'n'], does: shell('shortcutsNotifications') },
  { keys: ['g', 's'], does: shell('shortcutsStudio') },
  { keys: ['g', ','], does: shell('shortcutsSettings') },
  { keys: ['D'], does: shell('shortcutsTheme') },
]
const WATCHING: Keys[] = [
  { keys: ['m'], does: shell('shortcutsMute') },
  { keys: ['f'], does: shell('shortcutsFullscreen') },
  { keys: ['t'], does: shell('shortcutsTheatre') },
  { keys: ['c'], does: shell('shortcutsChat') },
]

export function ShortcutList(props: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) {
  return (
    <Dialog {...props} title={shell('shortcuts')}>
      <Section title={shell('shortcutsEverywhere')} rows={EVERYWHERE} />
      <Section title={shell('shortcutsWatching')} rows={WATCHING} />
    </Dialog>
  )
}

function Section({ title, rows }: { title: string; rows: Keys[] }) {
  return (
    <section className="mt-2">
      <h3 className="mb-1 text-sm font-semibold text-text-3">{title}</h3>
      <dl>
        {rows.map(({ keys, does }) => (
          <div key={does} className="flex h-9 items-center justify-between gap-4">
            <dt>{does}</dt>
            <dd className="flex items-center gap-1.5">
              {keys.map((key, at) => (
                <span key={key} className="flex items-center gap-1.5">
                  {at > 0 && <span className="text-xs text-text-3">{shell('keyThen')}</span>}
                  <kbd className="flex h-6 min-w-6 items-center justify-center rounded-sm border border-line bg-surface-2 px-1.5 font-sans text-xs">
                    {key}
                  </kbd>
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
