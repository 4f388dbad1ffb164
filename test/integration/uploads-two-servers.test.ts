import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { sendAndHang } from '../support/hanging-upload.ts'
import type { Person } from '../support/person.ts'
import { S3_SETTINGS, startS3, type TestS3 } from '../support/s3.ts'
import { until } from '../support/until.ts'
import { storedBytes, videoOf } from '../support/uploaded.ts'
import { addressIn, bytesOf, problemIn, sha256, tusOf } from '../support/videos.ts'

const MB = 1024 * 1024

describe.each(['files', 'S3'])('two servers and one upload to %s', (kind) => {
  let s3: TestS3 | undefined
  let app: TestApp
  let other: TestApp
  let ann: Person
  beforeAll(async () => {
    s3 = kind === 'S3' ? await startS3() : undefined
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

  test('take its pieces in turn', async () => {
    const bytes = bytesOf(11 * MB, 31)
    const address = addressIn(await tusOf(app, ann).begin(bytes.length))
    const doors = [tusOf(app, ann), tusOf(other, ann)] as const
    const piece = 1.5 * MB
    for (let at = 0, nth = 0; at < bytes.length; at += piece, nth++) {
      const sent = await doors[nth % 2 === 0 ? 0 : 1].send(address, at, bytes.slice(at, at + piece))
      const reached = String(Math.min(at + piece, bytes.length))
      expect([sent.status, sent.headers.get('upload-offset')]).toEqual([204, reached])
    }
    expect(sha256(await storedBytes(app, s3, address))).toBe(sha256(bytes))
  })

  test('give one of two that send the same piece at the same moment the place, and tell the other', async () => {
    const bytes = bytesOf(12 * MB, 32)
    const address = addressIn(await tusOf(app, ann).begin(bytes.length))
    const doors = [tusOf(app, ann), tusOf(other, ann)] as const
    let at = 0
    while (at < bytes.length) {
      const answers = await Promise.all(
        doors.map((door) => door.send(address, at, bytes.slice(at, at + 4 * MB))),
      )
      const taken = answers.flatMap(({ status, headers }) =>
        status === 204 ? [Number(headers.get('upload-offset'))] : [],
      )
      // One that was asked to go before a byte of it was stored has taken nothing.
      const moved = taken.filter((offset) => offset > at)
      expect(moved.length).toBeLessThanOrEqual(1)
      for (const answer of answers.filter(({ status }) => status !== 204))
        expect(await problemIn(answer)).toMatch(/^conflict/)
      at = await doors[0].offset(address)
      expect(at).toBe(Math.max(at, ...moved))
    }
    expect(await videoOf(app, address)).toMatchObject({ state: 'processing' })
    expect(sha256(await storedBytes(app, s3, address))).toBe(sha256(bytes))
  })

  test('go on through the one that is left where the other was killed in the middle of a piece', async () => {
    const bytes = bytesOf(24 * MB, 33)
    const here = tusOf(app, ann)
    const address = addressIn(await here.begin(bytes.length))
    expect((await here.send(address, 0, bytes.slice(0, 6 * MB))).status).toBe(204)
    const hanging = sendAndHang(other, ann, address, 6 * MB, bytes.slice(6 * MB, 18 * MB))
    await until('some of the piece to be counted', async () => {
      return (await videoOf(app, address)).receivedBytes > 6 * MB
    })
    await other.kill()
    expect(await hanging.over).toBe(0)
    const offset = await here.offset(address)
    expect(offset).toBeGreaterThanOrEqual(6 * MB)
    expect(offset).toBeLessThanOrEqual(18 * MB)
    expect((await here.send(address, offset, bytes.slice(offset))).status).toBe(204)
    expect(await videoOf(app, address)).toMatchObject({ state: 'processing' })
    expect(sha256(await storedBytes(app, s3, address))).toBe(sha256(bytes))
    await other.restart()
    expect(await tusOf(other, ann).offset(address)).toBe(bytes.length)
  })
})
