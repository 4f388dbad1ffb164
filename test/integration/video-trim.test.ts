import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { manage } from '../support/made-videos.ts'
import type { Person } from '../support/person.ts'
import { makeCounted, trimmer } from '../support/trimming.ts'
import { until } from '../support/until.ts'
import { BROWSER, connectionWith, viewing } from '../support/watching.ts'

const SRT = [
  '1\n00:00:00,500 --> 00:00:01,500\nBefore\n',
  '2\n00:00:03,500 --> 00:00:04,500\nHalf\n',
  '3\n00:00:05,000 --> 00:00:06,000\nWithin\n',
].join('\n')
/** Eight seconds. */
const FRAMES = 240

let app: TestApp
let owner: Person
let video: ReturnType<typeof trimmer>
let counted: Uint8Array<ArrayBuffer>
beforeAll(async () => {
  counted = await makeCounted(FRAMES, SRT)
  app = await startApp()
  owner = await app.person('maker')
  video = trimmer(app, owner)
})
afterAll(() => app[Symbol.asyncDispose]())

const ofVideo = (videoId: string) => ({ params: { videoId } })
const numbers = (first: number, behind: number) => Array.from({ length: behind - first }, (_, i) => first + i)
const text = async (path: string) => (await fetch(app.url + path)).text()

