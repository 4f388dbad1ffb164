import type { RouteResponse } from '../../contract/index.ts'
import { type Action, can, refusalOf } from '../../core/access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import { fromCursor, toPage } from '../../core/paging/cursor.ts'
import type { Clock } from '../../core/time.ts'
import type { Viewer, ViewerRole } from '../../core/viewer.ts'
import type { LoginSessions } from '../../infra/access/login-sessions.ts'
import { readAccountRights, withRights } from '../../infra/access/rights/account-rights.ts'
import type { Database, Tx } from '../../infra/db.ts'
import type { Actor, AuditService } from '../audit/audit.service.ts'
import type { TokensService } from '../tokens/tokens.service.ts'
import * as repo from './people.repo.ts'
import { lockRoles } from './people.repo.ts'
import { holdStanding, lockStanding, mustLeaveAnAdmin } from './standing.ts'

type Sanction = RouteResponse<'sanction'>['sanction']
type GovernedPerson = RouteResponse<'findPeople'>['people'][number]
type Decision = { kind: Sanction['kind']; reason: string; forMs?: number | undefined }

const PAGE_ROWS = 50

type Deps = {
  db: Database
  clock: Clock
  log: Logger
  audit: AuditService
  tokens: Pick<TokensService, 'revokeAll'>
  sessions: Pick<LoginSessions, 'endAll'>
  /** Ends the broadcast that an account has on air. */
  endBroadcast: (ownerId: string) => Promise<void>
  /** Ends the sockets of a login session or a token. */
  endLogin: (publicId: string) => void
  /** What an account may has changed: its sockets are judged anew. */
  accountChanged: (accountId: string) => void
}

export { holdStanding, lockRoles, lockStanding, mustLeaveAnAdmin }

/** Whether somebody may do this to anybody at all; throws `forbidden`. */
function must(viewer: Viewer, action: Action): void {
  if (!can(viewer, action)) throw refusalOf(viewer, action)
}

/**
 * What staff does to accounts. Every decision is made by one transaction: it locks the standing of the account, reads again what
 * the decider may (they may have lost it a moment ago), writes the decision and its line in the log. Sockets, tokens and the
 * broadcast follow after the commit.
 */
