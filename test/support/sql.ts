import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import type { TestApp } from './app.ts'

/** The database of a running server, for what a test must see or plant behind its back. */
export function openSql(app: TestApp) {
  const sql = postgres(app.database.ownerUrl, { max: 2, onnotice: () => {} })
  return Object.assign(sql, { [Symbol.asyncDispose]: () => sql.end() })
}

type Sql = ReturnType<typeof openSql>

/** Accounts nobody signs in to, with live pages, all following somebody since `agoMs` before now, one millisecond apart. */
export async function plantFollowers(sql: Sql, followeeId: string, count: number, agoMs = 60_000) {
  const ids = Array.from({ length: count }, () => randomUUID())
  const prefix = randomUUID().slice(0, 6)
  await sql.begin(async (tx) => {
    await tx`insert into users (id, handle, display_name, following_count)
      select id, ${`p${prefix}_`} || nth, 'Planted', 1 from unnest(${ids}::uuid[]) with ordinality as i(id, nth)`
    await tx`insert into streams (id, owner_id) select gen_random_uuid(), id from unnest(${ids}::uuid[]) as i(id)`
    await tx`insert into follows (follower_id, followee_id, created_at)
      select id, ${followeeId}, date_trunc('milliseconds', now()) - make_interval(secs => ${agoMs / 1000})
        + make_interval(secs => nth / 1000.0)
      from unnest(${ids}::uuid[]) with ordinality as i(id, nth)`
    await tx`update users set followers_count = followers_count + ${count} where id = ${followeeId}`
  })
  return ids
}
