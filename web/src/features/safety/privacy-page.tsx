import type { ReactNode } from 'react'
import { useTitle } from '../../data/use-title.ts'
import { safetyText } from '../../text/safety.ts'
import { FollowRequests } from './follow-requests.tsx'
import { BlockedPeople, MutedPeople } from './hidden-people.tsx'
import { PrivacyForm } from './privacy-form.tsx'

/** What one's account shows to whom, and whom one wants nothing to do with. */
export function PrivacyPage() {
  useTitle(safetyText('title'))
  return (
    <div className="mx-auto max-w-2xl px-4 pt-4 pb-16 md:px-6">
      <h1 className="mb-6 text-xl font-bold">{safetyText('title')}</h1>
      <div className="flex flex-col gap-4">
        <Section>
          <PrivacyForm />
        </Section>
        <Section title={safetyText('requests')}>
          <FollowRequests />
        </Section>
        <Section title={safetyText('blockedPeople')} hint={safetyText('blockedPeopleHint')}>
          <BlockedPeople />
        </Section>
        <Section title={safetyText('mutedPeople')} hint={safetyText('mutedPeopleHint')}>
          <MutedPeople />
        </Section>
      </div>
    </div>
  )
}

function Section({ title, hint, children }: { title?: string; hint?: string; children: ReactNode }) {
  return (
    <section className="rounded-md border border-line bg-surface-1 p-5">
      {title && <h2 className="text-base font-semibold">{title}</h2>}
      {hint && <p className="mt-1 text-text-2">{hint}</p>}
      <div className={title && 'mt-4'}>{children}</div>
    </section>
  )
}
