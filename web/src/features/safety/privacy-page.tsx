import { useTitle } from '../../data/use-title.ts'
import { safetyText } from '../../text/safety.ts'
import { Section } from '../settings/frame.tsx'
import { FollowRequests } from './follow-requests.tsx'
import { BlockedPeople, MutedPeople } from './hidden-people.tsx'
import { PrivacyForm } from './privacy-form.tsx'

/** The part of the settings about what one's account shows to whom, and whom one wants nothing to do with. */
export function PrivacyPage() {
  useTitle(safetyText('title'))
  return (
    <>
      <Section title={safetyText('title')}>
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
    </>
  )
}
