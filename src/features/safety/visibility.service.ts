import { type SQL, sql } from 'drizzle-orm'
import { AppError } from '../../core/errors.ts'
import { isUuid } from '../../core/ids.ts'
import { createBatcher } from '../../core/running/batch.ts'
import { actsAsStaffSql } from '../../infra/access/rights/staff.ts'
import { type Database, listOf, type Tx } from '../../infra/db.ts'

/** Everything that decides what a viewer may see of an account. */
export type Relation = {
  isSelf: boolean
  /** The account is to be deleted: it is nowhere. */
  isLeaving: boolean
  /** The viewer is a moderator or admin of the whole site. */
  isStaff: boolean
  hasBlocked: boolean
  isBlockedBy: boolean
  hasMuted: boolean
  isFollowing: boolean
  /** The account is for the followers whom it accepted. */
  isPrivate: boolean
}

/**
 * What a viewer sees of an account: `all` of it · `card`: name, picture and counts · `notice`: that they have blocked it ·
 * `nothing`: as though there were no such account.
 */
export type Sight = 'all' | 'card' | 'notice' | 'nothing'

/**
 * The rules, the first one that applies counts; where none does, everything is seen. They are data, so that the function
 * for what is in memory and the expression for what is in the database can not differ.
 */
const RULES: readonly { when: Partial<Relation>; sight: Sight }[] = [
  { when: { isSelf: true }, sight: 'all' },
  { when: { isStaff: true }, sight: 'all' },
  { when: { isLeaving: true }, sight: 'nothing' },
  { when: { hasBlocked: true }, sight: 'notice' },
  { when: { isBlockedBy: true }, sight: 'nothing' },
  { when: { isPrivate: true, isFollowing: false }, sight: 'card' },
]

/** How an account is seen by somebody who has nothing to do with it. */
const STRANGER: Relation = {
  ...{ isSelf: false, isLeaving: false, isStaff: false, hasBlocked: false, isBlockedBy: false },
  ...{ hasMuted: false, isFollowing: false, isPrivate: false },
}

export const relationOf = (known: Partial<Relation>): Relation => ({ ...STRANGER, ...known })

export function sightOf(relation: Relation): Sight {
  const applies = ({ when }: (typeof RULES)[number]) =>
    keysOf(when).every((key) => relation[key] === when[key])
  return RULES.find(applies)?.sight ?? 'all'
}

/** Whether a viewer may see an account: what it makes (`all`), or at least its name (`card`). */
export const mayView = (relation: Relation, need: 'all' | 'card'): boolean =>
  SUFFICIENT[need].includes(sightOf(relation))

/** Whether what somebody does is brought to a viewer who did not ask for it: home, feed and notifications. */
export const mayHear = (relation: Relation, need: 'all' | 'card'): boolean =>
  mayView(relation, need) && keysOf(QUIET).every((key) => relation[key] === QUIET[key])

const SUFFICIENT = { all: ['all'], card: ['all', 'card'] } as const satisfies Record<
  string,
  readonly Sight[]
> as {
  readonly [Need in 'all' | 'card']: readonly Sight[]
}
/** Staff see whom they have blocked, and hear nothing of them. */
const QUIET: Partial<Relation> = { hasMuted: false, hasBlocked: false }

/** Why an account is less than a card to somebody: `forbidden` with `{ reason: 'blocked' }`, or `not_found`. */
export function refusalBy(sight: Sight, details: object = {}): AppError | undefined {
  if (sight === 'notice')
    return new AppError('forbidden', 'You have blocked this account.', { reason: 'blocked', ...details })
  return sight === 'nothing' ? new AppError('not_found') : undefined
}

/** Throws it. */
export function mustBeShown(sight: Sight, details: object = {}): void {
  const refusal = refusalBy(sight, details)
  if (refusal) throw refusal
}

const keysOf = (part: Partial<Relation>) => Object.keys(part) as (keyof Relation)[]

/** What the database says to each of them; ids are SQL of type uuid, and a viewer without an account is null. */
const FACTS: { readonly [Key in keyof Relation]: (viewerId: SQL, subjectId: SQL) => SQL } = {
  isSelf: (viewer, subject) => sql`coalesce(${viewer} = ${subject}, false)`,
  isLeaving: (_viewer, subject) =>
    sql`exists (select 1 from account_deletions gone where gone.account_id = ${subject} and gone.erased_at is null)`,
  isStaff: (viewer) => actsAsStaffSql(viewer),
  hasBlocked: (viewer, subject) =>
    sql`exists (select 1 from blocks own where own.blocker_id = ${viewer} and own.blocked_id = ${subject})`,
  isBlockedBy: (viewer, subject) =>
    sql`exists (select 1 from blocks theirs where theirs.blocker_id = ${subject} and theirs.blocked_id = ${viewer})`,
  hasMuted: (viewer, subject) =>
    sql`exists (select 1 from mutes own where own.muter_id = ${viewer} and own.muted_id = ${subject})`,
  isFollowing: (viewer, subject) =>
    sql`exists (select 1 from follows own where own.follower_id = ${viewer} and own.followee_id = ${subject})`,
  isPrivate: (_viewer, subject) =>
    // To those who have nothing to do with an account, leaving shuts what being private shuts.
    sql`(exists (select 1 from account_privacy shut where shut.user_id = ${subject} and shut.is_private)
      or ${FACTS.isLeaving(sql`null::uuid`, subject)})`,
}

