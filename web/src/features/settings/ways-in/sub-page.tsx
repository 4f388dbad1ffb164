import { Link } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTitle } from '../../../data/use-title.ts'
import { settingsText } from '../../../text/settings.ts'

type SubPageProps = { title: string; children: ReactNode }

/** A page of its own below the part about security: the way back, and its sections. */
export function SubPage({ title, children }: SubPageProps) {
  useTitle(title)
  return (
    <>
      <Link
        to="/settings/security"
        className="-mb-2 -ml-1 inline-flex h-10 items-center gap-1 self-start text-text-2 hover:text-text-1"
      >
        <ChevronLeft aria-hidden size={18} />
        {settingsText('security')}
      </Link>
      {children}
    </>
  )
}
