import { redirect } from '@tanstack/react-router'
import type { App } from '../../data/app.tsx'
import { apiQuery } from '../../data/use-api.ts'

type Entry = { context: { app: App }; location: { href: string } }

/** Lets people with an account into a page; asks others to sign in, and brings them back. */
export async function requireAccount({ context: { app }, location }: Entry): Promise<void> {
  const { account } = await app.queryClient.ensureQueryData(apiQuery(app.api, 'get /api/me'))
  if (!account) throw redirect({ to: '/sign-in', search: { next: location.href } })
}
