import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import type { Person } from '../support/person.ts'
import { png } from '../support/pictures.ts'
import { openSql } from '../support/sql.ts'
import { outcome } from '../support/staff.ts'
import { plantVideo } from '../support/videos.ts'

let app: TestApp
let owner: Person
let stranger: Person
let videoId: string

const SRT =
  '1\n00:00:01,000 --> 00:00:02,500\nHello <b>you</b>\n\n2\n00:00:03,000 --> 00:00:04,000\nBye & thanks\n'
const vtt = (text: string) => `WEBVTT\n\n00:01.000 --> 00:02.000\n${text}\n`

beforeAll(async () => {
  app = await startApp()
  owner = await app.person('owner')
  stranger = await app.person('stranger')
  await using sql = openSql(app)
  videoId = await plantVideo(sql, { ownerId: owner.account.id, durationMs: 120_000 })
})
afterAll(() => app[Symbol.asyncDispose]())

const watched = async ({ api }: Person = stranger) =>
  (await api.request('get /api/videos/{videoId}', { params: { videoId } })).video
const edit = (body: object) => owner.api.request('patch /api/videos/{videoId}', { params: { videoId }, body })

type Given = {
  language?: string
  kind?: 'subtitles' | 'captions'
  label?: string
  contentType?: string
  who?: Person
}
const give = (
  text: string,
  { language = 'en', kind = 'subtitles', label, contentType, who = owner }: Given = {},
) =>
  who.api.request('put /api/videos/{videoId}/captions/{language}/{kind}', {
    params: { videoId, language, kind },
    query: label === undefined ? {} : { label },
    upload: { bytes: new TextEncoder().encode(text), contentType: contentType ?? 'text/plain' },
  })
const read = (language: string, kind: 'subtitles' | 'captions' = 'subtitles', who = owner) =>
  who.api.request('get /api/videos/{videoId}/captions/{language}/{kind}', {
    params: { videoId, language, kind },
  })

describe('chapters', () => {
  test('are the times of the description, and change with it', async () => {
    await edit({ description: 'About it\n0:00 Intro\n0:30 The middle\n1:59 End' })
    expect((await watched()).chapters).toEqual([
      { startMs: 0, title: 'Intro' },
      { startMs: 30_000, title: 'The middle' },
      { startMs: 119_000, title: 'End' },
    ])
    await edit({ title: 'Another title' })
    expect((await watched()).chapters).toHaveLength(3)
    await edit({ description: '0:00 Intro\n0:30 The middle\n2:00 Behind the end' })
    expect((await watched()).chapters).toEqual([])
  })
})

describe('captions', () => {
  test('are read from WebVTT and SubRip, in a language and of a kind each, and replaced', async () => {
    await give(SRT)
    await give(vtt('[door slams]'), { kind: 'captions' })
    await give(vtt('Hallo'), { language: 'de', label: ' Von Hand\u0000 ' })
    const { captions } = await owner.api.request('get /api/videos/{videoId}/captions', {
      params: { videoId },
    })
    expect(captions.map(({ language, kind, label }) => [language, kind, label])).toEqual([
      ['de', 'subtitles', 'Von Hand'],
      ['en', 'subtitles', 'English'],
      ['en', 'captions', 'English (CC)'],
    ])
    const { cues } = await read('en')
    expect(cues).toEqual([
      { startMs: 1000, endMs: 2500, settings: '', text: 'Hello <b>you</b>' },
      { startMs: 3000, endMs: 4000, settings: '', text: 'Bye &amp; thanks' },
    ])
    // What was written by a label keeps it.
    await give(vtt('Servus'), { language: 'de' })
    const replaced = await read('de')
    expect([replaced.captions.label, replaced.cues[0]?.text]).toEqual(['Von Hand', 'Servus'])
  })

  test('are of one language however its tag is written', async () => {
    await give(vtt('Oi'), { language: 'pt-br' })
    expect((await read('pt-BR')).captions.language).toBe('pt-BR')
    await owner.api.request('delete /api/videos/{videoId}/captions/{language}/{kind}', {
      params: { videoId, language: 'PT-br', kind: 'subtitles' },
    })
    expect(await outcome(read('pt-BR'))).toBe('not_found')
  })

  test('lose whatever is no text', async () => {
    await give(vtt('<img src=x onerror=alert(1)>Hi<script>alert(1)</script>'), { language: 'fr' })
    expect((await read('fr')).cues[0]?.text).toBe('Hialert(1)')
  })

  test('go, also twice', async () => {
    const remove = () =>
      owner.api.request('delete /api/videos/{videoId}/captions/{language}/{kind}', {
        params: { videoId, language: 'fr', kind: 'subtitles' },
      })
    expect((await remove()).captions).toHaveLength(3)
    expect((await remove()).captions).toHaveLength(3)
    expect(await outcome(read('fr'))).toBe('not_found')
  })

  test('are refused where they are none, too large, too many, or of somebody else’s video', async () => {
    expect(await outcome(give('hello'))).toBe('invalid_input')
    expect(await outcome(give(vtt('a'), { contentType: 'text/html' }))).toBe('invalid_input')
    expect(await outcome(give(vtt('a'), { language: '../x' }))).toBe('invalid_input')
    expect(await outcome(give(vtt('a'), { language: 'en-ab-cd' }))).toBe('invalid_input')
    expect(await outcome(give('x'.repeat(4 * 1024 * 1024 + 1)))).toBe('too_large')
    expect(await outcome(give(vtt('a'), { who: stranger }))).toBe('not_found')
    expect(await outcome(read('en', 'subtitles', stranger))).toBe('not_found')
    await using sql = openSql(app)
    await sql`insert into video_captions (id, video_id, language, label, kind, key)
      select gen_random_uuid(), ${videoId}, 'x' || chr(97 + n / 26) || chr(97 + n % 26), 'More', 'subtitles', ''
      from generate_series(0, 46) n`
    expect(await outcome(give(vtt('a'), { language: 'it' }))).toBe('conflict')
    // What is there may still be replaced.
    expect(await outcome(give(vtt('a')))).toBe('done')
    await sql`delete from video_captions where label = 'More'`
  })

  test('two that are given at once do not both stay', async () => {
    await Promise.all(Array.from({ length: 5 }, (_, i) => give(vtt(`nth ${i}`), { language: 'nl' })))
    await using sql = openSql(app)
    expect(
      await sql`select 1 from video_captions where video_id = ${videoId} and language = 'nl'`,
    ).toHaveLength(1)
    const waiting = await sql`select payload ->> 'name' as name from graphile_worker._private_jobs j
      join graphile_worker._private_tasks t on t.id = j.task_id
      where t.identifier = 'videos.remove-own' and run_at > now() + interval '1 hour'`
    // The files of the four others go later.
    expect(waiting.length).toBeGreaterThanOrEqual(4)
  })
})

