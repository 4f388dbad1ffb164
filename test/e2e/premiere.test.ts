import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HOUR_MS, SECOND_MS } from '../../src/core/time.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { makeVideo, manage, upload } from '../support/made-videos.ts'
import { inspect, LAYOUT_SHIFT_MAX, layoutShift } from '../support/page-inspection.ts'
import { signInThrough } from '../support/page-probes.ts'
import { clientId, type Person } from '../support/person.ts'
import { until } from '../support/until.ts'

/** Long enough to look at everything while it plays, on a machine that is busy with other tests. */
const SECONDS = 150
/** Long enough for both pages to hear of it on a busy machine. */
const BEGINS_IN_MS = 8 * SECOND_MS
/** What two who talk about a picture do not notice. */
const TOGETHER_S = 1
/** A clock that is wrong by hours must not matter. */
const SKEW_MS = 3 * HOUR_MS

let app: TestApp
let early: TestBrowser
let other: TestBrowser
let maker: Person
let videoId: string
let startsAt = 0

beforeAll(async () => {
  app = await startApp()
  maker = await app.person('maker')
  const bytes = await makeVideo({ seconds: SECONDS, size: '426x240' })
  const manager = manage(maker)
  videoId = await upload(app, maker, bytes, { title: 'The big film' })
  await manager.ready(videoId)
  manager.told.stop()
  early = await startBrowser()
  other = await startBrowser()
  await other.context.addInitScript((skewMs) => {
    const now = Date.now.bind(Date)
    Date.now = () => now() + skewMs
  }, SKEW_MS)
})
afterAll(async () => {
  for (const browser of [early, other]) {
    expect(browser.errors).toEqual([])
    await browser[Symbol.asyncDispose]()
  }
  await app[Symbol.asyncDispose]()
})

const edit = (body: object) => maker.api.request('patch /api/videos/{videoId}', { params: { videoId }, body })
const managed = async () =>
  (await maker.api.request('get /api/videos/mine/{videoId}', { params: { videoId } })).video

const countdown = (page: Page, text: RegExp) =>
  page.getByTestId('countdown').filter({ hasText: text }).waitFor()

type Place = { aheadS: number; isPaused: boolean; hasPicture: boolean }

/** How far a player is ahead of where all are to be, by the one true clock of this machine. */
const placeOf = (page: Page): Promise<Place> =>
  page.getByTestId('video').evaluate((video, beganAt) => {
    const { currentTime, paused, videoHeight } = video as HTMLVideoElement
    const trueMs = performance.timeOrigin + performance.now()
    return { aheadS: currentTime - (trueMs - beganAt) / 1000, isPaused: paused, hasPicture: videoHeight > 0 }
  }, startsAt)

const isTogether = async (...pages: Page[]) => {
  const places = await Promise.all(pages.map(placeOf))
  return places.every(
    ({ aheadS, isPaused, hasPicture }) => hasPicture && !isPaused && Math.abs(aheadS) < TOGETHER_S,
  )
}

test('its owner plans it in the studio, and is told in a sentence what happens', async () => {
  const page = await early.page(`${app.url}/studio/videos/${videoId}`)
  await signInThrough(page, maker)
  await page.getByRole('heading', { name: 'The big film' }).waitFor()
  const sentence = page.getByTestId('premiere-sentence')
  expect(await sentence.textContent()).toContain('as soon as it is ready')
  await page.getByLabel('Who can see it').selectOption('public')
  await page.getByLabel('Comes out').fill('2099-05-04T20:15')
  await sentence.getByText('Nobody sees it before').waitFor()
  await page.getByLabel('As a premiere').check()
  await sentence.getByText('It begins for everybody at once').waitFor()
  await inspect(page, 'premiere-studio')
  const details = page.getByRole('tabpanel', { name: 'Details' })
  await details.getByRole('button', { name: 'Save' }).click()
  await until('the plan', async () => (await managed()).isPremiere)
  await sentence.getByText('People can wait on its page').waitFor()
  await page.getByLabel('Comes out').fill('2099-05-04T21:15')
  await sentence.getByText('Whoever waits sees the new time').waitFor()
  await page.getByLabel('Comes out').fill('2001-05-04T21:15')
  await sentence.getByText('Choose a time that is still to come').waitFor()
  await details.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('alert').getByText('A premiere needs a time that is still to come.').waitFor()
  await page.getByLabel('As a premiere').uncheck()
  await sentence.getByText('called off').waitFor()
  await page.close()
})

