import { useApp } from '../../data/app.tsx'
import { apiQuery, useApi } from '../../data/use-api.ts'
import { useAccount } from '../../data/use-session.ts'
import { useTopic } from '../../data/use-topic.ts'

/** The newest archive and the deletion that was asked for; kept up by what is pushed. */
export function useAccountData() {
  const { api, queryClient } = useApp()
  const account = useAccount()
  const { queryKey } = apiQuery(api, 'get /api/account/data')
  useTopic(account ? `account-data:${account.id}` : undefined, {
    onItems: (items) => {
      const newest = items.at(-1)
      if (newest) queryClient.setQueryData(queryKey, newest)
    },
    onStart: (items) => {
      const newest = items.at(-1)
      if (newest) queryClient.setQueryData(queryKey, newest)
    },
  })
  return useApi('get /api/account/data')
}
