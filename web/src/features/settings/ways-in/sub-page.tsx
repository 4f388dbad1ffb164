import { Link } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTitle } from '../../../data/use-title.ts'
import { security } from '../../../text/security.ts'

type SubPageProps = { title: string; hint: string; children: ReactNode }

/** A page of its own below the part about security. */
export function SubPage({ title, hint, children }: SubPageProps) {
  useTitle(title)
  return (
    <>
      <div>
        <Link
          to="/settings/security"
          className="-ml-1 inline-flex h-10 items-center gap-1 text-text-2 hover:text-text-1"
        >
          <ChevronLeft aria-hidden size={18} />
          {security('sectionTitle')}
        </Link>
        <h2 className="mt-1 text-lg font-bold">{title}</h2>
        <p className="mt-1 text-base text-pretty text-text-2">{hint}</p>
      </div>
      {children}
    </>
  )
}

export const panelClass = 'rounded-md border border-line bg-surface-1 p-5'
