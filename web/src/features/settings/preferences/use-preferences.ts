import { useQuery } from '@tanstack/react-query'
import { useApp } from '../../../data/app.tsx'
import { apiQuery, type Response } from '../../../data/use-api.ts'
import { useAccount } from '../../../data/use-session.ts'

export type Preferences = Response<'get /api/preferences'>['preferences']

/** How whoever is signed in wants the platform: `undefined` while that is not known, `null` for an anonymous visitor. */
export function usePreferences(): Preferences | null | undefined {
  const { api } = useApp()
  const account = useAccount()
  const query = useQuery({ ...apiQuery(api, 'get /api/preferences'), enabled: account != null })
  if (account === null) return null
  // Without an answer the platform is as it is for visitors, rather than not at all.
  return query.isError ? null : query.data?.preferences
}