test('it is announced on the home page and the channel', async () => {
  await edit({ isPremiere: true, scheduledFor: Date.now() + 2 * HOUR_MS, visibility: 'public' })
  const page = await other.page(app.url)
  await page.getByRole('link', { name: /Premiere: The big film, Premieres in / }).waitFor()
  expect(await layoutShift(page)).toBeLessThan(LAYOUT_SHIFT_MAX)
  await inspect(page, 'premiere-home')
  await page.goto(`${app.url}/@maker?tab=videos`)
  await page.getByRole('link', { name: /Premiere: The big film, Premieres in / }).waitFor()
  await inspect(page, 'premiere-channel')
  await page.close()
})

test('those who wait talk, begin together by themselves, and nobody gets ahead', async () => {
  await edit({ isPremiere: true, scheduledFor: Date.now() + 2 * HOUR_MS, visibility: 'public' })
  const one = await early.page(`${app.url}/watch/${videoId}`)
  const two = await other.page(`${app.url}/watch/${videoId}`)
  for (const page of [one, two]) await countdown(page, /Premieres in 1:/)
  await maker.connection.call('chat:send', {
    ...{ clientId: clientId(), streamId: maker.account.streamId, text: 'Soon!' },
  })
  for (const page of [one, two]) await page.getByText('Soon!').waitFor()
  await inspect(two, 'premiere-waiting')
  await edit({ title: 'The bigger film' })
  for (const page of [one, two]) await page.getByRole('heading', { name: 'The bigger film' }).waitFor()

  startsAt = Date.now() + BEGINS_IN_MS
  await edit({ scheduledFor: startsAt })
  for (const page of [one, two]) await countdown(page, /Premieres in 0:0\d|It begins now/)
  expect(await one.getByTestId('video').count()).toBe(0)
  await until('both to play together', async () => {
    if ((await one.getByTestId('video').count()) + (await two.getByTestId('video').count()) < 2) return false
    return await isTogether(one, two)
  })
  expect(Date.now()).toBeGreaterThanOrEqual(startsAt)
  const [first, second] = await Promise.all([placeOf(one), placeOf(two)])
  expect(Math.abs((first?.aheadS ?? 0) - (second?.aheadS ?? 0))).toBeLessThan(TOGETHER_S)

  // Ahead, by a key, by the element itself, and by speed.
  await one.bringToFront()
  await one.keyboard.press('End')
  await until('the way back from the end', () => isTogether(one))
  await one.getByTestId('video').evaluate((video) => {
    Object.assign(video, { currentTime: 70, playbackRate: 2 })
  })
  await until('the way back from ahead', () => isTogether(one))
  await until('the common speed', async () =>
    one.getByTestId('video').evaluate((video) => (video as HTMLVideoElement).playbackRate === 1),
  )

  await one.keyboard.press('Home')
  await until('the beginning', async () => (await placeOf(one)).aheadS < -2 * TOGETHER_S)
  await one.mouse.move(300, 300)
  await one.getByRole('button', { name: 'Go to where everybody is' }).click()
  await until('the way back to the others', () => isTogether(one, two))
  await one.getByRole('button', { name: 'You are where everybody is' }).waitFor()
  await one.close()

  const late = await early.page(`${app.url}/watch/${videoId}`)
  await until('somebody late to be where all are', () => isTogether(late, two))
  await two.mouse.move(300, 300)
  await inspect(late, 'premiere-playing')

  // Over: a video as any other, without a chat.
  await until(
    'its end',
    async () => (await late.getByTestId('to-live').count()) === 0,
    2 * SECONDS * SECOND_MS,
  )
  expect(await late.getByTestId('chat-composer').count()).toBe(0)
  await late.keyboard.press('Home')
  await until('its beginning again', () =>
    late.getByTestId('video').evaluate((video) => (video as HTMLVideoElement).currentTime < 5),
  )
  await late.close()
  await two.close()
})

test('one that is called off closes its page', async () => {
  const other = await upload(app, maker, await makeVideo({ seconds: 2, size: '320x240' }), { title: 'Short' })
  const manager = manage(maker)
  await manager.ready(other)
  manager.told.stop()
  const params = { videoId: other }
  const plan = { isPremiere: true, visibility: 'public', scheduledFor: Date.now() + HOUR_MS } as const
  await maker.api.request('patch /api/videos/{videoId}', { params, body: plan })
  const page = await early.page(`${app.url}/watch/${other}`)
  await page.getByText('Premieres in').first().waitFor()
  await page.context().clearCookies()
  await page.reload()
  await page.getByTestId('countdown').waitFor()
  await maker.api.request('patch /api/videos/{videoId}', { params, body: { visibility: 'private' } })
  await page.getByText('This video is not available').waitFor()
  await page.close()
})
