import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { sendAndHang } from '../support/hanging-upload.ts'
import type { Person } from '../support/person.ts'
import { S3_SETTINGS, startS3, type TestS3 } from '../support/s3.ts'
import { openSql } from '../support/sql.ts'
import { until } from '../support/until.ts'
import { storageOf, storedBytes, videoOf } from '../support/uploaded.ts'
import { addressIn, bytesOf, sha256, tusOf } from '../support/videos.ts'

const MB = 1024 * 1024

describe.each(['files', 'S3'])('an upload to %s', (kind) => {
  let s3: TestS3 | undefined
  let app: TestApp
  let other: TestApp
  let ann: Person

  const stored = (address: string) => storedBytes(app, s3, address)

  beforeAll(async () => {
    s3 = kind === 'S3' ? await startS3() : undefined
    // What is sent here is no video, which would be found out.
    const files = { TRANSCODES_AT_ONCE: '0', ...(s3 && { ...S3_SETTINGS, S3_URL: s3.url }) }
    app = await startApp(files)
    other = await startApp({ ROLES: 'http', ...(s3 ? files : { FILES_DIR: join(app.dir, 'files') }) }, app)
    ann = await app.person('ann')
  })
  afterAll(async () => {
    await other?.[Symbol.asyncDispose]()
    await app?.[Symbol.asyncDispose]()
    await s3?.[Symbol.asyncDispose]()
  })

  test('goes on after its server was killed in the middle of a piece', async () => {
    const bytes = bytesOf(24 * MB, 5)
    const tus = tusOf(app, ann)
    const address = addressIn(await tus.begin(bytes.length))
    expect((await tus.send(address, 0, bytes.slice(0, 9 * MB))).status).toBe(204)
    const hanging = sendAndHang(app, ann, address, 9 * MB, bytes.slice(9 * MB, 18 * MB))
    await until('some of the piece to be counted', async () => {
      return (await videoOf(app, address)).receivedBytes > 9 * MB
    })
    await app.restart()
    expect(await hanging.over).toBe(0)
    const offset = await tus.offset(address)
    // S3 takes parts of 5 MB and more, and what was on its way to be one is lost with the server.
    expect(offset).toBeGreaterThanOrEqual(s3 ? 5 * MB : 9 * MB)
    expect(offset).toBeLessThanOrEqual(18 * MB)
    expect((await tus.send(address, offset, bytes.slice(offset))).status).toBe(204)
    expect(await videoOf(app, address)).toMatchObject({ state: 'processing' })
    expect(sha256(await stored(address))).toBe(sha256(bytes))
  })

  test('is written by one of two servers at a time: the later request gets it, the earlier is sent away', async () => {
    const bytes = bytesOf(20 * MB, 6)
    const address = addressIn(await tusOf(app, ann).begin(bytes.length))
    const hanging = sendAndHang(app, ann, address, 0, bytes.slice(0, 8 * MB))
    await until('the first piece to be under way', async () => {
      return (await videoOf(app, address)).receivedBytes > 0
    })
    const there = tusOf(other, ann)
    const offset = await there.offset(address)
    // It never ends by itself.
    await hanging.over
    expect(offset).toBeGreaterThan(0)
    expect((await there.send(address, offset, bytes.slice(offset))).status).toBe(204)
    expect(sha256(await stored(address))).toBe(sha256(bytes))
  })

  test('that many send at once through two servers has every byte once', async () => {
    const bytes = bytesOf(12 * MB, 8)
    const address = addressIn(await tusOf(app, ann).begin(bytes.length))
    const doors = [tusOf(app, ann), tusOf(other, ann)]
    const piece = 3 * MB
    for (let at = 0; at < bytes.length; at += piece) {
      const answers = await Promise.all(
        [0, 1, 0, 1].map((nth) => doors[nth]?.send(address, at, bytes.slice(at, at + piece))),
      )
      for (const answer of answers) expect([204, 400, 409, 423]).toContain(answer?.status)
      // Who was sent away by another one has left what came of theirs.
      const offset = await doors[0]?.offset(address)
      if (offset !== undefined && offset < at + piece)
        expect((await doors[1]?.send(address, offset, bytes.slice(offset, at + piece)))?.status).toBe(204)
    }
    expect(await videoOf(app, address)).toMatchObject({ state: 'processing' })
    expect(sha256(await stored(address))).toBe(sha256(bytes))
  })

  test('whose last byte came as its server was killed is completed by whoever asks, and by the sweep', async () => {
    const bytes = bytesOf(MB, 11)
    await app.restart({ CRASH_POINT: 'upload:received' })
    const tus = tusOf(app, ann)
    const addresses: string[] = []
    for (let nth = 0; nth < 2; nth++) {
      const address = addressIn(await tus.begin(bytes.length))
      addresses.push(address)
      await expect(tus.send(address, 0, bytes)).rejects.toThrow()
      await app.restart()
    }
    await app.restart({ CRASH_POINT: '' })
    const [asked = '', swept = ''] = addresses
    expect(await videoOf(app, asked)).toMatchObject({ state: 'uploading' })
    expect(await tus.offset(asked)).toBe(MB)
    expect(await videoOf(app, asked)).toMatchObject({ state: 'processing' })
    await using sql = openSql(app)
    await sql`update video_uploads set expires_at = now() where run_id = ${swept.split('/').at(-1) ?? ''}`
    await sql`select graphile_worker.add_job('videos.sweep', '{}'::json)`
    await until('the sweep to find it whole', async () => (await videoOf(app, swept)).state === 'processing')
    expect(sha256(await stored(swept))).toBe(sha256(bytes))
  })

  test('leaves no piece behind when it is given up', async () => {
    const tus = tusOf(app, ann)
    const address = addressIn(await tus.begin(20 * MB))
    const video = await videoOf(app, address)
    expect((await tus.send(address, 0, bytesOf(7 * MB))).status).toBe(204)
    expect((await tus.end(address)).status).toBe(204)
    const folder = `videos/${video.id}/`
    const left = async (): Promise<string[]> => {
      if (s3) {
        using storage = storageOf(s3)
        return await storage.list(folder)
      }
      return readdir(join(app.dir, 'files/objects', folder)).catch(() => [])
    }
    await until('everything of it to go', async () => (await left()).length === 0)
  })
})
