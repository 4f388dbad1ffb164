import { useEffect } from 'react'
import { useApp } from '../../data/app.tsx'
import { apiQuery } from '../../data/use-api.ts'

/** The server sends sockets away when rights of their account change: who one is must be read anew. */
export function useRightsKeeper(): void {
  const { api, connection, queryClient } = useApp()
  useEffect(
    () =>
      connection.onState((state) => {
        if (state !== 'online' && connection.reason === 'rights_changed')
          void queryClient.invalidateQueries(apiQuery(api, 'get /api/me'))
      }),
    [api, connection, queryClient],
  )
}
