import { Link, useLocation } from '@tanstack/react-router'
import { type ReactNode, useRef } from 'react'
import { useAccount } from '../../data/use-session.ts'
import { settingsText } from '../../text/settings.ts'
import { useInSight } from '../../ui/tab-row.tsx'
import { settingsSections } from './sections.ts'

/** What stands around every part of the settings: its name and the way to the others. */
export function SettingsFrame({ children }: { children: ReactNode }) {
  const account = useAccount()
  return (
    <div className="mx-auto max-w-4xl px-4 pt-4 pb-16 md:px-6">
      <h1 className="mb-4 text-xl font-bold">{settingsText('title')}</h1>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-5 md:grid-cols-[200px_minmax(0,1fr)]">
        {account === null ? <div className="max-md:hidden" /> : <SectionLinks />}
        <div className="flex min-w-0 flex-col gap-4">{children}</div>
      </div>
    </div>
  )
}

/** Beside the part on wide screens; on narrow ones a row above it that can be moved sideways. */
function SectionLinks() {
  const path = useLocation({ select: ({ pathname }) => pathname })
  const list = useRef<HTMLUListElement>(null)
  useInSight(list, '[aria-current=page]', path)
  return (
    <nav aria-label={settingsText('sections')} className="min-w-0">
      <ul
        ref={list}
        className="relative flex gap-1 max-md:-mx-4 max-md:overflow-x-auto max-md:px-4 max-md:pb-1 max-md:[scrollbar-width:none] md:flex-col"
      >
        {settingsSections().map(({ to, pages, label, icon: Icon }) => (
          <li key={to}>
            <Link
              to={to}
              activeOptions={{ exact: true }}
              {...(pages?.includes(path) && { 'aria-current': 'page' as const })}
              className="flex h-10 items-center gap-3 rounded-full px-4 whitespace-nowrap text-text-2 hover:bg-surface-2 hover:text-text-1 aria-[current=page]:bg-surface-2 aria-[current=page]:font-semibold aria-[current=page]:text-text-1"
            >
              <Icon aria-hidden size={18} />
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

type SectionProps = { title: string; hint?: ReactNode; aside?: ReactNode; children?: ReactNode }

/** One matter of a part: its title with what stands beside it, what it is about, and its form. */
export function Section({ title, hint, aside, children }: SectionProps) {
  return (
    <section className="rounded-md border border-line bg-surface-1 p-4 md:p-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 className="min-w-0 flex-1 text-base font-semibold">{title}</h2>
        {aside}
      </div>
      {hint && <p className="mt-1 text-pretty text-text-2">{hint}</p>}
      {children && <div className="mt-4">{children}</div>}
    </section>
  )
}
