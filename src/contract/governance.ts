import { z } from 'zod'
import { AUDIT_ACTIONS } from '../core/access/audit-actions.ts'
import { cleanLine } from '../core/text.ts'
import { DAY_MS, MINUTE_MS } from '../core/time.ts'
import { Role } from './accounts.ts'
import { contract } from './define.ts'
import { Cursor, NextCursor, Person } from './social.ts'

/** A reason is a sentence or two, which the person will read. */
const REASON_MAX = 500
/** Longer than this is for ever in all but name. */
const SUSPENSION_MAX_MS = 366 * DAY_MS

const Upgrade = z
  .enum(['creator', 'advertiser'])
  .describe('`creator` is granted at once, `advertiser` by an admin.')
const UpgradeState = z.enum(['pending', 'granted', 'refused'])

const AccountUpgrade = z
  .object({
    kind: Upgrade,
    state: UpgradeState,
    note: z.string(),
    askedAt: z.int().describe('Milliseconds since the epoch, as all times here.'),
    decidedAt: z.int().nullable(),
  })
  .meta({ id: 'AccountUpgrade' })

const Sanction = z
  .object({
    kind: z
      .enum(['suspended', 'banned'])
      .describe('`suspended`: may read and not act; `banned`: may not sign in.'),
    reason: z.string(),
    until: z.int().nullable().describe('Null for ever.'),
    createdAt: z.int(),
  })
  .meta({ id: 'Sanction' })

const GovernedPerson = Person.extend({
  role: Role,
  sanction: Sanction.nullable(),
  createdAt: z.int(),
}).meta({ id: 'GovernedPerson' })

const AuditAction = z.enum(AUDIT_ACTIONS)

const AuditEntry = z
  .object({
    id: z.uuid(),
    at: z.int(),
    action: AuditAction,
    actor: Person.nullable().describe('Null for whoever runs the server, and where the account is gone.'),
    subject: Person.nullable().describe('Null where the account is gone.'),
    reason: z.string(),
    before: z.record(z.string(), z.unknown()),
    after: z.record(z.string(), z.unknown()),
    network: z
      .string()
      .nullable()
      .describe('The network that the request came from (IPv4 /24, IPv6 /48); null for moderators.'),
  })
  .meta({ id: 'AuditEntry' })

const accountId = z.uuid()
const params = z.object({ accountId })
const reason = z.string().overwrite(cleanLine).min(3).max(REASON_MAX)
const reading = { credits: 240, perMs: MINUTE_MS }
/** More decisions a minute are a script's. */
const deciding = { credits: 60, perMs: MINUTE_MS }
/** A handle as people write it: at most 24 characters, and the sign before it. Whom nobody is called, nothing fits. */
const handleSought = z
  .string()
  .trim()
  .toLowerCase()
  .min(1)
  .max(25)
  .overwrite((typed) => typed.replace(/^@/, ''))
const page = z.object({ cursor: Cursor.optional() })
const entries = z.object({ entries: z.array(AuditEntry), nextCursor: NextCursor })

