import { CallError } from '../../../../client/types.ts'
import { useApp } from '../../data/app.tsx'
import { apiQuery, type Response, useApi } from '../../data/use-api.ts'
import { useTopic } from '../../data/use-topic.ts'

export type Profile = Response<'get /api/accounts/{handle}'>['profile']
type Change = Pick<Profile, 'followers'> & Partial<Pick<Profile, 'isFollowing' | 'isRequested'>>

/** The public profile of an account, its followers kept up to date by push. */
export function useProfile(handle: string) {
  const { api, queryClient } = useApp()
  const input = { params: { handle } }
  const { data, error, refetch } = useApi('get /api/accounts/{handle}', input)
  const profile = data?.profile
  const { queryKey } = apiQuery(api, 'get /api/accounts/{handle}', input)
  const readAnew = () => queryClient.invalidateQueries({ queryKey })
  const update = (change: (profile: Profile) => Change) => {
    queryClient.setQueryData(
      queryKey,
      (known) => known && { profile: { ...known.profile, ...change(known.profile) } },
    )
    // An answer that is on its way may be older than this: ask anew.
    if (queryClient.isFetching({ queryKey }) > 0) void queryClient.invalidateQueries({ queryKey })
  }
  const count = (values: { followers: number }[]) => {
    const newest = values.at(-1)
    if (newest) update(() => newest)
  }
  useTopic(profile === undefined ? undefined : `counters:account:${profile.id}`, {
    onStart: count,
    onItems: count,
    // It is not theirs to see any more: the answer says why.
    onClosed: () => void readAnew(),
  })
  return {
    ...{ profile, error, update },
    isMissing: error instanceof CallError && error.code === 'not_found',
    refetch: () => void refetch(),
    readAnew,
  }
}