export function createGovernanceService(deps: Deps) {
  const { db, clock, audit, log } = deps

  /** The decider with their rights as they are in this transaction. */
  async function now(tx: Tx, { viewer }: Actor): Promise<Viewer> {
    const { account } = viewer
    const rights = account && (await readAccountRights(tx, [account.id])).get(account.id)
    if (!rights) throw new AppError('forbidden')
    return { ...viewer, account: withRights(account, rights) }
  }

  async function target(tx: Tx, accountId: string): Promise<repo.PersonRow> {
    await lockStanding(tx, accountId)
    const found = await repo.findPerson(tx, accountId)
    if (!found) throw new AppError('not_found')
    return found
  }

  /** A broadcast that could not be ended now can't be started again, and ends when its picture does. */
  function endBroadcast(accountId: string): void {
    deps
      .endBroadcast(accountId)
      .catch((error: unknown) =>
        log.error({ accountId, error }, 'The broadcast of a suspended account goes on'),
      )
  }

  /** Errors: `forbidden`, `not_found`, `conflict` (a ban with an end). */
  async function sanction(actor: Actor, accountId: string, decision: Decision): Promise<Sanction> {
    const { kind, reason, forMs } = decision
    if (kind === 'banned' && forMs !== undefined)
      throw new AppError('conflict', 'A ban is for ever; suspend the account instead.', { field: 'forMs' })
    must(actor.viewer, 'people:look')
    return db.withTx(async (tx) => {
      const person = await target(tx, accountId)
      const decider = await now(tx, actor)
      const actions: Action[] = [actionOf(kind), ...(person.sanction ? [actionOf(person.sanction.kind)] : [])]
      if (!decider.account || actions.some((action) => !can(decider, action, person)))
        throw new AppError('forbidden', 'You may not do this to this account.')
      const row = await repo.putSanction(tx, {
        accountId,
        kind,
        reason,
        forMs,
        imposedBy: decider.account.id,
      })
      const isBan = kind === 'banned'
      const ended = isBan
        ? [...(await deps.sessions.endAll(tx, accountId)), ...(await deps.tokens.revokeAll(tx, accountId))]
        : []
      await audit.write(tx, {
        ...{ actor, subjectId: accountId, reason },
        action: isBan ? 'account.ban' : 'account.suspend',
        before: stateOf(person.sanction),
        after: stateOf(row),
      })
      tx.afterCommit(() => {
        deps.accountChanged(accountId)
        for (const publicId of ended) deps.endLogin(publicId)
        endBroadcast(accountId)
      })
      return toSanction(row)
    })
  }

  /** Errors: `forbidden`, `not_found`, `conflict` (nothing to lift). */
  async function lift(actor: Actor, accountId: string, reason: string): Promise<void> {
    must(actor.viewer, 'people:look')
    await db.withTx(async (tx) => {
      const person = await target(tx, accountId)
      const decider = await now(tx, actor)
      if (!can(decider, actionOf(person.sanction?.kind ?? 'suspended'), person))
        throw new AppError('forbidden', 'You may not do this to this account.')
      if (!person.sanction) throw new AppError('conflict', 'Nothing stands against this account.')
      await repo.removeSanction(tx, accountId)
      const before = stateOf(person.sanction)
      await audit.write(tx, { actor, action: 'account.lift', subjectId: accountId, reason, before })
      tx.afterCommit(() => deps.accountChanged(accountId))
    })
  }

  /** Errors: `forbidden`, `not_found`, `conflict` (the last admin, or somebody who is suspended). */
  async function giveRole(actor: Actor, accountId: string, wanted: { role: ViewerRole; reason: string }) {
    const { role, reason } = wanted
    must(actor.viewer, 'people:give-role')
    return db.withTx(async (tx) => {
      // Of two admins who demote each other one is first, and the other is no admin any more.
      await lockRoles(tx)
      const person = await target(tx, accountId)
      must(await now(tx, actor), 'people:give-role')
      const change = { before: { role: person.role }, after: { role } }
      if (person.sanction) throw new AppError('conflict', 'Lift what stands against this account first.')
      if (!(await repo.setRole(tx, accountId, role, new Date(clock.nowMs())))) return { role }
      await mustLeaveAnAdmin(tx)
      await audit.write(tx, { actor, action: 'account.role', subjectId: accountId, reason, ...change })
      tx.afterCommit(() => deps.accountChanged(accountId))
      return { role }
    })
  }

  return {
    ...{ sanction, lift, giveRole },

    /** What stands against an account, for itself. */
    async sanctionOf(accountId: string): Promise<Sanction | null> {
      const found = await repo.findPerson(db.orm, accountId)
      return found?.sanction ? toSanction(found.sanction) : null
    },

    /** One page of accounts. Errors: `forbidden`, `invalid_input` (no cursor). */
    async find(
      viewer: Viewer,
      { search, cursor }: { search?: string | undefined; cursor?: string | undefined },
    ) {
      must(viewer, 'people:look')
      const from = fromCursor(cursor)
      const byMail = can(viewer, 'people:see-mail')
      const found = await repo.searchPeople(db.orm, { search, byMail, from, limit: PAGE_ROWS + 1 })
      const { rows, nextCursor } = toPage(found, PAGE_ROWS, ({ createdAt: at, id }) => ({ at, id }))
      return { people: rows.map(toPerson), nextCursor }
    },

    /** One account, and what the viewer may do to it. Errors: `forbidden`, `not_found`. */
    async person(viewer: Viewer, accountId: string) {
      must(viewer, 'people:look')
      const found = await repo.findPerson(db.orm, accountId)
      if (!found) throw new AppError('not_found')
      const isBanned = found.sanction?.kind === 'banned'
      const may = {
        suspend: can(viewer, isBanned ? 'people:ban' : 'people:suspend', found),
        ban: can(viewer, 'people:ban', found),
        giveRole: can(viewer, 'people:give-role', found),
        decideUpgrade: can(viewer, 'upgrade:decide', found),
      }
      const mail = can(viewer, 'people:see-mail') ? found.mail : null
      return { person: { ...toPerson(found), mail }, may }
    },

    /** What staff did to an account. Errors: `forbidden`. */
    async history(viewer: Viewer, subjectId: string, cursor: string | undefined) {
      must(viewer, 'people:look')
      return audit.page({ subjectId, cursor }, { isNetworkShown: can(viewer, 'audit:read') })
    },

    /** The whole log. Errors: `forbidden`. */
    async log(viewer: Viewer, filter: Parameters<AuditService['page']>[0]) {
      must(viewer, 'audit:read')
      return audit.page(filter, { isNetworkShown: true })
    },
  }
}

export type GovernanceService = ReturnType<typeof createGovernanceService>

const actionOf = (kind: Sanction['kind']): Action => (kind === 'banned' ? 'people:ban' : 'people:suspend')

const stateOf = (row: repo.SanctionRow | null) =>
  row ? { state: row.kind, until: row.until?.getTime() ?? null } : { state: 'free' }

const toSanction = ({ kind, reason, until, createdAt }: repo.SanctionRow): Sanction => ({
  ...{ kind, reason },
  until: until?.getTime() ?? null,
  createdAt: createdAt.getTime(),
})

const toPerson = ({ mail: _mail, sanction, createdAt, ...person }: repo.PersonRow): GovernedPerson => ({
  ...person,
  sanction: sanction && toSanction(sanction),
  createdAt: createdAt.getTime(),
})
