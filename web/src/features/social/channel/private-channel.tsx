import { Lock } from 'lucide-react'
import { useApp } from '../../../data/app.tsx'
import { apiQuery } from '../../../data/use-api.ts'
import { safetyText } from '../../../text/safety.ts'
import { Notice } from '../../../ui/notice.tsx'
import type { Profile } from '../use-profile.ts'
import { useFollowAnswer } from './use-follow-answer.ts'

/** In the place of what a private account shows to its followers alone; it goes as soon as the account lets somebody in. */
export function PrivateChannel({ profile }: { profile: Profile }) {
  const { api, queryClient } = useApp()
  const { handle, displayName: name, isRequested } = profile
  const { queryKey } = apiQuery(api, 'get /api/accounts/{handle}', { params: { handle } })
  useFollowAnswer(profile, () => void queryClient.invalidateQueries({ queryKey }))
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