describe('its owner', () => {
  test('reads one of their videos by its id, and nobody else does', async () => {
    const ask = ({ api }: Person) => api.request('get /api/videos/mine/{videoId}', { params: { videoId } })
    expect((await ask(owner)).video).toMatchObject({ id: videoId, posterOptions: [], posterUrl: null })
    expect(await outcome(ask(stranger))).toBe('not_found')
  })

  test('makes it for who has paid only once there is something to pay for', async () => {
    for (const visibility of ['subscribers', 'paid']) {
      const refused = edit({ visibility, title: 'Never said' })
      await expect(refused).rejects.toMatchObject({ code: 'conflict', details: { reason: 'unsold' } })
    }
    expect(await watched()).toMatchObject({ visibility: 'public', title: 'Another title' })
  })

  test('gives it a poster only once it has pictures, and only a picture', async () => {
    const bytes = new Uint8Array(await png())
    const send = (body: Uint8Array<ArrayBuffer>, contentType = 'image/png', { api } = owner) =>
      api.request('put /api/videos/{videoId}/poster/picture', {
        params: { videoId },
        upload: { bytes: body, contentType },
      })
    expect(await outcome(send(bytes))).toBe('conflict')
    expect(await outcome(send(bytes, 'image/png', stranger))).toBe('not_found')
    await using sql = openSql(app)
    await sql`with run as (
      insert into video_runs (id, video_id, state, file_name, source_key, size_bytes)
      values (gen_random_uuid(), ${videoId}, 'ready', 'a.mp4', 'videos/a/source.bin', 1) returning id)
      update videos set run_id = run.id, poster_hashes = '{AAAA}', poster_choice = 0 from run
      where videos.id = ${videoId}`
    expect(await outcome(send(new TextEncoder().encode('<svg/>')))).toBe('invalid_input')
    expect(await outcome(send(new Uint8Array(10 * 1024 * 1024 + 1)))).toBe('too_large')
    const { video } = await send(bytes)
    expect(video).toMatchObject({ posterChoice: null, posterOptions: ['AAAA'] })
    expect(video.thumbhash).not.toBe('AAAA')
    for (const name of ['480.webp', '1280.avif', '240.jpg'])
      expect((await fetch(app.url + video.posterUrl + name)).status, name).toBe(200)
    // Everybody is shown it at once, under another address.
    const seen = await watched()
    expect(seen.thumbhash).toBe(video.thumbhash)
    const again = await send(bytes)
    expect(again.video.posterUrl?.split('/').at(-2)).not.toBe(video.posterUrl?.split('/').at(-2))
    const choose = { params: { videoId }, body: { choice: 0 } }
    const chosen = await owner.api.request('put /api/videos/{videoId}/poster', choose)
    expect(chosen.video).toMatchObject({ posterChoice: 0, thumbhash: 'AAAA' })
  })
})
