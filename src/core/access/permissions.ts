import { AppError } from '../errors.ts'
import type { Viewer, ViewerRole } from '../viewer.ts'
import { type Scope, scopeRefusal } from './scopes.ts'

/** Who may do something: one of these is enough. `owner` is the account that the subject belongs to. */
type Who = 'member' | 'owner' | 'creator' | 'advertiser' | 'moderator' | 'admin'

type Rule = {
  who: readonly Who[]
  /** What a token must have been given; it also says whether a suspended account may. */
  scope: Scope
  /** Only against accounts of a lower role, so never against oneself or an equal. */
  isDownwards?: true
}

/** Everything that not everybody may do. What only asks for an account, a scope or visibility is not here. */
export const ACTIONS = {
  /** Titles, times and the end of a broadcast. */
  'broadcast:edit': { who: ['owner'], scope: 'streams:write' },
  /** Sending its picture and sound. */
  'broadcast:send': { who: ['owner'], scope: 'streams:write' },
  /** Uploading the file of a video, its details, deleting it. */
  'video:edit': { who: ['owner'], scope: 'videos:write' },
  /** Name, order and end of a list of videos. */
  'playlist:edit': { who: ['owner'], scope: 'videos:write' },
  /** Putting people out of a channel. */
  'channel:moderate': { who: ['owner'], scope: 'streams:write' },
  'channel:list-bans': { who: ['owner'], scope: 'account:read' },
  /** Topics that are for one account alone. */
  'own:follow': { who: ['owner'], scope: 'account:read' },
  'earnings:read': { who: ['creator'], scope: 'account:read' },
  'ads:book': { who: ['advertiser'], scope: 'login' },
  'upgrade:ask': { who: ['member'], scope: 'login' },
  'upgrade:decide': { who: ['admin'], scope: 'login' },
  /** Finding accounts, and what staff did to them. */
  'people:look': { who: ['moderator', 'admin'], scope: 'login' },
  'people:see-mail': { who: ['admin'], scope: 'login' },
  'people:suspend': { who: ['moderator', 'admin'], scope: 'login', isDownwards: true },
  'people:ban': { who: ['admin'], scope: 'login', isDownwards: true },
  /** Also one's own role, down: the last admin is kept by the service, under a lock. */
  'people:give-role': { who: ['admin'], scope: 'login' },
  'audit:read': { who: ['admin'], scope: 'login' },
  /** Giving oneself an address and a password that nobody has proven, as whoever runs the server vouches for it. */
  'credentials:vouch': { who: ['admin'], scope: 'security' },
  'metrics:read': { who: ['admin'], scope: 'login' },
  'inbox:read': { who: ['admin'], scope: 'login' },
} as const satisfies Record<string, Rule>

export type Action = keyof typeof ACTIONS

/** What an action is about, as far as its rule asks. */
export type Subject = {
  /** Whose it is. */
  ownerId?: string | undefined
  /** The account that it is done to. */
  id?: string
  role?: ViewerRole
}

/** Who see everything of everybody, as statements ask for it. */
export const STAFF_ROLES = ['moderator', 'admin'] as const satisfies readonly ViewerRole[]

const RANKS: Record<ViewerRole, number> = { member: 0, moderator: 1, admin: 2 }

/** Whether nobody stands above: one account of this role must always be there. */
export const isHighest = (role: ViewerRole): boolean => RANKS[role] === RANKS.admin

/** Whether something is theirs; the one place where an owner is compared. Anonymous visitors own their connections. */
export const owns = ({ id }: Pick<Viewer, 'id'>, { ownerId }: Pick<Subject, 'ownerId'>): boolean =>
  ownerId !== undefined && id === ownerId

/** The mark of staff at what they say; undefined for everybody else. */
export const staffMark = (role: ViewerRole): Exclude<ViewerRole, 'member'> | undefined =>
  role === 'member' ? undefined : role

/**
 * Whether somebody may do something to a subject: by role, ownership or upgrade, as far as no suspension is in force and their
 * token reaches. Pure; everything that asks who may asks here.
 */
export function can(viewer: Viewer, action: Action, subject: Subject = {}, nowMs = Date.now()): boolean {
  const rule: Rule = ACTIONS[action]
  if (!viewer.account || scopeRefusal(viewer, rule.scope, nowMs)) return false
  if (rule.isDownwards && !outranks(viewer.account, subject)) return false
  return rule.who.some((who) => is(viewer, who, subject))
}

/**
 * Why `can` said no: `forbidden`, with `{ reason: 'second_factor' }` where they have a role that would do and whose powers wait
 * until they have set up two-step verification or a passkey.
 */
export function refusalOf({ account }: Viewer, action: Action, message?: string): AppError {
  const { who }: Rule = ACTIONS[action]
  if (!account?.heldRole || !who.some((one) => one === account.heldRole))
    return new AppError('forbidden', message)
  return new AppError(
    'forbidden',
    'Set up two-step verification or a passkey first: whoever acts for the site needs a second factor.',
    { reason: 'second_factor' },
  )
}

function is(viewer: Viewer, who: Who, subject: Subject): boolean {
  const { account } = viewer
  if (who === 'member') return true
  if (who === 'owner') return owns(viewer, subject)
  if (who === 'creator' || who === 'advertiser') return account?.upgrades?.includes(who) ?? false
  return account?.role === who
}

const outranks = (account: { id: string; role: ViewerRole }, { id, role }: Subject): boolean =>
  role !== undefined && account.id !== id && RANKS[account.role] > RANKS[role]
