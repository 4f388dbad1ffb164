import { Link } from '@tanstack/react-router'
import { ShieldCheck } from 'lucide-react'
import { useApi } from '../../../data/use-api.ts'
import { security } from '../../../text/security.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Section } from '../frame.tsx'

/** Whether somebody has a role of staff that gives no rights yet. */
export const useNeedsSecondFactor = (): boolean => useApi('get /api/me').data?.needsSecondFactor ?? false

/** In place of what staff works with. */
export function StaffNeedsNotice() {
  return (
    <Notice
      art={<ShieldCheck aria-hidden size={48} className="text-accent" />}
      title={security('staffNeedsTitle')}
      hint={security('staffNeedsHint')}
      actions={<Ways />}
    />
  )
}

/** The same among the settings. */
export function StaffNeedsSection() {
  if (!useNeedsSecondFactor()) return null
  return (
    <Section title={security('staffNeedsTitle')} hint={security('staffNeedsHint')}>
      <div className="flex flex-wrap gap-2">
        <Ways />
      </div>
    </Section>
  )
}

const Ways = () => (
  <>
    <Link to="/settings/two-step" className={buttonClass('primary')}>
      {security('staffNeedsApp')}
    </Link>
    <Link to="/settings/passkeys" className={buttonClass('quiet')}>
      {security('staffNeedsPasskey')}
    </Link>
  </>
)
