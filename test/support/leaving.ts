import type { TestApp } from './app.ts'
import { unzip } from './archive.ts'
import type { Person } from './person.ts'
import { openSql } from './sql.ts'
import { until } from './until.ts'

const EXPORT_FILE = '/api/account/exports/{exportId}/file'

/** Has an archive made and waits for it. */
export async function exported(who: Person) {
  await who.api.request('post /api/account/exports')
  return await ready(who)
}

/** The archive, once its owner is told that it is there. */
export async function ready(who: Person) {
  const told = who.follow(`account-data:${who.account.id}`)
  const made = await until('the archive', () =>
    told.items.map((item) => item.export).findLast((it) => it?.state === 'ready'),
  )
  told.stop()
  return made as NonNullable<typeof made>
}

/** Asks for the file of an archive as somebody. */
export const fetchExport = (app: TestApp, who: { bearer: string | undefined }, exportId: string) =>
  fetch(`${app.url}${EXPORT_FILE.replace('{exportId}', exportId)}`, {
    headers: who.bearer ? { authorization: `Bearer ${who.bearer}` } : {},
  })

/** The archive of somebody, each file as text. */
export async function archive(app: TestApp, who: Person) {
  const { id } = await exported(who)
  const answer = await fetchExport(app, who, id)
  const files = await unzip(Buffer.from(await answer.arrayBuffer()))
  return {
    id,
    answer,
    files,
    json: (name: string) => JSON.parse(String(files.get(name))) as Record<string, unknown>[],
  }
}

export const leave = (who: Person) =>
  who.api.request('post /api/account/deletion', { body: { handle: who.account.handle } })

/** Makes what happens hourly happen now. */
export async function sweep(app: TestApp): Promise<void> {
  await using sql = openSql(app)
  await sql`select graphile_worker.add_job('data.sweep', '{}'::json)`
}

/** Moves the end of somebody's grace period to now, and waits until they are erased. */
export async function erased(app: TestApp, who: Person): Promise<void> {
  await using sql = openSql(app)
  await sql`update account_deletions set erase_at = now() where account_id = ${who.account.id}`
  await sweep(app)
  await until(
    'the erasure',
    async () =>
      (
        await sql`select 1 from account_deletions where account_id = ${who.account.id} and erased_at is not null`
      ).length > 0,
  )
}
