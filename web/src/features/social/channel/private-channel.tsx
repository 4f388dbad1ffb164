import { useQuery } from '@tanstack/react-query'
import { Lock } from 'lucide-react'
import { useApp } from '../../../data/app.tsx'
import { apiQuery } from '../../../data/use-api.ts'
import { safetyText } from '../../../text/safety.ts'
import { Notice } from '../../../ui/notice.tsx'
import type { Profile } from '../use-profile.ts'

/** Whoever waits to be let in is not told on this page: it asks now and then. */
export const LOOK_AGAIN_MS = 20_000

/** In the place of what a private account shows to its followers alone. */
export function PrivateChannel({
  profile: { handle, displayName: name, isRequested },
}: {
  profile: Profile
}) {
  const { api } = useApp()
  const profile = apiQuery(api, 'get /api/accounts/{handle}', { params: { handle } })
  useQuery({ ...profile, refetchInterval: isRequested ? LOOK_AGAIN_MS : false })
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
