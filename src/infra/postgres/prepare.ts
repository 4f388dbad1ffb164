import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import postgres from 'postgres'
import { type Config, embeddedDatabaseDir } from '../../config.ts'
import type { Logger } from '../../core/log.ts'
import { startEmbeddedPostgres } from './embedded.ts'

/** A database to work with: who may change its schema, who runs the program on it. */
export type PreparedPostgres = {
  isEmbedded: boolean
  ownerUrl: string
  appUrl: string
  [Symbol.asyncDispose](): Promise<void>
}

export const OWNER_ROLE = 'social_flow_owner'
export const APP_ROLE = 'social_flow'
const DATABASE = 'social_flow'

/** Uses DATABASE_URL where it is set, else starts the embedded PostgreSQL and makes roles and database in it. */
export async function preparePostgres(config: Config, log: Logger): Promise<PreparedPostgres> {
  if (config.DATABASE_URL) {
    return {
      isEmbedded: false,
      appUrl: config.DATABASE_URL,
      ownerUrl: config.DATABASE_OWNER_URL ?? config.DATABASE_URL,
      [Symbol.asyncDispose]: async () => {},
    }
  }
  const dir = embeddedDatabaseDir(config)
  const server = await startEmbeddedPostgres({ dir, log })
  try {
    const secret = await readFile(`${dir}.password`, 'utf8')
    return {
      isEmbedded: true,
      ...(await makeRoles(server.adminUrl, secret)),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    }
  } catch (error) {
    await server[Symbol.asyncDispose]()
    throw error
  }
}

/** Makes owner, program role and database where they are missing; repeatable. Passwords follow from `secret`. */
export async function makeRoles(adminUrl: string, secret: string, database = DATABASE) {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  try {
    const passwordOf = (role: string) => createHash('sha256').update(`${role}:${secret}`).digest('base64url')
    for (const role of [OWNER_ROLE, APP_ROLE]) {
      const [found] = await sql`select 1 from pg_roles where rolname = ${role}`
      // The password is hexadecimal-like base64url, so it can stand in the statement, which takes no parameters.
      await sql.unsafe(`${found ? 'alter' : 'create'} role ${role} login password '${passwordOf(role)}'`)
    }
    const [found] = await sql`select 1 from pg_database where datname = ${database}`
    if (!found) await sql.unsafe(`create database ${database} owner ${OWNER_ROLE}`)
    const urlOf = (role: string) => {
      const url = new URL(adminUrl)
      url.username = role
      url.password = passwordOf(role)
      url.pathname = `/${database}`
      return url.toString()
    }
    return { ownerUrl: urlOf(OWNER_ROLE), appUrl: urlOf(APP_ROLE) }
  } finally {
    await sql.end()
  }
}
