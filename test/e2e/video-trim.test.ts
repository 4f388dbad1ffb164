import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { makeVideo, manage, upload } from '../support/made-videos.ts'
import { inspect } from '../support/page-inspection.ts'
import { signInThrough } from '../support/page-probes.ts'
import type { Person } from '../support/person.ts'
import { until } from '../support/until.ts'

let app: TestApp
let browser: TestBrowser
let owner: Person
let videoId: string
let page: Page

const managed = async () =>
  (await owner.api.request('get /api/videos/mine/{videoId}', { params: { videoId } })).video
const storyboardIsThere = () =>
  until('the storyboard', async () => {
    const { baseUrl } = await owner.api.request('get /api/videos/{videoId}/playback', { params: { videoId } })
    return (await fetch(`${app.url}${baseUrl}storyboard/index.vtt`)).ok
  })

beforeAll(async () => {
  app = await startApp()
  owner = await app.person('maker')
  const manager = manage(owner)
  videoId = await upload(app, owner, await makeVideo({ seconds: 20, size: '640x360' }), { title: 'A walk' })
  await manager.ready(videoId)
  manager.told.stop()
  await storyboardIsThere()
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

const handle = (name: string) => page.getByRole('slider', { name, exact: true })
const field = (name: string) => page.getByLabel(name, { exact: true })
const playerAt = () =>
  page.getByTestId('trim-video').evaluate((video) => (video as HTMLVideoElement).currentTime)

test('handles go by frames, by seconds, under the pointer, and to times that are typed', async () => {
  await page.getByRole('tab', { name: 'Trim' }).click()
  await page.getByRole('button', { name: 'Save this part' }).waitFor()
  expect(await page.getByRole('button', { name: 'Save this part' }).isDisabled()).toBe(true)
  await until('the picture', () =>
    page
      .getByTestId('trim-video')
      .evaluate((video) => (video as HTMLVideoElement).readyState >= HTMLMediaElement.HAVE_CURRENT_DATA),
  )
  await inspect(page, 'video-trim-whole')

  await handle('Beginning').focus()
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('ArrowRight')
  expect(await field('Begins at').inputValue()).toBe('0:02.033')
  await until('the picture of it', async () => Math.abs((await playerAt()) - 2.033) < 0.002)
  await handle('End').focus()
  await page.keyboard.press('ArrowLeft')
  expect(await field('Ends at').inputValue()).toBe('0:19.967')

  const box = await handle('End').boundingBox()
  if (!box) throw new Error('There is no handle.')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(box.x - 200, box.y + 10, { steps: 5 })
  await page.mouse.up()
  const dragged = await field('Ends at').inputValue()
  expect(dragged).toMatch(/^0:1[0-7]\.\d{3}$/)

  await field('Ends at').fill('soon')
  await field('Ends at').press('Enter')
  await page.getByText('Write a time as 1:02:03.5.').waitFor()
  await field('Ends at').fill('0:25')
  await field('Ends at').press('Enter')
  await page.getByText('It must be within the video').waitFor()
  await field('Ends at').fill('6.5')
  await field('Ends at').press('Enter')
  expect(await field('Ends at').inputValue()).toBe('0:06.500')
  await page.getByText('0:04.467 of 0:20 stay.').waitFor()
})

test('what stays is played, and ends where it will end', async () => {
  await field('Begins at').fill('5')
  await field('Begins at').press('Enter')
  await page.getByRole('button', { name: 'Play what stays' }).click()
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Play what stays' }).waitFor()
  // Where the last picture that stays begins.
  await until('the last picture', async () => Math.abs((await playerAt()) - 6.467) < 0.002)
  await inspect(page, 'video-trim-part')
  await page.setViewportSize({ width: 390, height: 844 })
  await page.getByRole('button', { name: 'Save this part' }).scrollIntoViewIfNeeded()
  await inspect(page, 'video-trim-part-below')
})

test('a part is saved, is on its way while the whole is shown, and is all that is seen then', async () => {
  await page.getByRole('button', { name: 'Save this part' }).click()
  await page.getByTestId('trim-coming').waitFor()
  await inspect(page, 'video-trim-coming')
  await page.getByText('People see 0:05 to 0:06.5 of a file of 0:20.').waitFor()
  expect((await managed()).trim).toEqual({ startMs: 5000, endMs: 6500, wholeMs: 20_000 })
  await page.getByRole('button', { name: 'Save this part' }).waitFor()
  expect(await field('Ends at').inputValue()).toBe('0:01.500')
  await storyboardIsThere()
  await page.reload()
  await page.getByRole('button', { name: 'Save this part' }).waitFor()
  await inspect(page, 'video-trim-trimmed')
})

test('all of it is shown again, unless the owner gives that part up before', async () => {
  await handle('Beginning').focus()
  await page.keyboard.press('ArrowRight')
  await page.getByRole('button', { name: 'Save this part' }).click()
  await page.getByRole('button', { name: 'Give it up' }).click()
  await page.getByText('Another version is being made.').waitFor()
  await page.getByText('All of it stays: move a handle').waitFor()
  expect(await managed()).toMatchObject({ trim: null, durationMs: 20_000 })
})
