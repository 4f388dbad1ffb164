import { createApi } from '../../client/http.ts'
import type { TestApp } from './app.ts'
import type { Person } from './person.ts'
import { openSql } from './sql.ts'

/** Gives an account a role behind the server's back, as there is no admin yet who could. */
export async function appoint(app: TestApp, person: Person, role: 'moderator' | 'admin'): Promise<void> {
  await using sql = openSql(app)
  await sql`update users set role = ${role} where id = ${person.account.id}`
}

/** What staff does to an account, as the routes take it. */
export const about = (person: Person) => ({ params: { accountId: person.account.id } })

/** The HTTP side for whoever has an API token. */
export const apiOf = (app: TestApp, token: string) => createApi({ baseUrl: app.url, bearer: () => token })

/** The code and details of what a request was refused with; `done` where it was not. */
export const outcome = (request: Promise<unknown>): Promise<string> =>
  request.then(
    () => 'done',
    (error: { code: string; details?: { reason?: string } }) =>
      [error.code, error.details?.reason].filter(Boolean).join(' '),
  )
