import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { makeVideo, manage, upload } from '../support/made-videos.ts'
import type { Person } from '../support/person.ts'
import { until } from '../support/until.ts'

const run = promisify(execFile)

const SECONDS = 12
const FRAMES = SECONDS * 30

let app: TestApp
let bytes: Uint8Array<ArrayBuffer>
let owner: Person
beforeAll(async () => {
  bytes = await makeVideo({ seconds: SECONDS })
  app = await startApp()
  owner = await app.person('maker')
})
afterAll(() => app[Symbol.asyncDispose]())

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${app.url}${path}`, { headers })
const playbackOf = (who: Person, videoId: string) =>
  who.api.request('get /api/videos/{videoId}/playback', { params: { videoId } })
const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'ok',
    (error: { code: string }) => error.code,
  )

/** How many frames a player finds behind an address. */
async function framesIn(path: string): Promise<number> {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-count_packets', '-select_streams', 'v:0'],
    ...['-show_entries', 'stream=nb_read_packets', '-of', 'csv=p=0', `${app.url}${path}`],
  ])
  return Number(stdout.split('\n')[0]?.replace(',', ''))
}

describe('an uploaded video', () => {
  let videoId: string
  beforeAll(async () => {
    const manager = manage(owner)
    videoId = await upload(app, owner, bytes)
    await manager.ready(videoId)
    const stages = manager.told.items.map((item) => item.videos[0]?.run?.stage)
    expect(new Set(stages)).toContain('encode')
    manager.told.stop()
  })

  test('is played by HLS and DASH in every quality, whole', async () => {
    const { hlsUrl, dashUrl, baseUrl } = await playbackOf(owner, videoId)
    const master = await (await get(hlsUrl)).text()
    const sizes = [...master.matchAll(/RESOLUTION=(\d+x\d+)/g)].map(([, size]) => size)
    expect(sizes.sort()).toEqual(['1280x720', '426x240', '640x360', '852x480'])
    expect(await framesIn(hlsUrl)).toBe(FRAMES)
    expect(await framesIn(dashUrl)).toBe(FRAMES)
    for (const name of ['posters/0/480.avif', 'posters/2/240.jpg', 'preview.webp', 'storyboard/index.vtt'])
      await until(name, async () => (await get(baseUrl + name)).status === 200)
    const { video } = await owner.api.request('get /api/videos/{videoId}', { params: { videoId } })
    expect(video).toMatchObject({ width: 1280, height: 720, state: 'ready', isShort: false })
    expect(Math.abs((video.durationMs ?? 0) - SECONDS * 1000)).toBeLessThan(100)
    expect(video.thumbhash).toMatch(/^[\w+/]+=*$/)
  })

  test('is given in parts, as players ask for it, and kept by nobody for longer than its grant', async () => {
    const { baseUrl } = await playbackOf(owner, videoId)
    const path = `${baseUrl}posters/0/480.jpg`
    const whole = new Uint8Array(await (await get(path)).arrayBuffer())
    const part = await get(path, { range: 'bytes=10-19' })
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe(`bytes 10-19/${whole.length}`)
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(whole.subarray(10, 20))
    const beyond = await get(path, { range: `bytes=${whole.length}-` })
    expect(beyond.status).toBe(416)
    expect(await beyond.json()).toMatchObject({ code: 'range_not_satisfiable' })
    const etag = part.headers.get('etag') ?? ''
    expect((await get(path, { 'if-none-match': etag })).status).toBe(304)
    const caching = part.headers.get('cache-control') ?? ''
    expect(caching).toMatch(/^private, max-age=\d+$/)
    expect(Number(caching.split('=')[1])).toBeLessThanOrEqual(600)
  })

  test('gives nobody the file that was sent, nor anything that lies elsewhere', async () => {
    const { baseUrl } = await playbackOf(owner, videoId)
    for (const name of [
      'source.bin',
      '../source.bin',
      '%2e%2e/source.bin',
      'posters/..%2f..%2fsource.bin',
      'posters/..%2fown/480.jpg',
      'captions/..%2f..%2fsource.vtt',
      'x',
      '',
    ])
      expect((await get(baseUrl + name)).status, name).toBe(404)
    const [, , , id] = baseUrl.split('/')
    expect((await get(`${baseUrl.replace(`/${id}/`, `/${crypto.randomUUID()}/`)}master.m3u8`)).status).toBe(
      401,
    )
  })
})

describe('a file that is no video', () => {
  test('is refused with a reason that its owner is shown', async () => {
    const manager = manage(owner)
    const videoId = await upload(
      app,
      owner,
      new TextEncoder().encode('#EXTM3U\nfile:///etc/passwd\n'.repeat(50)),
    )
    await until('the refusal', () => manager.of(videoId)?.state === 'failed')
    const { videos } = await owner.api.request('get /api/videos/mine', { query: {} })
    const found = videos.find(({ id }) => id === videoId)
    expect(found?.run?.failure).toMatchObject({ code: 'not_a_video' })
    expect(await codeOf(playbackOf(owner, videoId))).toBe('conflict')
    manager.told.stop()
  })
})

describe('a server that is killed while it prepares a video', () => {
  test.each(['transcoding:prepared', 'transcoding:piece'])('at %s goes on where it was', async (point) => {
    await using other = await startApp({ CRASH_POINT: point })
    const maker = await other.person('maker')
    const videoId = await upload(other, maker, bytes)
    await until(
      'the crash',
      async () => (await fetch(`${other.url}/healthz`).catch(() => undefined)) === undefined,
    )
    await other.restart({ CRASH_POINT: '' })
    const manager = manage(maker)
    await manager.ready(videoId)
    const { hlsUrl } = await playbackOf(maker, videoId)
    const master = await (await fetch(other.url + hlsUrl)).text()
    expect(master.match(/RESOLUTION=/g)).toHaveLength(4)
    manager.told.stop()
  })
})
