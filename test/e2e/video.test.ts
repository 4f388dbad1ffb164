import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { makeVideo, manage, upload } from '../support/made-videos.ts'
import { inspect } from '../support/page-inspection.ts'
import type { Person } from '../support/person.ts'
import { until } from '../support/until.ts'

const SECONDS = 16

let app: TestApp
let browser: TestBrowser
let maker: Person
let videoId: string

beforeAll(async () => {
  app = await startApp()
  browser = await startBrowser()
  maker = await app.person('maker')
  videoId = await upload(app, maker, await makeVideo({ seconds: SECONDS }))
  const manager = manage(maker)
  await manager.ready(videoId)
  manager.told.stop()
  const body = { title: 'A test card', description: 'Bars and a tone.', visibility: 'public' as const }
  await maker.api.request('patch /api/videos/{videoId}', { params: { videoId }, body })
})
afterAll(async () => {
  expect(browser.errors).toEqual([])
  await browser[Symbol.asyncDispose]()
  await app[Symbol.asyncDispose]()
})

type Playing = { atS: number; isPaused: boolean; height: number; rate: number }

const playing = (page: Page): Promise<Playing> =>
  page.getByTestId('video').evaluate((video) => {
    const { currentTime, paused, videoHeight, playbackRate } = video as HTMLVideoElement
    return { atS: currentTime, isPaused: paused, height: videoHeight, rate: playbackRate }
  })

const plays = (page: Page, fromS = 0) =>
  until('a moving picture', async () => {
    const { atS, height } = await playing(page)
    return atS > fromS && height > 0
  })

describe('a public video', () => {
  test('is found on the home page and played by a visitor, by keyboard alone', async () => {
    const page = await browser.page(app.url)
    await page.getByRole('link', { name: /Watch: A test card/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'A test card' }).waitFor()
    await plays(page)
    await page.keyboard.press('k')
    await until('the pause', async () => (await playing(page)).isPaused)
    await page.keyboard.press('5')
    await until('the middle', async () => Math.abs((await playing(page)).atS - SECONDS / 2) < 0.5)
    await page.keyboard.press('ArrowLeft')
    await until(
      'five seconds before',
      async () => Math.abs((await playing(page)).atS - (SECONDS / 2 - 5)) < 0.5,
    )
    await page.keyboard.press('>')
    await until('a faster rate', async () => (await playing(page)).rate === 1.25)
    await inspect(page, 'watch-video')
    await page.keyboard.press('9')
    await page.keyboard.press('k')
    await page.getByRole('button', { name: 'Play again' }).waitFor()
    await page.close()
  })

  test('plays in the quality that was chosen', async () => {
    const page = await browser.page(`${app.url}/watch/${videoId}`)
    await plays(page)
    for (const lines of [240, 720]) {
      await page.mouse.move(400, 400)
      await page.getByRole('button', { name: 'Quality and speed' }).click()
      await page.getByRole('menuitemradio', { name: `${lines}p`, exact: true }).click()
      await page.keyboard.press('0')
      await until(`${lines} lines`, async () => (await playing(page)).height === lines)
    }
    await page.close()
  })
})

describe('a private video', () => {
  test('is shut to a visitor, in a sentence', async () => {
    const body = { visibility: 'private' as const }
    await maker.api.request('patch /api/videos/{videoId}', { params: { videoId }, body })
    const page = await browser.page(`${app.url}/watch/${videoId}`)
    await page.getByText('This video is not available').waitFor()
    await inspect(page, 'watch-shut')
    await page.close()
  })
})
