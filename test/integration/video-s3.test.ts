import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { makeVideo, manage } from '../support/made-videos.ts'
import type { Person } from '../support/person.ts'
import { S3_SETTINGS, startS3, type TestS3 } from '../support/s3.ts'
import { openSql } from '../support/sql.ts'
import { until } from '../support/until.ts'
import { videoOf } from '../support/uploaded.ts'
import { addressIn, problemIn, tusOf } from '../support/videos.ts'

let s3: TestS3
let app: TestApp
let owner: Person
let bytes: Uint8Array<ArrayBuffer>
beforeAll(async () => {
  s3 = await startS3()
  bytes = await makeVideo({ seconds: 70, size: '640x360' })
  app = await startApp({ ...S3_SETTINGS, S3_URL: s3.url })
  owner = await app.person('maker')
})
afterAll(async () => {
  await app?.[Symbol.asyncDispose]()
  await s3?.[Symbol.asyncDispose]()
})

const get = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${app.url}${path}`, { headers })
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) }
}
const textOf = async (path: string) => {
  const { status, bytes } = await get(path)
  expect(status, path).toBe(200)
  return bytes.toString()
}

/** Plays a video as a player does: every quality and the sound, each from its first segment to its last. */
async function play(videoId: string) {
  const { hlsUrl, baseUrl } = await owner.api.request('get /api/videos/{videoId}/playback', {
    params: { videoId },
  })
  const master = await textOf(hlsUrl)
  const variants = master.split('\n').filter((line) => line && !line.startsWith('#'))
  const sound = [...master.matchAll(/TYPE=AUDIO.*URI="([^"]+)"/g)].map(([, uri = '']) => uri)
  expect(sound).toHaveLength(1)
  const seconds: number[] = []
  for (const playlist of [...variants, ...sound]) {
    const text = await textOf(baseUrl + playlist)
    expect(text).toContain('#EXT-X-ENDLIST')
    const folder = baseUrl + playlist.slice(0, playlist.lastIndexOf('/') + 1)
    const init = /EXT-X-MAP:URI="([^"]+)"/.exec(text)?.[1] ?? ''
    const segments = text.split('\n').filter((line) => line && !line.startsWith('#'))
    for (const name of [init, ...segments]) {
      const whole = await get(folder + name)
      expect([name, whole.status]).toEqual([name, 200])
      const part = await get(folder + name, { range: 'bytes=20-59' })
      expect([name, part.status]).toEqual([name, 206])
      expect(part.headers.get('content-range')).toBe(`bytes 20-59/${whole.bytes.length}`)
      expect(part.bytes).toEqual(whole.bytes.subarray(20, 60))
    }
    seconds.push([...text.matchAll(/#EXTINF:([\d.]+)/g)].reduce((sum, [, length]) => sum + Number(length), 0))
  }
  return { qualities: variants.length, seconds }
}

test('a video gets from its sender to its viewers through S3 alone, also where that is away for some time', async () => {
  const manager = manage(owner)
  const tus = tusOf(app, owner)
  const address = addressIn(await tus.begin(bytes.length))
  const third = Math.floor(bytes.length / 3)
  expect((await tus.send(address, 0, bytes.slice(0, third))).status).toBe(204)

  await s3.goDown()
  expect(await problemIn(await tus.send(address, third, bytes.slice(third)))).toBe('unavailable')
  expect((await tus.head(address)).status).toBe(500)
  expect(await videoOf(app, address)).toMatchObject({ state: 'uploading' })
  await s3.comeBack()

  const offset = await tus.offset(address)
  expect(offset).toBe(third)
  expect((await tus.send(address, offset, bytes.slice(offset))).status).toBe(204)
  const { id: videoId, runId } = await videoOf(app, address)

  await using sql = openSql(app)
  await until('a piece to be made', async () => {
    const done = await sql`
      select from video_chunks where run_id = ${runId} and state = 'done' and rung_set like '%p'`
    return done.length > 0
  })
  await s3.goDown()
  await until('a piece to fail', async () => {
    const failed = await sql`
      select from graphile_worker.jobs where task_identifier = 'transcoding.encode' and last_error is not null`
    return failed.length > 0
  })
  await s3.comeBack()

  await manager.ready(videoId)
  const { qualities, seconds } = await play(videoId)
  expect(qualities).toBe(2)
  for (const length of seconds) expect(Math.abs(length - 70)).toBeLessThan(0.2)
  expect(existsSync(join(app.dir, 'files'))).toBe(false)
  manager.told.stop()
})
