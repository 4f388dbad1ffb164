import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { describe, expect, test } from 'vitest'
import { createLog } from '../../src/infra/log/log.ts'
import { startEmbeddedPostgres } from '../../src/infra/postgres/embedded.ts'
import { startApp } from '../support/app.ts'
import { clientId } from '../support/person.ts'
import { until } from '../support/until.ts'

const run = promisify(execFile)
/** Neither of them set: the server brings its own database. */
const EMBEDDED = { DATABASE_URL: '', DATABASE_OWNER_URL: '' }

const databasesIn = async (dir: string) => {
  const { stdout } = await run('ps', ['-eo', 'args'])
  return stdout.split('\n').filter((line) => line.includes('postgres') && line.includes(dir))
}

describe('the embedded database', () => {
  test('goes on after kill -9 with everything that was acknowledged, and ends with the server', async () => {
    await using app = await startApp(EMBEDDED)
    const alice = await app.person('alice')
    const { streamId } = alice.account
    const send = (text: string) =>
      alice.connection.call('chat:send', { clientId: clientId(), streamId, text }, { timeoutMs: 60_000 })
    const lines = [await send('one'), await send('two'), await send('three')]
    await app.restart()
    lines.push(await send('four'))
    const guest = await app.visitor()
    const seen = guest.follow(`chat:${streamId}`)
    await until('the history', () => seen.items.length === 4)
    expect(seen.items).toEqual(lines)
    expect(await databasesIn(app.dir)).not.toEqual([])
    expect(await app.stop()).toBe(0)
    expect(await databasesIn(app.dir)).toEqual([])
  })

  test('a server that is killed leaves no database behind', async () => {
    await using app = await startApp(EMBEDDED)
    expect(await databasesIn(app.dir)).not.toEqual([])
    await app.kill()
    await until('the database to end', async () => (await databasesIn(app.dir)).length === 0)
  })

  test('starts after a loss of power, which leaves the file of the run before', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'social-flow-power-'))
    const options = { dir: join(dir, 'postgres'), log: createLog({ LOG_LEVEL: 'error' }) }
    const pidFile = join(options.dir, 'postmaster.pid')
    const before = await startEmbeddedPostgres(options)
    const [pid] = (await readFile(pidFile, 'utf8')).split('\n')
    process.kill(Number(pid), 'SIGKILL')
    await until('every process of it to end', async () => (await databasesIn(dir)).length === 0)
    await before[Symbol.asyncDispose]()
    expect((await readFile(pidFile, 'utf8')).split('\n')[7]).toContain('ready')
    const after = await startEmbeddedPostgres(options)
    const sql = postgres(after.adminUrl, { max: 1 })
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
    await sql.end()
    await after[Symbol.asyncDispose]()
    await rm(dir, { recursive: true })
  })

  test('the first admin gets in by the printed link, once', async () => {
    await using app = await startApp(EMBEDDED)
    const token = app.output().match(/\/link\?token=([\w-]+)/)?.[1] ?? ''
    const guest = await app.visitor()
    const redeem = () => guest.api.request('post /api/auth/link', { body: { token, session: 'bearer' } })
    const { account } = await redeem()
    expect(account).toMatchObject({ role: 'admin', hasPassword: false })
    await expect(redeem()).rejects.toMatchObject({ code: 'expired' })
  })
})
