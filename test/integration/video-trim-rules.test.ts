import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { makeVideo, upload } from '../support/made-videos.ts'
import type { Person } from '../support/person.ts'
import { openSql } from '../support/sql.ts'
import { refusalOf, trimmer } from '../support/trimming.ts'
import { until } from '../support/until.ts'
import { plantVideo, problemIn, tusOf } from '../support/videos.ts'

/** More than all videos here together, and no more than an upload may have. */
const QUOTA_BYTES = 40 * 2 ** 20

let app: TestApp
let owner: Person
let video: ReturnType<typeof trimmer>
/** Of three seconds. */
let small: Uint8Array<ArrayBuffer>
beforeAll(async () => {
  small = await makeVideo({ seconds: 3, size: '160x90' })
  app = await startApp({ UPLOAD_QUOTA_BYTES: String(QUOTA_BYTES) })
  owner = await app.person('maker')
  video = trimmer(app, owner)
})
afterAll(() => app[Symbol.asyncDispose]())

describe('what cannot be trimmed', () => {
  let videoId: string
  beforeAll(async () => {
    videoId = await video.ready(small)
  })

  test('is refused with its reason', async () => {
    expect(await refusalOf(video.trim(videoId, 0, 3000))).toBe('conflict nothing')
    expect(await refusalOf(video.trim(videoId, 10, 2990))).toBe('conflict nothing')
    for (const [startMs, endMs] of [
      [2500, 3000],
      [2000, 1000],
      [0, 3001],
      [0, 2 ** 40],
    ] as const)
      expect(await refusalOf(video.trim(videoId, startMs, endMs)), `${startMs} to ${endMs}`).toBe(
        'invalid_input',
      )
    expect(await refusalOf(video.trim(videoId, -1, 2000))).toBe('invalid_input')
    expect(await refusalOf(video.trim(videoId, 0.5, 2000))).toBe('invalid_input')
    expect((await video.untrim(videoId)).video.trim).toBeNull()
    await using sql = openSql(app)
    const unready = await plantVideo(sql, { ownerId: owner.account.id, state: 'processing' })
    expect(await refusalOf(video.trim(unready, 0, 2000))).toBe('conflict not_ready')
    expect(await refusalOf(video.untrim(unready))).toBe('conflict not_ready')
  })

  test('is what belongs to somebody else, and what is gone', async () => {
    const other = await app.person('other')
    const visitor = await app.visitor()
    expect(await refusalOf(trimmer(app, other).trim(videoId, 0, 2000))).toBe('not_found')
    expect(await refusalOf(trimmer(app, other).untrim(videoId))).toBe('not_found')
    expect(await refusalOf(trimmer(app, visitor).trim(videoId, 0, 2000))).toBe('unauthenticated')
    expect(await refusalOf(video.trim(randomUUID(), 0, 2000))).toBe('not_found')
    const gone = await video.ready(small)
    await owner.api.request('delete /api/videos/{videoId}', { params: { videoId: gone } })
    expect(await refusalOf(video.trim(gone, 0, 2000))).toBe('not_found')
  })
})

describe('two versions at once', () => {
  test('are one where they are the same, and the second of two others waits', async () => {
    const videoId = await video.ready(small)
    const former = await video.run(videoId)
    const same = await Promise.all([1, 2, 3].map(() => video.trim(videoId, 1000, 3000)))
    expect(new Set(same.map((answer) => answer.video.run?.id)).size).toBe(1)
    expect(await refusalOf(video.trim(videoId, 500, 3000))).toBe('conflict busy')
    const sent = await tusOf(app, owner).begin(small.length, { videoId })
    expect(await problemIn(sent)).toBe('conflict busy')
    await video.exchanged(videoId, former)
    expect((await video.trim(videoId, 1000, 3000)).video.run?.state).toBe('ready')
    const part = await video.run(videoId)
    const races = [video.trim(videoId, 500, 3000), video.trim(videoId, 0, 1500)].map(refusalOf)
    expect((await Promise.all(races)).sort()).toEqual(['conflict busy', 'ok'])
    await video.exchanged(videoId, part)
  })

  test('are none where the owner gives the new one up, and its files go', async () => {
    const videoId = await video.ready(small)
    const former = await video.run(videoId)
    const givenUp = (await video.trim(videoId, 1000, 3000)).video.run?.id ?? ''
    expect((await video.untrim(videoId)).video).toMatchObject({
      trim: null,
      run: { id: former, state: 'ready' },
    })
    await using sql = openSql(app)
    await until('its work to end', async () => {
      const [row] = await sql`select failure_code from video_runs where id = ${givenUp}`
      return row?.failure_code === 'given_up' && (await video.files(videoId, givenUp)).length === 0
    })
    expect(await video.run(videoId)).toBe(former)
    expect(await video.files(videoId, former)).toEqual(expect.arrayContaining(['play', 'source.bin']))
    // Nothing of it is left that could not be asked for again.
    await video.trim(videoId, 1000, 3000)
    await video.exchanged(videoId, former)
  })

  test('do not stand in each other’s way where one is another file', async () => {
    // Whoever trimmed twenty times has to wait.
    const patient = await app.person('patient')
    const its = trimmer(app, patient)
    const videoId = await its.ready(small)
    const begun = await tusOf(app, patient).begin(small.length, { videoId })
    expect(begun.status).toBe(201)
    expect(await refusalOf(its.trim(videoId, 1000, 3000))).toBe('conflict busy')
    expect(await refusalOf(its.untrim(videoId))).toBe('conflict busy')
  })
})

test('a file is kept as long as some of it is shown, counts once, and goes with the last version of it', async () => {
  const keeper = await app.person('keeper')
  const its = trimmer(app, keeper)
  const videoId = await its.ready(small)
  const usedBytes = async () => {
    const answer = await tusOf(app, keeper).begin(QUOTA_BYTES)
    return ((await answer.json()) as { details: { usedBytes: number } }).details.usedBytes
  }
  const first = await its.run(videoId)
  await its.trim(videoId, 1000, 3000)
  expect(await usedBytes()).toBe(small.length)
  await its.exchanged(videoId, first)
  const second = await its.run(videoId)
  await until(
    'what was made of all of it to go',
    async () => !(await its.files(videoId, first)).includes('play'),
  )
  expect(await its.files(videoId, first)).toContain('source.bin')
  expect(await its.files(videoId, second)).toEqual(['play'])
  expect(await usedBytes()).toBe(small.length)
  await its.untrim(videoId)
  await its.exchanged(videoId, second)
  const third = await its.run(videoId)
  await until('the part to go', async () => (await its.files(videoId, second)).length === 0)
  expect(await its.files(videoId, first)).toContain('source.bin')

  const other = await makeVideo({ seconds: 2, size: '160x90' })
  await upload(app, keeper, other, { videoId })
  await its.exchanged(videoId, third)
  await until('the former file to go', async () => {
    const left = [...(await its.files(videoId, first)), ...(await its.files(videoId, third))]
    return left.length === 0
  })
  expect(await usedBytes()).toBe(other.length)
  expect(await its.files(videoId, await its.run(videoId))).toContain('source.bin')
})