describe('a part of a video', () => {
  let videoId: string
  let fan: Person
  const cuesOf = async () => {
    const params = { videoId, language: 'de', kind: 'subtitles' } as const
    const path = 'get /api/videos/{videoId}/captions/{language}/{kind}'
    const { cues } = await owner.api.request(path, { params })
    return cues.map(({ startMs, endMs, text }) => `${startMs} ${endMs} ${text}`)
  }
  const historyOf = async (who: Person) =>
    (await who.api.request('get /api/history', { query: {} })).entries.find(
      ({ video }) => video.id === videoId,
    )
  const retention = async () =>
    (await owner.api.request('get /api/videos/{videoId}/analytics', ofVideo(videoId))).analytics.retention
  beforeAll(async () => {
    fan = await app.person('fan')
    videoId = await video.ready(counted)
    await until('the captions of the file', async () => (await video.watched(videoId)).captions.length === 1)
    await owner.api.request('patch /api/videos/{videoId}', {
      ...ofVideo(videoId),
      body: { visibility: 'public', description: '0:00 One\n0:02 Two\n0:05 Three' },
    })
    using watching = await connectionWith(app, { 'user-agent': BROWSER }, fan)
    await watching.call('watch:report', viewing(videoId, { sections: [[0, 4500]], positionMs: 7000 }))
    await until('the view', async () => (await video.watched(videoId)).views === 1)
  })

  test('takes the place of all of it once it is whole, to the frame, and what hangs on times follows', async () => {
    const manager = manage(owner)
    const former = await video.playback(videoId)
    const formerRun = await video.run(videoId)
    const { video: asked } = await video.trim(videoId, 4000, 7000)
    expect(asked).toMatchObject({ state: 'ready', durationMs: 8000, trim: null })
    expect(asked.run).toMatchObject({ state: 'processing', trim: { startMs: 4000, endMs: 7000 } })
    expect((await fetch(app.url + former.hlsUrl)).status).toBe(200)
    await video.exchanged(videoId, formerRun)
    await until('that it is told', () => manager.of(videoId)?.trim?.startMs === 4000)
    expect(manager.of(videoId)).toMatchObject({
      ...{ durationMs: 3000, trim: { startMs: 4000, endMs: 7000, wholeMs: 8000 }, views: 1 },
      description: '0:00 One\n0:02 Two\n0:05 Three',
    })
    const states = manager.told.items.map((item) => item.videos.find(({ id }) => id === videoId)?.state)
    expect(new Set(states)).toEqual(new Set(['ready']))
    manager.told.stop()

    expect(await video.numbers(videoId)).toEqual(numbers(120, 210))
    const shown = await video.watched(videoId)
    expect(shown.chapters).toEqual([
      { startMs: 0, title: 'One' },
      { startMs: 2000, title: 'Two' },
    ])
    expect(await cuesOf()).toEqual(['0 500 Half', '1000 2000 Within'])
    const served = await fetch(app.url + (shown.captions[0]?.url ?? ''))
    expect(served.headers.get('content-type')).toMatch(/^text\/vtt/)
    expect(await served.text()).toMatch(
      /\n00:00:00\.000 --> 00:00:00\.500\nHalf\n\n00:00:01\.000 --> 00:00:02\.000\nWithin\n$/,
    )
    const { baseUrl } = await video.playback(videoId)
    const [, list = ''] =
      /LANGUAGE="de".*URI="(captions\/[^"]+)"/.exec(await text(`${baseUrl}master.m3u8`)) ?? []
    const [segment = ''] = (await text(baseUrl + list)).match(/^[\w-]+\.vtt$/m) ?? []
    expect(await text(`${baseUrl}captions/${segment}`)).toContain('00:00:01.000 --> 00:00:02.000\nWithin')
  })

  test('has a history and a curve that end with it', async () => {
    // They stopped where the video does not go any more.
    expect(await historyOf(fan)).toMatchObject({ positionMs: null, isFinished: true })
    await until('the curve', async () => (await retention())?.sessions === 1)
    expect((await retention())?.shares).toEqual(Array.from({ length: 100 }, () => 1))
  })

  test('gets captions in its own times, and those outside of it stay', async () => {
    const bytes = new TextEncoder().encode('WEBVTT\n\n00:01.000 --> 00:02.500\nNew\n')
    await owner.api.request('put /api/videos/{videoId}/captions/{language}/{kind}', {
      params: { videoId, language: 'de', kind: 'subtitles' },
      ...{ query: {}, upload: { bytes, contentType: 'text/vtt' } },
    })
    expect(await cuesOf()).toEqual(['1000 2500 New'])
  })

  test('is trimmed further in times of the file, and becomes all of it again', async () => {
    const part = await video.run(videoId)
    await video.trim(videoId, 5000, 7000)
    await video.exchanged(videoId, part)
    expect(await video.numbers(videoId)).toEqual(numbers(150, 210))
    const narrow = await video.run(videoId)
    expect((await video.untrim(videoId)).video.run).toMatchObject({ state: 'processing', trim: null })
    await video.exchanged(videoId, narrow)
    expect(await video.numbers(videoId)).toEqual(numbers(0, FRAMES))
    const whole = await video.watched(videoId)
    expect(whole).toMatchObject({ durationMs: 8000, views: 1 })
    expect(whole.chapters).toHaveLength(3)
    expect(await cuesOf()).toEqual(['500 1500 Before', '5000 6500 New'])
    expect(await historyOf(fan)).toMatchObject({ positionMs: 7000, isFinished: false })
    await until('the curve', async () => (await retention())?.shares.at(-1) === 0)
    // Text of the file is looked for once: what its owner changed or deleted does not come back.
    expect(whole.captions).toHaveLength(1)
    expect((await video.untrim(videoId)).video.run?.id).toBe(await video.run(videoId))
  })
})

test('a server that is killed while it makes a part goes on where it was, and shows the former one meanwhile', async () => {
  await using other = await startApp()
  const its = trimmer(other, await other.person('maker'))
  const videoId = await its.ready(counted)
  const former = await its.run(videoId)
  await other.restart({ CRASH_POINT: 'transcoding:piece' })
  await its.trim(videoId, 1000, 3000)
  await until(
    'the crash',
    async () => (await fetch(`${other.url}/healthz`).catch(() => undefined)) === undefined,
  )
  await other.restart({ CRASH_POINT: '' })
  await its.exchanged(videoId, former)
  expect(await its.numbers(videoId)).toEqual(numbers(30, 90))
})
