import { useState } from 'react'
import { useApp } from '../../data/app.tsx'
import { adminText } from '../../text/admin.ts'
import { SelectField } from '../../ui/field.tsx'
import type { Act } from './reason-dialog.tsx'
import { roleText } from './role-text.ts'
import type { Role } from './staff.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Lengths that staff chooses from; `undefined` for ever. */
const TERMS = {
  hour: HOUR_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30 * DAY_MS,
  forEver: undefined,
} as const
type Term = keyof typeof TERMS
const TERM_NAMES = Object.keys(TERMS) as Term[]
const ROLE_NAMES = ['member', 'moderator', 'admin'] as const

export type ActSubject = { id: string; displayName: string; role: Role }
type Kind = 'creator' | 'advertiser'

/** What staff can do to an account. Whatever is done, everything about people is read anew. */
export function useActs({ id: accountId, displayName: name, role: has }: ActSubject, mayBan: boolean) {
  const { api, queryClient, stepUp } = useApp()
  const [term, setTerm] = useState<Term | 'ban'>('day')
  const [role, setRole] = useState<Role>(has)
  const params = { accountId }
  const thenRefresh = (work: () => Promise<unknown>) =>
    stepUp.guard(work).then(() =>
      queryClient.invalidateQueries({
        predicate: ({ queryKey }) => String(queryKey[0]).includes('/api/admin/'),
      }),
    )
  const isBan = term === 'ban'
  const forMs = isBan ? undefined : TERMS[term]

  const sanction: Act = {
    title: adminText('sanctionTitle', { name }),
    hint: adminText('sanctionHint'),
    confirm: adminText(isBan ? 'confirmBan' : 'confirmSuspend'),
    done: adminText(isBan ? 'bannedToast' : 'suspendedToast', { name }),
    isDangerous: true,
    reasonHint: adminText('reasonHint'),
    fields: (
      <SelectField
        label={adminText('sanctionFor')}
        value={term}
        onChange={(event) => setTerm(event.target.value as Term | 'ban')}
        options={[...TERM_NAMES, ...(mayBan ? (['ban'] as const) : [])].map((value) => ({
          value,
          label: adminText(value),
        }))}
      />
    ),
    run: (reason) => {
      const body = {
        kind: isBan ? 'banned' : 'suspended',
        reason,
        ...(forMs !== undefined && { forMs }),
      } as const
      return thenRefresh(() => api.request('put /api/admin/people/{accountId}/sanction', { params, body }))
    },
  }
  const lift: Act = {
    title: adminText('liftTitle', { name }),
    hint: adminText('liftHint'),
    confirm: adminText('confirmLift'),
    done: adminText('liftedToast', { name }),
    run: (reason) =>
      thenRefresh(() => api.request('post /api/admin/people/{accountId}/lift', { params, body: { reason } })),
  }
  const giveRole: Act = {
    title: adminText('roleTitle', { name }),
    hint: adminText('roleHint'),
    confirm: adminText('confirmRole'),
    done: adminText('roleToast', { name }),
    fields: (
      <SelectField
        label={adminText('role')}
        value={role}
        onChange={(event) => setRole(event.target.value as Role)}
        options={ROLE_NAMES.map((value) => ({ value, label: roleText(value) }))}
      />
    ),
    run: (reason) =>
      thenRefresh(() =>
        api.request('put /api/admin/people/{accountId}/role', { params, body: { role, reason } }),
      ),
  }
  const decide = (kind: Kind, state: 'granted' | 'refused', isTakenBack = false): Act => ({
    title: adminText(titleOf(kind, state, isTakenBack), { name }),
    hint: adminText('upgradeHint'),
    confirm: adminText(
      state === 'granted' ? 'confirmGrant' : isTakenBack ? 'confirmWithdraw' : 'confirmRefuse',
    ),
    done: adminText('decidedToast'),
    isDangerous: state === 'refused',
    run: (reason) => {
      const body = { kind, state, reason }
      return thenRefresh(() => api.request('put /api/admin/people/{accountId}/upgrades', { params, body }))
    },
  })
  return { sanction, lift, giveRole, decide }
}

function titleOf(kind: Kind, state: 'granted' | 'refused', isTakenBack: boolean) {
  if (state === 'refused') return isTakenBack ? ('withdrawTitle' as const) : ('refuseTitle' as const)
  return kind === 'creator' ? ('grantCreatorTitle' as const) : ('grantTitle' as const)
}
