import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { sendAndHang } from '../support/hanging-upload.ts'
import type { Person } from '../support/person.ts'
import { S3_SETTINGS, startS3, type TestS3 } from '../support/s3.ts'
import { until } from '../support/until.ts'
import { storedBytes, videoOf } from '../support/uploaded.ts'
import { addressIn, bytesOf, problemIn, sha256, tusOf } from '../support/videos.ts'

const MB = 1024 * 1024

let s3: TestS3
let app: TestApp
let ann: Person
beforeAll(async () => {
  s3 = await startS3()
  app = await startApp({ ...S3_SETTINGS, S3_URL: s3.url, TRANSCODES_AT_ONCE: '0' })
  ann = await app.person('ann')
})
afterAll(async () => {
  await app?.[Symbol.asyncDispose]()
  await s3?.[Symbol.asyncDispose]()
})

test('an upload of which S3 refuses a part in the middle has no gap where that part was', async () => {
  const bytes = bytesOf(30 * MB, 21)
  const tus = tusOf(app, ann)
  const address = addressIn(await tus.begin(bytes.length))
  // Long enough for the parts behind it to be stored, by whoever sends several at once.
  await s3.fault({ method: 'PUT', pattern: 'partNumber=2', times: 1, afterMs: 2000 })
  const failed = await tus.send(address, 0, bytes)
  expect([failed.status, await problemIn(failed)]).toEqual([500, 'unavailable'])
  expect(s3.refused).toHaveLength(1)
  const offset = await tus.offset(address)
  expect(offset).toBeLessThan(bytes.length)
  expect((await tus.send(address, offset, bytes.slice(offset))).status).toBe(204)
  expect(sha256(await storedBytes(app, s3, address))).toBe(sha256(bytes))
})

test('an upload whose parts are all there is made whole by whoever asks, where S3 failed to do it', async () => {
  const bytes = bytesOf(12 * MB, 22)
  const tus = tusOf(app, ann)
  const address = addressIn(await tus.begin(bytes.length))
  // As often as it is tried again by itself.
  await s3.fault({ method: 'POST', pattern: 'uploadId=', times: 3 })
  expect(await problemIn(await tus.send(address, 0, bytes))).toBe('unavailable')
  expect(await videoOf(app, address)).toMatchObject({ state: 'uploading' })
  expect(await tus.offset(address)).toBe(bytes.length)
  expect(await videoOf(app, address)).toMatchObject({ state: 'processing' })
  expect(sha256(await storedBytes(app, s3, address))).toBe(sha256(bytes))
})

test('somebody whose connection breaks off again and again gets on, however small the pieces', async () => {
  const bytes = bytesOf(4 * MB, 23)
  const tus = tusOf(app, ann)
  const address = addressIn(await tus.begin(bytes.length))
  const hanging = sendAndHang(app, ann, address, 0, bytes.slice(0, 3 * MB))
  await until('the bytes to be under way', async () => (await videoOf(app, address)).receivedBytes > 0)
  hanging.end()
  const offset = await until('something to be stored', async () => (await tus.offset(address)) || undefined)
  expect((await tus.send(address, offset, bytes.slice(offset))).status).toBe(204)
  expect(sha256(await storedBytes(app, s3, address))).toBe(sha256(bytes))
})

test('slow senders hold up nobody else', async () => {
  const ben = await app.person('ben')
  const slow = await Promise.all(
    [1, 2, 3, 4].map(async (seed) => {
      const address = addressIn(await tusOf(app, ben).begin(9 * MB))
      return { address, hanging: sendAndHang(app, ben, address, 0, bytesOf(MB, seed)) }
    }),
  )
  for (const { address } of slow)
    await until('it to be under way', async () => (await videoOf(app, address)).receivedBytes > 0)
  const bytes = bytesOf(6 * MB, 24)
  const tus = tusOf(app, ann)
  const address = addressIn(await tus.begin(bytes.length))
  expect((await tus.send(address, 0, bytes)).status).toBe(204)
  for (const { hanging } of slow) hanging.end()
  expect(sha256(await storedBytes(app, s3, address))).toBe(sha256(bytes))
})
