import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { makeVideo, manage, upload } from '../support/made-videos.ts'
import type { Person } from '../support/person.ts'
import { S3_SETTINGS, startS3, type TestS3 } from '../support/s3.ts'
import { openSql } from '../support/sql.ts'
import { until } from '../support/until.ts'

/** Three pieces of up to 32 seconds, which take long enough to be killed at. */
const SECONDS = 70
/** Some of them on a machine that does many other things. */
const SOME_DONE_MS = 120_000
/** Three processes are started, and a video is made with what a busy machine has left. */
const TEST_MS = 300_000
/** What the operator is promised. */
const TAKEN_OVER_MS = 30_000

let s3: TestS3
let app: TestApp
let owner: Person
beforeAll(async () => {
  s3 = await startS3()
  app = await startApp({ ...S3_SETTINGS, S3_URL: s3.url, TRANSCODES_AT_ONCE: '0' })
  owner = await app.person('maker')
})
afterAll(async () => {
  await app?.[Symbol.asyncDispose]()
  await s3?.[Symbol.asyncDispose]()
})

/** A machine of its own, which shares nothing with the others but the database and the bucket. */
const startWorker = () =>
  startApp({ ...S3_SETTINGS, S3_URL: s3.url, ROLES: 'jobs', TRANSCODES_AT_ONCE: '1' }, app)

type Piece = { piece: string; state: string; atS: number; records: string }

/** The pieces of a video, by when they were begun or done last. */
async function piecesOf(videoId: string): Promise<Piece[]> {
  await using sql = openSql(app)
  return await sql<Piece[]>`
    select c.rung_set || '/' || c.index as piece, extract(epoch from c.updated_at)::float8 as "atS", c.records::text as records,
      case when c.state = 'waiting' and c.claimed_until > now() then 'under way' else c.state::text end as state
    from video_chunks c join video_runs r on r.id = c.run_id where r.video_id = ${videoId} order by c.updated_at`
}

test(
  'a machine that only has the jobs role prepares videos; where it is killed, another goes on',
  async () => {
    const manager = manage(owner)
    const videoId = await upload(app, owner, await makeVideo({ seconds: SECONDS, size: '320x180' }))
    const first = await startWorker()
    const isDone = ({ state }: Piece) => state === 'done'
    await until(
      'some pieces to be done and one to be under way',
      async () => {
        const pieces = await piecesOf(videoId)
        return pieces.filter(isDone).length > 2 && pieces.some(({ state }) => state === 'under way')
      },
      SOME_DONE_MS,
    )
    await first.kill()
    const killed = await piecesOf(videoId)
    expect(killed.filter(({ state }) => state === 'under way')).toHaveLength(1)

    const second = await startWorker()
    const lastS = Math.max(...killed.map(({ atS }) => atS))
    await until(
      'another machine to go on',
      async () => (await piecesOf(videoId)).some(({ atS }) => atS > lastS),
      TAKEN_OVER_MS,
    )
    await manager.ready(videoId)
    const after = await piecesOf(videoId)
    expect(after.every(isDone)).toBe(true)
    // What was done when it was killed was not done anew.
    for (const piece of killed.filter(isDone)) expect(after).toContainEqual(piece)
    for (const { dir } of [app, first, second]) expect(existsSync(join(dir, 'files'))).toBe(false)
    manager.told.stop()
    await first[Symbol.asyncDispose]()
    await second[Symbol.asyncDispose]()
  },
  TEST_MS,
)
