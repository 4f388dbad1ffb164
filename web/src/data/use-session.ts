import { useCallback } from 'react'
import type { RouteResponse } from '../../../src/contract/index.ts'
import { useApp } from './app.tsx'
import { apiQuery, useApi } from './use-api.ts'

export type Account = NonNullable<RouteResponse<'me'>['account']>

/** Who is signed in: `undefined` while that is not known yet, `null` for an anonymous visitor. */
export function useAccount(): Account | null | undefined {
  return useApi('get /api/me').data?.account
}

/** Takes over a change of who is signed in: the socket comes back as that person and what was read is read anew. */
export function useAccountChange(): (account: Account | null) => void {
  const { api, connection, queryClient } = useApp()
  return useCallback(
    (account) => {
      const me = apiQuery(api, 'get /api/me').queryKey
      queryClient.setQueryData(me, { account, suspension: null, deletion: null, needsSecondFactor: false })
      connection.renew()
      // That one too: whether the account is suspended came with nobody's sign-in.
      void queryClient.invalidateQueries()
    },
    [api, connection, queryClient],
  )
}
