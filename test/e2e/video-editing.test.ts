import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { makeVideo, manage, upload } from '../support/made-videos.ts'
import { inspect } from '../support/page-inspection.ts'
import { signInThrough } from '../support/page-probes.ts'
import type { Person } from '../support/person.ts'
import { png } from '../support/pictures.ts'
import { openSql } from '../support/sql.ts'
import { until } from '../support/until.ts'

let app: TestApp
let browser: TestBrowser
let owner: Person
let videoId: string
let page: Page

beforeAll(async () => {
  app = await startApp()
  owner = await app.person('maker')
  const manager = manage(owner)
  videoId = await upload(app, owner, await makeVideo({ seconds: 6, size: '640x360' }), { title: 'A walk' })
  await manager.ready(videoId)
  manager.told.stop()
  browser = await startBrowser()
  page = await browser.page(`${app.url}/studio/videos/${videoId}`)
  await signInThrough(page, owner)
  await page.getByRole('heading', { name: 'A walk' }).waitFor()
})
afterAll(async () => {
  expect(browser.errors).toEqual([])
  await browser[Symbol.asyncDispose]()
  await app[Symbol.asyncDispose]()
})

const open = (name: string) => page.getByRole('tab', { name }).click()
const managed = async () =>
  (await owner.api.request('get /api/videos/mine/{videoId}', { params: { videoId } })).video

test('its details are typed in one tab and stay while others are looked at', async () => {
  await page.getByLabel('Description').fill('0:00 Out of the house\n0:02 Through the park\n0:04 Home')
  await open('Rules')
  await open('Details')
  expect(await page.getByLabel('Description').inputValue()).toContain('Through the park')
  await inspect(page, 'video-edit-details')
  await page.getByLabel('Spoken language').selectOption('de')
  await page.getByLabel('Who can see it').selectOption('public')
  await page.getByRole('tabpanel', { name: 'Details' }).getByRole('button', { name: 'Save' }).click()
  await until('them to be saved', async () => (await managed()).language === 'de')
})

test('captions are written by hand, corrected where they are wrong, and kept until they are saved', async () => {
  await open('Captions')
  await page.getByLabel('Language', { exact: true }).selectOption('de')
  await page.getByRole('button', { name: 'Write them here' }).click()
  await page.getByRole('button', { name: 'Add a caption', exact: true }).click()
  await page.getByLabel('Text, caption 1').fill('Guten <Tag>')
  await page.getByLabel('Ends, caption 1').fill('soon')
  await page.getByRole('tabpanel', { name: 'Captions' }).getByRole('button', { name: 'Save' }).click()
  await page.getByText('Write a time as 1:02:03.5.').waitFor()
  await inspect(page, 'video-edit-captions')
  await page.reload()
  await page.getByRole('button', { name: 'Edit “Deutsch”' }).first().click()
  await page.getByText('These are your changes from before').waitFor()
  expect(await page.getByLabel('Text, caption 1').inputValue()).toBe('Guten <Tag>')
  await page.getByLabel('Ends, caption 1').fill('0:05')
  await page.getByRole('tabpanel', { name: 'Captions' }).getByRole('button', { name: 'Save' }).click()
  await page.getByText('The captions are saved.', { exact: true }).waitFor()
  const params = { videoId, language: 'de', kind: 'subtitles' } as const
  const { cues } = await owner.api.request('get /api/videos/{videoId}/captions/{language}/{kind}', { params })
  expect(cues).toMatchObject([{ startMs: 0, endMs: 5000 }])
  await page.getByRole('button', { name: 'Back to all captions' }).click()
  await inspect(page, 'video-edit-captions-list')
})

test('its poster is one of three pictures, or one from this device', async () => {
  await open('Poster')
  const options = page.getByRole('radio')
  expect(await options.count()).toBe(3)
  const former = (await managed()).posterChoice
  const other = former === 0 ? 1 : 0
  await options.nth(other).locator('..').click()
  await until('it to be chosen', async () => (await managed()).posterChoice === other)
  const buffer = await png()
  await page
    .getByLabel('Upload a picture', { exact: true })
    .last()
    .setInputFiles({ name: 'p.png', mimeType: 'image/png', buffer })
  await page.getByRole('radio', { name: 'Your picture' }).waitFor({ state: 'attached' })
  expect((await managed()).posterChoice).toBeNull()
  await inspect(page, 'video-edit-poster')
})

test('its rules let it be watched in some countries alone', async () => {
  await open('Rules')
  const panel = page.getByRole('tabpanel', { name: 'Rules' })
  await panel.getByLabel('Where it can be watched').selectOption('notThere')
  await panel.getByRole('button', { name: 'Save' }).click()
  await panel.getByText('Choose one country at least.').waitFor()
  await panel.getByLabel('Add a country').selectOption('FR')
  await panel.getByRole('button', { name: 'Save' }).click()
  await until('it to be saved', async () => (await managed()).deniedCountries.join() === 'FR')
  await inspect(page, 'video-edit-rules')
})

test('who watches it, and how far, is told to its owner in words, lines and a table', async () => {
  await open('Audience')
  await page.getByText('Nobody has watched this video yet').waitFor()
  await inspect(page, 'video-edit-audience-empty')
  await using sql = openSql(app)
  await sql`update videos set views_count = 12345, watch_ms = 56789000 where id = ${videoId}`
  await sql`insert into video_days (video_id, day, views, watch_ms, viewers)
    select ${videoId}, current_date - nth, 40 + nth * 7 % 60, 200000, 30 + nth from generate_series(0, 20, 2) nth`
  await sql`insert into video_retention (video_id, sessions, parts, computed_at)
    select ${videoId}, 400, array_agg(400 - 2 * nth order by nth), now() from generate_series(0, 99) nth`
  await page.reload()
  await page.getByText('75 % still watch when half of it is over').waitFor()
  await page.getByText('As a table').click()
  expect(await page.getByRole('row').count()).toBe(12)
  await page.locator('canvas').nth(1).waitFor()
  await inspect(page, 'video-edit-audience')
})

test('its file is replaced, and what was said of it stays', async () => {
  await open('File')
  const { run } = await managed()
  const buffer = Buffer.from(await makeVideo({ seconds: 3, size: '320x180' }))
  await page
    .getByLabel('Replace the file', { exact: true })
    .last()
    .setInputFiles({ name: 'second.mp4', mimeType: 'video/mp4', buffer })
  await until('another file', async () => (await managed()).run?.id !== run?.id)
  await page.getByText('second.mp4').first().waitFor()
  await inspect(page, 'video-edit-file')
  await until('it to be ready', async () => (await managed()).width === 320)
  expect(await managed()).toMatchObject({ title: 'A walk', language: 'de', posterChoice: null })
})

test('times of its description lead there in the player, which has the captions', async () => {
  await page.goto(`${app.url}/watch/${videoId}`)
  await page.getByTestId('video').waitFor()
  await page.getByRole('button', { name: 'Go to 0:02' }).first().click()
  const at = () => page.getByTestId('video').evaluate((video) => (video as HTMLVideoElement).currentTime)
  await until('the moment', async () => (await at()) >= 2)
  const tracks = () =>
    page.getByTestId('video').evaluate((video) => (video as HTMLVideoElement).textTracks.length)
  await until('the captions', async () => (await tracks()) > 0)
  await inspect(page, 'watch-chapters')
})
