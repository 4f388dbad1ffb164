import { notFound } from '@tanstack/react-router'
import { type Action, can } from '../../../../src/core/access/permissions.ts'
import type { App } from '../../data/app.tsx'
import { apiQuery, type Response } from '../../data/use-api.ts'
import type { Account } from '../../data/use-session.ts'
import { requireAccount } from '../account/require-account.ts'

export type Person = Response<'get /api/admin/people'>['people'][number]
export type Role = Person['role']
export type AuditEntry = Response<'get /api/admin/audit'>['entries'][number]

/** Whether an account is shown a part of the administration; what it really may is judged by the server. */
export const isShown = (account: Account | null | undefined, action: Action): boolean =>
  account != null && can({ id: account.id, account }, action)

type Entry = { context: { app: App }; location: { href: string } }

/** Lets staff into a page; for everybody else it does not exist. */
export const requireStaff =
  (action: Action) =>
  async (entry: Entry): Promise<void> => {
    await requireAccount(entry)
    const { app } = entry.context
    const { account } = await app.queryClient.ensureQueryData(apiQuery(app.api, 'get /api/me'))
    if (!isShown(account, action)) throw notFound()
  }
