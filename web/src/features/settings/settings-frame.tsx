import { Link } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTitle } from '../../data/use-title.ts'
import { security } from '../../text/security.ts'

type FrameProps = { title: string; hint: string; children: ReactNode }

/** A page of its own below the settings. */
export function SettingsFrame({ title, hint, children }: FrameProps) {
  useTitle(title)
  return (
    <div className="mx-auto max-w-2xl px-4 pt-4 pb-16 md:px-6">
      <Link
        to="/settings"
        className="-ml-1 inline-flex h-10 items-center gap-1 text-text-2 hover:text-text-1"
      >
        <ChevronLeft aria-hidden size={18} />
        {security('backToSettings')}
      </Link>
      <h1 className="mt-1 text-xl font-bold">{title}</h1>
      <p className="mt-2 mb-6 text-base text-pretty text-text-2">{hint}</p>
      <div className="flex flex-col gap-4">{children}</div>
    </div>
  )
}

export const panelClass = 'rounded-md border border-line bg-surface-1 p-5'
