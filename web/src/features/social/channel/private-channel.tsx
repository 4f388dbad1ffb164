import { Lock } from 'lucide-react'
import { safetyText } from '../../../text/safety.ts'
import { Notice } from '../../../ui/notice.tsx'
import type { Profile } from '../use-profile.ts'

/** In the place of what a private account shows to its followers alone. */
export function PrivateChannel({ profile: { displayName: name, isRequested } }: { profile: Profile }) {
  return (
    <div className="mt-6 border-t border-line">
      <Notice
        level={2}
        art={<Lock aria-hidden size={40} className="text-text-3" />}
        title={safetyText('privateTitle')}
        hint={safetyText(isRequested ? 'privateWaitHint' : 'privateHint', { name })}
      />
    </div>
  )
}