/** Whether all of these hold, as SQL. */
const holds = (when: Partial<Relation>, viewer: SQL, subject: SQL): SQL =>
  sql.join(
    keysOf(when).map((key) =>
      when[key] ? FACTS[key](viewer, subject) : sql`not ${FACTS[key](viewer, subject)}`,
    ),
    sql` and `,
  )

/** `sightOf` as SQL. */
export const sightSql = (viewer: SQL, subject: SQL): SQL =>
  sql`case ${sql.join(
    RULES.map(({ when, sight }) => sql`when ${holds(when, viewer, subject)} then ${sql.raw(`'${sight}'`)}`),
    sql` `,
  )} else 'all' end`

/** `mayView` as SQL. */
export const mayViewSql = (viewer: SQL, subject: SQL, need: 'all' | 'card'): SQL =>
  sql`(${sightSql(viewer, subject)}) in (${listOf(SUFFICIENT[need])})`

/** `mayHear` as SQL. */
export const mayHearSql = (viewer: SQL, subject: SQL, need: 'all' | 'card'): SQL =>
  sql`(${mayViewSql(viewer, subject, need)} and ${holds(QUIET, viewer, subject)})`

/** A viewer's id as SQL; whoever has no account is null. */
export const viewerSql = (viewerId: string | undefined): SQL =>
  viewerId !== undefined && isUuid(viewerId) ? sql`${viewerId}::uuid` : sql`null::uuid`

/** Whether an account is for its followers alone, as SQL. */
export const isPrivateSql = (subject: SQL): SQL => FACTS.isPrivate(sql`null::uuid`, subject)

/** Whether an account is of a moderator or admin of the whole site, as SQL. */
export const isStaffSql = (accountId: SQL): SQL => FACTS.isStaff(accountId, sql`null::uuid`)

/** A relation as columns of a statement, under the names that `Relation` has. */
export const relationColumns = (viewer: SQL, subject: SQL): SQL =>
  sql.join(
    keysOf(STRANGER).map((key) => sql`${FACTS[key](viewer, subject)} as ${sql.identifier(key)}`),
    sql`, `,
  )

/** The relation within a row that was read with `relationColumns`. */
export const relationIn = (row: Relation): Relation =>
  Object.fromEntries(keysOf(STRANGER).map((key) => [key, row[key]])) as Relation

export type ViewPair = { viewerId: string; subjectId: string }

/** So many questions share a query. */
const ASKS_MAX = 500

/** Relations of many viewers with many accounts, in one query for all that is asked in the same moment; for pushes. */
export function createRelations(db: Pick<Database, 'orm'>) {
  const reads = createBatcher<readonly ViewPair[], Lookup>({
    maxItems: ASKS_MAX,
    async run(asks) {
      const found = await readRelations(db.orm, asks.flat())
      return asks.map(() => found)
    },
  })
  const read = (pairs: readonly ViewPair[]): Promise<Lookup> =>
    pairs.length === 0 ? Promise.resolve(() => STRANGER) : reads.add(pairs)

  return {
    /** Relations as they are now. */
    read,

    /** Of one viewer, who may have no account, with one account. */
    async of(viewerId: string = '', subjectId: string): Promise<Relation> {
      return (await read([{ viewerId, subjectId }]))(viewerId, subjectId)
    },

    /** The same as a transaction sees them. */
    readIn: (tx: Tx, pairs: readonly ViewPair[]): Promise<Lookup> => readRelations(tx, pairs),
  }
}

export type Relations = ReturnType<typeof createRelations>
type Lookup = (viewerId: string, subjectId: string) => Relation

async function readRelations(
  orm: Pick<Database['orm'], 'execute'>,
  pairs: readonly ViewPair[],
): Promise<Lookup> {
  const asked = JSON.stringify(
    pairs
      .filter(({ subjectId }) => isUuid(subjectId))
      .map(({ viewerId: v, subjectId: s }) => ({ v: isUuid(v) ? v : null, s })),
  )
  const rows = await orm.execute<Relation & { v: string | null; s: string }>(sql`
    select p.v, p.s, ${relationColumns(sql`p.v`, sql`p.s`)}
    from (select distinct v, s from jsonb_to_recordset(${asked}::text::jsonb) as j(v uuid, s uuid)) p`)
  const found = new Map(rows.map((row) => [`${row.v ?? ''} ${row.s}`, relationIn(row)]))
  return (viewerId, subjectId) => found.get(`${isUuid(viewerId) ? viewerId : ''} ${subjectId}`) ?? STRANGER
}
