import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOUR_MS } from '../../src/core/time.ts'
import { makeVideo, manage, upload } from '../support/made-videos.ts'
import { outcome } from '../support/staff.ts'
import { until } from '../support/until.ts'
import { viewing } from '../support/watching.ts'
import { type Premieres, pageOf, playbackOf, startPremieres } from './premieres.people.ts'

let app: Premieres['app']
let people: Premieres['people']
let announce: Premieres['announce']

beforeAll(async () => {
  ;({ app, people, announce } = await startPremieres())
})
afterAll(() => app[Symbol.asyncDispose]())

describe('files', () => {
  const SECONDS = 3
  let videoId: string

  beforeAll(async () => {
    const manager = manage(people.owner)
    videoId = await upload(app, people.owner, await makeVideo({ seconds: SECONDS, size: '320x240' }))
    await manager.ready(videoId)
    manager.told.stop()
  })

  const statusOf = async (path: string) => (await fetch(`${app.url}${path}`)).status

  test('are shut until the time, but for the poster, and open for all in that moment', async () => {
    await announce(videoId, HOUR_MS, { visibility: 'public' })
    const own = await playbackOf(videoId, people.owner)
    const [, , , , runId] = own.baseUrl.split('/')
    const { video } = await pageOf(videoId, people.stranger)
    const poster = video.posterUrl ?? ''
    const base = poster.split('posters/')[0] ?? ''
    const others = [0, 1, 2].map((n) => `${base}posters/${n}/`).filter((folder) => folder !== poster)
    const files = ['master.m3u8', 'manifest.mpd', 'preview.webp', 'storyboard/index.vtt']
    const hostile = [
      ...files.map((name) => base + name),
      ...others.map((folder) => `${folder}480.jpg`),
      `${poster}../../master.m3u8`,
      `${poster}..%2f..%2fmaster.m3u8`,
    ]
    expect(await statusOf(`${poster}480.jpg`)).toBe(200)
    for (const path of hostile) expect(await statusOf(path), path).toBe(404)
    for (const name of files) expect(await statusOf(`/m/public/${videoId}/${runId}/${name}`), name).toBe(401)
    expect(await statusOf(own.hlsUrl), 'its owner').toBe(200)

    // A decision that was made a moment before its time must not outlive it.
    const begins = Date.now() + 2500
    await announce(videoId, 0, { scheduledFor: begins })
    const asked: [atMs: number, status: number][] = []
    await until('the beginning', async () => {
      const atMs = Date.now()
      const status = await statusOf(`${base}master.m3u8`)
      asked.push([atMs, status])
      return status === 200 || (status === 404 ? false : status)
    })
    for (const [atMs, status] of asked.slice(0, -1)) expect([status, atMs < begins]).toEqual([404, true])
    expect(Date.now()).toBeGreaterThanOrEqual(begins)
    const { hlsUrl, expiresAt } = await playbackOf(videoId, people.visitor)
    expect([await statusOf(hlsUrl), expiresAt]).toEqual([200, null])

    const playing = (await pageOf(videoId, people.visitor)).video
    expect(playing.premiere).toMatchObject({ startsAt: begins })
    expect(playing.media).not.toBeNull()
    expect(await outcome(people.stranger.connection.call('watch:report', viewing(videoId)))).toBe('done')
    await until('its end', async () => (await pageOf(videoId, people.visitor)).video.premiere === null)
    expect(Date.now()).toBeGreaterThanOrEqual(begins + (playing.durationMs ?? 0))
    expect((await pageOf(videoId, people.visitor)).video.publishedAt).toBe(begins)
  })
})
