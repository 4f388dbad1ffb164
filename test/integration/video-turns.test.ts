import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { makeVideo, manage, upload } from '../support/made-videos.ts'
import { openSql } from '../support/sql.ts'
import { until } from '../support/until.ts'

/** Of four pieces, as one has 32 seconds. */
const LONG = { seconds: 100, size: '160x90' }
const SHORT = { seconds: 2, size: '160x90' }

let app: TestApp
beforeEach(async () => {
  app = await startApp({ TRANSCODES_AT_ONCE: '0' })
})
afterEach(() => app?.[Symbol.asyncDispose]())

test('a short video does not wait for the many long ones that somebody else sent before', async () => {
  const [many, one] = await Promise.all([app.person('many'), app.person('one')])
  const long = await makeVideo(LONG)
  for (let nth = 0; nth < 3; nth++) await upload(app, many, long)
  const manager = manage(one)
  const videoId = await upload(app, one, await makeVideo(SHORT))
  await using sql = openSql(app)
  await until('all to wait for a process that prepares them', async () => {
    const waiting = await sql`select from graphile_worker.jobs where task_identifier like 'transcoding.%'`
    return waiting.length >= 4
  })
  // One piece at a time, so that nothing but the order of pieces decides.
  const env = { ROLES: 'jobs', TRANSCODES_AT_ONCE: '1', FILES_DIR: join(app.dir, 'files') }
  await using _worker = await startApp(env, app)
  await manager.ready(videoId)
  const done = await sql<{ ownerId: string }[]>`
    select v.owner_id as "ownerId" from video_chunks c
    join video_runs r on r.id = c.run_id join videos v on v.id = r.video_id
    where c.state = 'done' order by c.updated_at`
  const owners = done.map(({ ownerId }) => ownerId)
  const last = owners.lastIndexOf(one.account.id)
  const before = owners.slice(0, last)
  const own = before.filter((id) => id === one.account.id).length
  // Each of them had the next turn after one of the other's.
  expect(before.length - own).toBeLessThanOrEqual(own + 2)
  manager.told.stop()
})

test('a video that was deleted while it waited, and then restored, is prepared all the same', async () => {
  const one = await app.person('one')
  const manager = manage(one)
  const videoId = await upload(app, one, await makeVideo(SHORT))
  await using sql = openSql(app)
  const jobs = () => sql`select from graphile_worker.jobs where task_identifier = 'transcoding.encode'`
  await until('it to wait for a process that prepares it', async () => (await jobs()).length > 0)
  await one.api.request('delete /api/videos/{videoId}', { params: { videoId } })
  const env = { ROLES: 'jobs', TRANSCODES_AT_ONCE: '1', FILES_DIR: join(app.dir, 'files') }
  await using _worker = await startApp(env, app)
  // Nor does anybody go on looking for what nobody is to make.
  await until('its jobs to be over', async () => (await jobs()).length === 0)
  await one.api.request('post /api/videos/{videoId}/restore', { params: { videoId } })
  await sql`select graphile_worker.add_job('transcoding.sweep', '{}'::json)`
  await manager.ready(videoId)
  manager.told.stop()
})
