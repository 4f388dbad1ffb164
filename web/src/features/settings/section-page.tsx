import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTitle } from '../../data/use-title.ts'
import { settingsText } from '../../text/settings.ts'
import { textLinkClass } from '../account/auth-frame.tsx'

/** One part of the settings on a page of its own. */
export function SectionPage({ title, hint, children }: { title: string; hint: string; children: ReactNode }) {
  useTitle(title)
  return (
    <div className="mx-auto max-w-2xl px-4 pt-4 pb-16 md:px-6">
      <Link to="/settings" className={`${textLinkClass} inline-flex items-center gap-1.5`}>
        <ArrowLeft aria-hidden size={16} />
        {settingsText('title')}
      </Link>
      <h1 className="mt-3 text-xl font-bold">{title}</h1>
      <p className="mt-1 mb-6 text-text-2">{hint}</p>
      {children}
    </div>
  )
}
