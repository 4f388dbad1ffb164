import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { makeVideo, manage, upload } from '../support/made-videos.ts'
import type { Person } from '../support/person.ts'
import { png } from '../support/pictures.ts'
import { until } from '../support/until.ts'

const SRT = '1\n00:00:00,500 --> 00:00:01,500\nGuten Tag\n'
const ENGLISH = 'WEBVTT\n\n00:00.500 --> 00:01.500\nGood day\n'

let app: TestApp
let owner: Person
beforeAll(async () => {
  app = await startApp()
  owner = await app.person('maker')
})
afterAll(() => app[Symbol.asyncDispose]())

const playbackOf = (videoId: string) =>
  owner.api.request('get /api/videos/{videoId}/playback', { params: { videoId } })
const text = async (path: string) => (await fetch(app.url + path)).text()
const masterOf = async (videoId: string) => text((await playbackOf(videoId)).hlsUrl)
const ofCaptions = (videoId: string, language: string) => ({
  params: { videoId, language, kind: 'subtitles' as const },
})

test('captions and a poster are served with a video, and stay when it gets another file', async () => {
  const manager = manage(owner)
  const videoId = await upload(app, owner, await makeVideo({ seconds: 4, size: '320x180', subtitles: SRT }))
  await manager.ready(videoId)

  // What was in the file became captions by itself.
  const { hlsUrl } = await playbackOf(videoId)
  await until('the captions of the file', async () => (await text(hlsUrl)).includes('LANGUAGE="de"'))
  const { cues } = await owner.api.request(
    'get /api/videos/{videoId}/captions/{language}/{kind}',
    ofCaptions(videoId, 'de'),
  )
  expect(cues).toEqual([{ startMs: 500, endMs: 1500, settings: '', text: 'Guten Tag' }])

  const bytes = new TextEncoder().encode(ENGLISH)
  await owner.api.request('put /api/videos/{videoId}/captions/{language}/{kind}', {
    ...{ ...ofCaptions(videoId, 'en'), query: {}, upload: { bytes, contentType: 'text/vtt' } },
  })
  await until('both in the playlist', async () => (await text(hlsUrl)).includes('LANGUAGE="en"'))
  const { baseUrl } = await playbackOf(videoId)
  const master = await masterOf(videoId)
  expect(master).toMatch(/#EXT-X-STREAM-INF:.*SUBTITLES="subs"/)
  const [, name = ''] = /LANGUAGE="en".*URI="(captions\/[^"]+)"/.exec(master) ?? []
  const [segment = ''] = (await text(baseUrl + name)).match(/^[\w-]+\.vtt$/m) ?? []
  expect(await text(`${baseUrl}captions/${segment}`)).toContain('Good day')
  const { video } = await owner.api.request('get /api/videos/{videoId}', { params: { videoId } })
  expect(await text(video.captions.find(({ language }) => language === 'en')?.url ?? '')).toContain(
    'Good day',
  )

  const picture = new Uint8Array(await png())
  const posted = await owner.api.request('put /api/videos/{videoId}/poster/picture', {
    ...{ params: { videoId }, upload: { bytes: picture, contentType: 'image/png' } },
  })
  expect(posted.video.posterOptions).toHaveLength(3)
  await owner.api.request('patch /api/videos/{videoId}', {
    ...{ params: { videoId }, body: { description: '0:00 One\n0:01 Two\n0:05 Three' } },
  })
  const chapters = async () =>
    (await owner.api.request('get /api/videos/{videoId}', { params: { videoId } })).video.chapters
  expect(await chapters()).toEqual([])

  const former = await playbackOf(videoId)
  await upload(app, owner, await makeVideo({ seconds: 8, size: '320x180' }), { videoId })
  // Until the new file is ready, the old one plays.
  expect((await fetch(app.url + former.hlsUrl)).status).toBe(200)
  const runOf = ({ baseUrl: url }: { baseUrl: string }) => url.split('/')[4]
  await until('all of the new file', () => {
    const run = manager.of(videoId)?.run
    return run?.percent === 100 && run.id !== runOf(former)
  })
  expect(runOf(await playbackOf(videoId))).not.toBe(runOf(former))
  const renewed = await masterOf(videoId)
  for (const language of ['de', 'en']) expect(renewed).toContain(`LANGUAGE="${language}"`)
  const now = await owner.api.request('get /api/videos/{videoId}', { params: { videoId } })
  expect((await fetch(`${app.url}${now.video.posterUrl}480.webp`)).status).toBe(200)
  expect(now.video.thumbhash).toBe(posted.video.thumbhash)
  // It is long enough for them now.
  expect(await chapters()).toHaveLength(3)

  await owner.api.request(
    'delete /api/videos/{videoId}/captions/{language}/{kind}',
    ofCaptions(videoId, 'de'),
  )
  const shown = (await playbackOf(videoId)).hlsUrl
  await until('them to go', async () => !(await text(shown)).includes('LANGUAGE="de"'))
  manager.told.stop()
})
