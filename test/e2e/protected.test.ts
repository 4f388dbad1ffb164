import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { startCdn, type TestCdn } from '../support/cdn.ts'
import { makeVideo, manage, upload } from '../support/made-videos.ts'
import { inspect } from '../support/page-inspection.ts'
import { signInThrough } from '../support/page-probes.ts'
import type { Person } from '../support/person.ts'
import { call } from '../support/privacy.ts'
import { until } from '../support/until.ts'

/** Twice what a player loads ahead, so that it asks for files again and again. */
const SECONDS = 60
/** A grant lives for three to six seconds. */
const GRANT_SECONDS = 3

let browser: TestBrowser
let bytes: Uint8Array<ArrayBuffer>
beforeAll(async () => {
  browser = await startBrowser()
  bytes = await makeVideo({ seconds: SECONDS, size: '320x180' })
})
afterAll(async () => {
  expect(browser.errors).toEqual([])
  await browser[Symbol.asyncDispose]()
})

type Stage = { app: TestApp; maker: Person; fan: Person; videoId: string }

/** A video for followers, and one of them. */
async function setStage(env: Record<string, string>): Promise<Stage> {
  const app = await startApp({ MEDIA_GRANT_SECONDS: String(GRANT_SECONDS), ...env })
  const [maker, fan] = [await app.person('maker'), await app.person('fan')]
  await call(fan, 'follow:add', maker.account.id)
  const videoId = await upload(app, maker, bytes)
  const manager = manage(maker)
  await manager.ready(videoId)
  manager.told.stop()
  const body = { title: 'For followers', visibility: 'followers' as const }
  await maker.api.request('patch /api/videos/{videoId}', { params: { videoId }, body })
  return { app, maker, fan, videoId }
}

type Loaded = { url: string; status: number }

/** Opens the video as the follower; answers what its player loads of it, as that comes. */
async function watch({ app, fan, videoId }: Stage): Promise<{ page: Page; segments: Loaded[] }> {
  const page = await browser.page(`${app.url}/sign-in?next=/watch/${videoId}`)
  const segments: Loaded[] = []
  page.on('response', (response) => {
    const url = response.url()
    if (url.endsWith('.m4s')) segments.push({ url, status: response.status() })
  })
  await signInThrough(page, fan)
  await page.getByTestId('video').waitFor()
  await until('a moving picture', async () => (await playing(page)).atS > 0.5)
  return { page, segments }
}

const playing = (page: Page) =>
  page.getByTestId('video').evaluate((video: HTMLVideoElement) => ({
    ...{ atS: video.currentTime, isPaused: video.paused, isEmpty: video.currentSrc === '' || !video.src },
  }))

/** Counts from now on how often the picture stands still. */
const countStops = (page: Page) =>
  page.getByTestId('video').evaluate((video: HTMLVideoElement) => {
    video.dataset.stops = '0'
    for (const event of ['waiting', 'pause', 'emptied', 'error'])
      video.addEventListener(event, () => {
        video.dataset.stops = String(Number(video.dataset.stops) + 1)
      })
  })
const stops = (page: Page) => page.getByTestId('video').getAttribute('data-stops')

/** Puts the follower out, as a block does that is lifted again. */
async function putOut({ maker, fan }: Stage): Promise<void> {
  await call(maker, 'block:add', fan.account.id)
  await call(maker, 'block:remove', fan.account.id)
}

async function isToldWhy(page: Page): Promise<void> {
  await page.getByText('You can no longer watch this video').waitFor()
  await page.getByText('It was removed, or who may watch it has changed.').waitFor()
  expect(await playing(page)).toMatchObject({ isEmpty: true })
}

describe('a video for followers, under grants', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await setStage({})
  })
  afterAll(() => stage.app[Symbol.asyncDispose]())

  test('plays on past the end of its first grant, and stops with a sentence once the follower is put out', async () => {
    const { page, segments } = await watch(stage)
    await countStops(page)
    const grants = () => new Set(segments.map(({ url }) => new URL(url).pathname.split('/')[2]))
    const [first] = segments
    await until('the end of the first grant', async () => (await fetch(first?.url ?? '')).status === 401)
    const before = segments.length
    await until('what was loaded later', () => grants().size > 1 && segments.length > before + 2)
    expect(segments.filter(({ status }) => status !== 200)).toEqual([])
    expect(await stops(page)).toBe('0')
    await putOut(stage)
    await isToldWhy(page)
    await inspect(page, 'watch-refused')
    await page.close()
  })
})

describe('a video for followers, at a CDN', () => {
  let cdn: TestCdn
  let stage: Stage
  beforeAll(async () => {
    cdn = await startCdn()
    stage = await setStage(cdn.settings)
    cdn.serve(stage.app)
  })
  afterAll(async () => {
    await stage.app[Symbol.asyncDispose]()
    await cdn[Symbol.asyncDispose]()
  })

  test('plays on past the end of its first cookies, and stops with a sentence once the follower is put out', async () => {
    const cookies = async () =>
      (await browser.context.cookies()).filter(
        ({ name, path }) => name === 'CloudFront-Policy' && path.startsWith(`/videos/${stage.videoId}/`),
      )
    const { page, segments } = await watch(stage)
    await countStops(page)
    const [first] = segments
    expect(first?.url.startsWith(`${cdn.url}/videos/${stage.videoId}/`)).toBe(true)
    const [policy] = await cookies()
    await until('other cookies', async () => (await cookies())[0]?.value !== policy?.value)
    await until('the end of the first', () => Date.now() / 1000 > (policy?.expires ?? 0))
    const before = segments.length
    await until('what was loaded later', () => segments.length > before + 2)
    expect(cdn.served.filter(({ status }) => status !== 200)).toEqual([])
    expect(await stops(page)).toBe('0')
    await putOut(stage)
    await isToldWhy(page)
    await until('the end of all cookies', async () => (await cookies()).length === 0)
    await page.close()
  })
})
