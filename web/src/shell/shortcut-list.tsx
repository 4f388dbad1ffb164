import { shortcutText } from '../text/shortcuts.ts'
import { Dialog } from '../ui/overlay/dialog.tsx'

type Keys = { keys: string[]; does: string }

const EVERYWHERE: Keys[] = [
  { keys: ['?'], does: shortcutText('show') },
  { keys: ['g', 'h'], does: shortcutText('home') },
  { keys: ['g', 'f'], does: shortcutText('following') },
  { keys: ['g', 'n'], does: shortcutText('notifications') },
  { keys: ['g', 's'], does: shortcutText('studio') },
  { keys: ['g', ','], does: shortcutText('settings') },
  { keys: ['D'], does: shortcutText('theme') },
]
const WATCHING: Keys[] = [
  { keys: ['m'], does: shortcutText('mute') },
  { keys: ['f'], does: shortcutText('fullscreen') },
  { keys: ['t'], does: shortcutText('theatre') },
  { keys: ['c'], does: shortcutText('chat') },
]

export function ShortcutList(props: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) {
  return (
    <Dialog {...props} title={shortcutText('title')}>
      <Section title={shortcutText('everywhere')} rows={EVERYWHERE} />
      <Section title={shortcutText('watching')} rows={WATCHING} />
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
                  {at > 0 && <span className="text-xs text-text-3">{shortcutText('keyThen')}</span>}
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
