import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useApp } from '../../data/app.tsx'
import { apiQuery } from '../../data/use-api.ts'
import { useAccount } from '../../data/use-session.ts'

/** Ids of those whom somebody blocks or has muted; nothing of them is shown in rooms that everybody shares. */
export function useHidden(): ReadonlySet<string> {
  const { api } = useApp()
  const account = useAccount()
  const { data } = useQuery({ ...apiQuery(api, 'get /api/account/hidden'), enabled: Boolean(account) })
  return useMemo(() => new Set(account ? data?.accountIds : []), [account, data])
}
