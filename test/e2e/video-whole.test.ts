import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { makeVideo, manage } from '../support/made-videos.ts'
import { signInThrough } from '../support/page-probes.ts'
import type { Person } from '../support/person.ts'
import { openSql } from '../support/sql.ts'
import { until } from '../support/until.ts'

/** Two minutes take ten on two cores; nothing else of the test depends on it. */
const SECONDS = Number(process.env.WHOLE_VIDEO_SECONDS ?? 24)
/** What all its qualities take on two cores that do other things too. */
const WHOLE_MS = 15 * 60_000
const MB = 1024 * 1024

let app: TestApp
let browser: TestBrowser
let maker: Person
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'social-flow-whole-'))
  app = await startApp()
  maker = await app.person('maker')
  browser = await startBrowser({ bypassCSP: true })
})
afterAll(async () => {
  expect(browser.errors).toEqual([])
  await browser[Symbol.asyncDispose]()
  await app[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

/** As when somebody drags a file from their desktop into the page. */
async function drop(page: Page, file: string): Promise<void> {
  const box = await page.getByTestId('drop-zone').boundingBox()
  if (!box) throw new Error('There is nothing to drop it on.')
  const devtools = await page.context().newCDPSession(page)
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  const data = { items: [], files: [file], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devtools.send('Input.dispatchDragEvent', { type, ...at, data })
}

async function slowDown(page: Page, uploadThroughput: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: 0, downloadThroughput: -1, uploadThroughput },
  })
}

type Frame = { atS: number; lines: number; cue: string }

/** What a video element shows: where it is, how high the picture is, and the text on it. */
const frameOf = (page: Page, selector: string): Promise<Frame> =>
  page.locator(selector).evaluate((element) => {
    const video = element as HTMLVideoElement
    const cues = [...video.textTracks].flatMap((track) =>
      track.mode === 'disabled' ? [] : [...(track.activeCues ?? [])],
    )
    const cue = cues.map((one) => (one as VTTCue).text).join(' ')
    return { atS: video.currentTime, lines: video.videoHeight, cue }
  })

/** Goes on by itself from there for a second. */
async function playsFrom(page: Page, selector: string, fromS: number): Promise<void> {
  await until(`the picture at ${fromS} s`, async () => {
    const { atS } = await frameOf(page, selector)
    return atS > fromS + 1 && atS < fromS + 30
  })
}

const hasLines = (page: Page, selector: string, lines: number) =>
  until(`${lines} lines`, async () => (await frameOf(page, selector)).lines === lines)

const says = (page: Page, selector: string, text: string) =>
  until(`“${text}”`, async () => (await frameOf(page, selector)).cue.includes(text))

const captions = `WEBVTT\n\n00:00.000 --> ${new Date(SECONDS * 1000).toISOString().slice(11, 23)}\nAll the time\n`

test(
  'a file dropped into the page becomes a video that two players play, though the server is killed on both ways',
  async () => {
    const bytes = await makeVideo({ seconds: SECONDS, size: '1920x1080', sound: 'speech' })
    const file = join(dir, 'walk.mp4')
    await writeFile(file, bytes)
    const page = await browser.page(`${app.url}/upload`)
    page.on('dialog', (dialog) => void dialog.accept())
    await page.getByLabel('Mail address').waitFor()
    await signInThrough(page, maker)
    await page.getByText('Drop your videos here').waitFor()
    await slowDown(page, Math.max(bytes.length / 10, 2 * MB))
    await drop(page, file)

    await using sql = openSql(app)
    const received = async () => {
      const [row] = await sql<{ at: number }[]>`select offset_bytes::float8 as at from video_uploads`
      return row?.at ?? 0
    }
    await until('a part of it', async () => (await received()) > 0)
    await app.kill()
    await app.restart()
    await page.getByText('Everything is here. The video is being processed.').waitFor({ timeout: WHOLE_MS })
    expect(await received()).toBe(bytes.length)

    const done = async () =>
      (await sql<{ state: string }[]>`select state from video_chunks where state = 'done'`).length
    await until('a piece of picture', async () => (await done()) > 0, WHOLE_MS)
    const before = await done()
    await app.kill()
    await app.restart()
    expect(await done()).toBeGreaterThanOrEqual(before)
    await page.goto(`${app.url}/studio/videos`)
    await page.getByText('Making its qualities').waitFor()

    const { videos } = await maker.api.request('get /api/videos/mine', { query: {} })
    const videoId = videos[0]?.id ?? ''
    const manager = manage(maker)
    await until('the whole video', () => manager.of(videoId)?.run?.percent === 100, WHOLE_MS)
    manager.told.stop()
    await maker.api.request('put /api/videos/{videoId}/captions/{language}/{kind}', {
      params: { videoId, language: 'en', kind: 'captions' },
      query: {},
      upload: { bytes: new TextEncoder().encode(captions), contentType: 'text/vtt' },
    })

    const { hlsUrl } = await maker.api.request('get /api/videos/{videoId}/playback', { params: { videoId } })
    await until('the playlists to name them', async () =>
      (await (await fetch(app.url + hlsUrl)).text()).includes('TYPE=SUBTITLES'),
    )

    await page.goto(`${app.url}/watch/${videoId}`)
    await playsFrom(page, '[data-testid=video]', 0)
    await page.keyboard.press('5')
    await playsFrom(page, '[data-testid=video]', SECONDS / 2)
    for (const lines of [240, 1080]) {
      await page.mouse.move(400, 400)
      await page.getByRole('button', { name: 'Quality and speed' }).click()
      await page.getByRole('menuitemradio', { name: `${lines}p`, exact: true }).click()
      await page.keyboard.press('1')
      await hasLines(page, '[data-testid=video]', lines)
    }
    await page.keyboard.press('c')
    await says(page, '[data-testid=video]', 'All the time')
    await page.close()

    await playsByDash(videoId)
  },
  2 * WHOLE_MS,
)

type DashPlayer = {
  initialize(video: HTMLVideoElement, url: string, autoPlay: boolean): void
  updateSettings(settings: object): void
  getRepresentationsByType(type: string): { id: string; height: number }[]
  setRepresentationForTypeById(type: string, id: string, isForced: boolean): void
  setTextTrack(index: number): void
  enableText(isOn: boolean): void
}
declare const dashjs: { MediaPlayer(): { create(): DashPlayer } }
type WithPlayer = typeof globalThis & { player: DashPlayer }

/** The same by dash.js, as somebody else's page would. */
async function playsByDash(videoId: string): Promise<void> {
  const { dashUrl } = await maker.api.request('get /api/videos/{videoId}/playback', { params: { videoId } })
  const page = await browser.page(`${app.url}/api/config`)
  await page.addScriptTag({ path: 'node_modules/dashjs/dist/modern/umd/dash.all.min.js' })
  await page.evaluate((url) => {
    const video = document.body.appendChild(document.createElement('video'))
    video.muted = true
    const player = dashjs.MediaPlayer().create()
    player.updateSettings({ streaming: { abr: { autoSwitchBitrate: { video: false } } } })
    player.initialize(video, url, true)
    Object.assign(globalThis, { player })
  }, dashUrl)
  await playsFrom(page, 'video', 0)
  const seek = (toS: number) =>
    page.locator('video').evaluate((video, at) => {
      ;(video as HTMLVideoElement).currentTime = at
    }, toS)
  await seek(SECONDS / 2)
  await playsFrom(page, 'video', SECONDS / 2)
  for (const lines of [240, 1080]) {
    await page.evaluate((height) => {
      const { player } = globalThis as WithPlayer
      const one = player.getRepresentationsByType('video').find((each) => each.height === height)
      if (one) player.setRepresentationForTypeById('video', one.id, true)
    }, lines)
    await seek(SECONDS / 10)
    await hasLines(page, 'video', lines)
  }
  await page.evaluate(() => {
    const { player } = globalThis as WithPlayer
    player.enableText(true)
    player.setTextTrack(0)
  })
  await says(page, 'video', 'All the time')
  await page.close()
}
