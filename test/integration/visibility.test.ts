import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createRelations,
  mayHear,
  mayHearSql,
  mayView,
  mayViewSql,
  sightOf,
  sightSql,
} from '../../src/features/safety/visibility.service.ts'
import { type Database, openDatabase } from '../../src/infra/db.ts'
import { createLog } from '../../src/infra/log/log.ts'
import { createTestDatabase, type TestPostgres } from '../support/postgres.ts'

/** As many accounts as can all have something with each other in a world one still reads. */
const PEOPLE = 5
const people = Array.from({ length: PEOPLE }, () => randomUUID())
const NOBODY = 'anon:somebody'

type Edge = [from: number, to: number]
/** Who is what, and has what with whom; people by their number. */
type World = { roles: string[]; shut: boolean[]; blocks: Edge[]; mutes: Edge[]; follows: Edge[] }

const edges = fc.uniqueArray(
  fc.tuple(fc.nat(PEOPLE - 1), fc.nat(PEOPLE - 1)).filter(([from, to]) => from !== to),
  { maxLength: 8, selector: ([from, to]) => `${from} ${to}` },
)
const worlds: fc.Arbitrary<World> = fc.record({
  roles: fc.array(fc.constantFrom('member', 'member', 'member', 'moderator', 'admin'), {
    minLength: PEOPLE,
    maxLength: PEOPLE,
  }),
  shut: fc.array(fc.boolean(), { minLength: PEOPLE, maxLength: PEOPLE }),
  blocks: edges,
  mutes: edges,
  follows: edges,
})

/** What a viewer may be shown of somebody, found by going through the world as a person would; -1: without an account. */
function oracle(world: World, viewer: number, subject: number): { sight: string; isHeard: boolean } {
  const has = (list: Edge[], from: number, to: number) => list.some(([a, b]) => a === from && b === to)
  const blocksThem = has(world.blocks, viewer, subject)
  const isHeardOf = !blocksThem && !has(world.mutes, viewer, subject)
  const answer = (sight: string) => ({ sight, isHeard: isHeardOf && (sight === 'all' || sight === 'card') })
  if (viewer === subject) return answer('all')
  const role = viewer < 0 ? 'visitor' : world.roles[viewer]
  if (role === 'admin' || role === 'moderator') return answer('all')
  if (blocksThem) return answer('notice')
  if (has(world.blocks, subject, viewer)) return answer('nothing')
  const isLetIn = !world.shut[subject] || has(world.follows, viewer, subject)
  return answer(isLetIn ? 'all' : 'card')
}

let database: TestPostgres & AsyncDisposable
let db: Database

beforeAll(async () => {
  database = await createTestDatabase()
  db = openDatabase({
    ...{ url: database.appUrl, pool: 2, log: createLog({ LOG_LEVEL: 'error' }) },
    isStaffSecondFactorAsked: false,
  })
  for (const [i, id] of people.entries())
    await db.orm.execute(
      sql`insert into users (id, handle, display_name) values (${id}, ${`person_${i}`}, 'Person')`,
    )
})
afterAll(async () => {
  await db?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

/** Makes the database that world. */
async function plant({ roles, shut, blocks, mutes, follows }: World): Promise<void> {
  const id = (i: number) => people[i] ?? ''
  await db.withTx(async (tx) => {
    await tx.execute(sql`delete from blocks`)
    await tx.execute(sql`delete from mutes`)
    await tx.execute(sql`delete from follows`)
    await tx.execute(sql`delete from account_privacy`)
    for (const [i, role] of roles.entries())
      await tx.execute(sql`update users set role = ${role}::user_role where id = ${id(i)}`)
    for (const [i, isPrivate] of shut.entries())
      await tx.execute(sql`insert into account_privacy (user_id, is_private) values (${id(i)}, ${isPrivate})`)
    for (const [from, to] of blocks)
      await tx.execute(sql`insert into blocks (blocker_id, blocked_id) values (${id(from)}, ${id(to)})`)
    for (const [from, to] of mutes)
      await tx.execute(sql`insert into mutes (muter_id, muted_id) values (${id(from)}, ${id(to)})`)
    for (const [from, to] of follows)
      await tx.execute(sql`insert into follows (follower_id, followee_id) values (${id(from)}, ${id(to)})`)
  })
}

type Row = {
  viewer: number
  subject: number
  sight: string
  all: boolean
  card: boolean
  heard: boolean
  quiet: boolean
}

test('what SQL and what the function say of any world is what an independent look through it says', async () => {
  const relations = createRelations(db)
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      await plant(world)
      const [viewer, subject] = [sql`v.id`, sql`s.id`]
      const numbered = people.map((id, i) => ({ i, id }))
      const rows = await db.orm.execute<Row>(sql`
        with p as (select * from jsonb_to_recordset(${JSON.stringify(numbered)}::text::jsonb) as j(i int, id uuid)),
             v as (select * from p union all select -1, null)
        select v.i as viewer, s.i as subject, ${sightSql(viewer, subject)} as sight,
               ${mayViewSql(viewer, subject, 'all')} as "all", ${mayViewSql(viewer, subject, 'card')} as card,
               ${mayHearSql(viewer, subject, 'card')} as heard, ${mayHearSql(viewer, subject, 'all')} as quiet
        from v cross join p s`)
      expect(rows).toHaveLength((PEOPLE + 1) * PEOPLE)
      const nameOf = (i: number) => people[i] ?? NOBODY
      const relation = await relations.read(
        rows.map((row) => ({ viewerId: nameOf(row.viewer), subjectId: nameOf(row.subject) })),
      )
      for (const row of rows) {
        const { sight, isHeard } = oracle(world, row.viewer, row.subject)
        const isAll = sight === 'all'
        const { viewer: _v, subject: _s, ...answer } = row
        const expected = {
          ...{ sight, all: isAll, card: isAll || sight === 'card' },
          ...{ heard: isHeard, quiet: isHeard && isAll },
        }
        expect(answer, `${row.viewer} → ${row.subject}`).toEqual(expected)
        const own = relation(nameOf(row.viewer), nameOf(row.subject))
        expect({
          ...{ sight: sightOf(own), all: mayView(own, 'all'), card: mayView(own, 'card') },
          ...{ heard: mayHear(own, 'card'), quiet: mayHear(own, 'all') },
        }).toEqual(expected)
      }
    }),
    // Thirty pairs each: three thousand answers of both, in seconds.
    { numRuns: 100 },
  )
})
