import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { inject } from 'vitest'

export type TestPostgres = { adminUrl: string; ownerUrl: string; appUrl: string }

export const TEMPLATE_DATABASE = 'social_flow_template'
/** Two folders below the project, as the bundle of `npm start` is: it finds migrations and web app from there. */
export const SERVER_BUNDLE = 'dist/test/server/main.js'

/** A database of the test's own, copied from the migrated template; dropped on disposal. */
export async function createTestDatabase(): Promise<TestPostgres & AsyncDisposable> {
  const { adminUrl, ownerUrl, appUrl } = inject('postgres')
  const name = `t_${randomBytes(6).toString('hex')}`
  const admin = postgres(adminUrl, { max: 1, onnotice: () => {} })
  await admin.unsafe(`create database ${name} template ${TEMPLATE_DATABASE} owner social_flow_owner`)
  const at = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).toString()
  return {
    adminUrl,
    ownerUrl: at(ownerUrl),
    appUrl: at(appUrl),
    async [Symbol.asyncDispose]() {
      await admin.unsafe(`drop database if exists ${name} with (force)`)
      await admin.end()
    },
  }
}
