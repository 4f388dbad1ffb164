import postgres from 'postgres'
import { newId } from '../../src/core/ids.ts'
import { systemClock } from '../../src/core/time.ts'
import { createSocketTokens } from '../../src/infra/access/tokens/socket-tokens.ts'

/** The SECRET_KEY of apps that a crowd visits: their tokens are signed here, as 200 sign-ups would be limited. */
export const CROWD_SECRET = 'the secret that a crowd of tests is signed with'

export type CrowdMember = { id: string; handle: string; token(): Promise<string> }

/** Accounts made in the database, with tokens for their sockets. */
export async function createCrowd(
  app: { database: { appUrl: string } },
  count: number,
): Promise<CrowdMember[]> {
  const tokens = createSocketTokens({ secretKey: CROWD_SECRET, clock: systemClock })
  const people = Array.from({ length: count }, (_, i) => ({ id: newId(), handle: `crowd_${i}` }))
  const sql = postgres(app.database.appUrl, { max: 1 })
  await sql`insert into users ${sql(people.map(({ id, handle }) => ({ id, handle, display_name: handle })))}`
  await sql.end()
  return people.map(({ id, handle }) => ({
    ...{ id, handle },
    token: async () =>
      (await tokens.sign({ id, account: { id, handle, displayName: handle, role: 'member' } })).token,
  }))
}