/** Roles, upgrades, suspensions and their log. */
export const governance = contract({
  calls: {},
  topics: {},
  routes: {
    standing: {
      method: 'get',
      path: '/api/account/standing',
      tag: 'accounts',
      summary: 'What your account is beside its role, and what staff decided against it.',
      auth: 'user',
      scope: 'account:read',
      limit: reading,
      errors: [],
      status: 200,
      response: z.object({ sanction: Sanction.nullable(), upgrades: z.array(AccountUpgrade) }),
    },
    askUpgrade: {
      method: 'post',
      path: '/api/account/upgrades',
      tag: 'accounts',
      summary:
        'Become a creator, or ask to become an advertiser. `conflict` where it is granted, waits, or was refused within 30 days.',
      auth: 'user',
      scope: 'login',
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['conflict', 'forbidden'],
      body: z.strictObject({
        kind: Upgrade,
        note: z.string().overwrite(cleanLine).max(REASON_MAX).default(''),
      }),
      status: 200,
      response: z.object({ upgrade: AccountUpgrade }),
    },
    findPeople: {
      method: 'get',
      path: '/api/admin/people',
      tag: 'staff',
      summary:
        'Accounts whose handle or name begins so, for admins also whose mail address does; the newest first, 50 a page.',
      auth: 'user',
      scope: 'login',
      limit: reading,
      errors: ['forbidden'],
      query: z.object({ search: z.string().trim().max(254).optional(), cursor: Cursor.optional() }),
      status: 200,
      response: z.object({ people: z.array(GovernedPerson), nextCursor: NextCursor }),
    },
    getPerson: {
      method: 'get',
      path: '/api/admin/people/{accountId}',
      tag: 'staff',
      summary: 'One account as staff sees it.',
      auth: 'user',
      scope: 'login',
      limit: reading,
      errors: ['forbidden', 'not_found'],
      params,
      status: 200,
      response: z.object({
        person: GovernedPerson.extend({
          mail: z.string().nullable().describe('Null without one, and for moderators.'),
          upgrades: z.array(AccountUpgrade),
        }),
        may: z
          .object({
            suspend: z.boolean(),
            ban: z.boolean(),
            giveRole: z.boolean(),
            decideUpgrade: z.boolean(),
          })
          .describe('What you may do to this account.'),
      }),
    },
    personHistory: {
      method: 'get',
      path: '/api/admin/people/{accountId}/history',
      tag: 'staff',
      summary: 'What staff did to an account, the newest first; 50 a page.',
      auth: 'user',
      scope: 'login',
      limit: reading,
      errors: ['forbidden'],
      params,
      query: page,
      status: 200,
      response: entries,
    },
    sanction: {
      method: 'put',
      path: '/api/admin/people/{accountId}/sanction',
      tag: 'staff',
      summary:
        'Suspend an account for a time or for ever, or ban it; what was decided before is replaced. Its broadcast ends; a ban also ends its sessions and API tokens. `conflict` where a ban is to end by itself.',
      auth: 'user',
      scope: 'login',
      stepUp: true,
      limit: deciding,
      errors: ['forbidden', 'not_found', 'conflict'],
      params,
      body: z.strictObject({
        kind: Sanction.shape.kind,
        reason,
        forMs: z
          .int()
          .min(MINUTE_MS)
          .max(SUSPENSION_MAX_MS)
          .optional()
          .describe('So many milliseconds from now; without it, for ever.'),
      }),
      status: 200,
      response: z.object({ sanction: Sanction }),
    },
    liftSanction: {
      method: 'post',
      path: '/api/admin/people/{accountId}/lift',
      tag: 'staff',
      summary: 'Undo a suspension or a ban. `conflict` where there is none.',
      auth: 'user',
      scope: 'login',
      limit: deciding,
      errors: ['forbidden', 'not_found', 'conflict'],
      params,
      body: z.strictObject({ reason }),
      status: 200,
      response: z.object({}),
    },
    giveRole: {
      method: 'put',
      path: '/api/admin/people/{accountId}/role',
      tag: 'staff',
      summary: 'Give an account another role. `conflict` for the last admin, and for whoever is suspended.',
      auth: 'user',
      scope: 'login',
      stepUp: true,
      limit: deciding,
      errors: ['forbidden', 'not_found', 'conflict'],
      params,
      body: z.strictObject({ role: Role, reason }),
      status: 200,
      response: z.object({ role: Role }),
    },
    decideUpgrade: {
      method: 'put',
      path: '/api/admin/people/{accountId}/upgrades',
      tag: 'staff',
      summary:
        'Grant, refuse or take back what an account asked to become. `not_found` where it did not ask.',
      auth: 'user',
      scope: 'login',
      stepUp: true,
      limit: deciding,
      errors: ['forbidden', 'not_found'],
      params,
      body: z.strictObject({ kind: Upgrade, state: UpgradeState.exclude(['pending']), reason }),
      status: 200,
      response: z.object({ upgrade: AccountUpgrade }),
    },
    pendingUpgrades: {
      method: 'get',
      path: '/api/admin/upgrades',
      tag: 'staff',
      summary: 'What accounts asked to become and nobody decided yet, the oldest first; 50 at most.',
      auth: 'user',
      scope: 'login',
      limit: reading,
      errors: ['forbidden'],
      status: 200,
      response: z.object({ requests: z.array(AccountUpgrade.extend({ account: Person })) }),
    },
    auditLog: {
      method: 'get',
      path: '/api/admin/audit',
      tag: 'staff',
      summary:
        'What was done by special rights, by whom and to whom, the newest first; 50 a page. For admins.',
      auth: 'user',
      scope: 'login',
      limit: reading,
      errors: ['forbidden'],
      query: page.extend({
        action: AuditAction.optional(),
        actorId: z.uuid().optional(),
        subjectId: z.uuid().optional(),
        actor: handleSought.optional().describe('The handle of who acted.'),
        subject: handleSought.optional().describe('The handle of whom it was done to.'),
        since: z.coerce.number().int().nonnegative().optional(),
        until: z.coerce.number().int().nonnegative().optional(),
      }),
      status: 200,
      response: entries,
    },
  },
})
