import { useApp } from '../../../data/app.tsx'
import { apiQuery, type Response } from '../../../data/use-api.ts'
import { type Account, useAccount } from '../../../data/use-session.ts'

export type OwnProfile = Response<'patch /api/profile'>['profile']

/** Takes over what was saved of one's profile: wherever one is shown, it is read anew. */
export function useProfileChange(): (profile: OwnProfile) => void {
  const { api, queryClient } = useApp()
  const account = useAccount()
  return (profile) => {
    if (!account) return
    const { displayName, avatar } = profile
    const me = apiQuery(api, 'get /api/me').queryKey
    const changed = { ...account, displayName, avatar } satisfies Account
    queryClient.setQueryData(me, (known) => known && { ...known, account: changed })
    const own = apiQuery(api, 'get /api/accounts/{handle}', { params: { handle: account.handle } }).queryKey
    queryClient.setQueryData(own, (known) => known && { profile: { ...known.profile, ...profile } })
    void queryClient.invalidateQueries({
      predicate: ({ queryKey: [key] }) => key !== me[0] && key !== own[0],
    })
  }
}
