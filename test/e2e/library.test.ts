import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { makeVideo, manage, upload } from '../support/made-videos.ts'
import { inspect } from '../support/page-inspection.ts'
import { signInThrough } from '../support/page-probes.ts'
import { clientId, type Person } from '../support/person.ts'
import { until } from '../support/until.ts'

let app: TestApp
let browser: TestBrowser
let ada: Person
let page: Page
/** Two long ones and two short upright ones, all for everybody. */
let videoIds: [string, string]
let shortIds: [string, string]

async function publish(title: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const videoId = await upload(app, ada, bytes)
  await ada.api.request('patch /api/videos/{videoId}', {
    params: { videoId },
    body: { title, visibility: 'public' },
  })
  await manage(ada).ready(videoId)
  return videoId
}

const isPlaying = (testId: string) =>
  until(`${testId} to play`, () =>
    page.evaluate(
      (id) =>
        [...document.querySelectorAll<HTMLVideoElement>(`[data-testid=${id}]`)].some(
          (element) => !element.paused && element.currentTime > 0.2,
        ),
      testId,
    ),
  )

beforeAll(async () => {
  app = await startApp()
  ada = await app.person('ada')
  const long = await makeVideo({ seconds: 4, size: '640x360' })
  const short = await makeVideo({ seconds: 3, size: '360x640' })
  videoIds = [await publish('First walk', long), await publish('Second walk', long)]
  shortIds = [await publish('Small wave', short), await publish('Large wave', short)]
  browser = await startBrowser()
  page = await browser.page(`${app.url}/sign-in?next=/library`)
  await signInThrough(page, ada)
})
afterAll(async () => {
  expect(browser?.errors).toEqual([])
  await browser?.[Symbol.asyncDispose]()
  await app?.[Symbol.asyncDispose]()
})

describe('playlists', () => {
  test('a video is saved to a new list and to what is watched later, from its own page', async () => {
    await page.goto(`${app.url}/watch/${videoIds[0]}`)
    await page.getByRole('button', { name: 'Save to a playlist: First walk' }).first().click()
    await page.getByLabel('Watch later').check()
    await page.getByRole('button', { name: 'New playlist' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Walks')
    await page.getByLabel('Who may see it').selectOption('public')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const { playlists } = await ada.api.request('get /api/playlists', { query: { videoId: videoIds[0] } })
    expect(playlists.map(({ title, holdsVideo }) => [title, holdsVideo])).toEqual([
      ['', true],
      ['Walks', true],
    ])
  })

  test('a list is put in order, and what is removed comes back by one press', async () => {
    const { playlists } = await ada.api.request('get /api/playlists', { query: {} })
    const playlistId = playlists[1]?.id ?? ''
    await ada.api.request('put /api/playlists/{playlistId}/videos/{videoId}', {
      params: { playlistId, videoId: videoIds[1] },
      body: {},
    })
    await page.goto(`${app.url}/library`)
    await page.getByRole('link', { name: 'Playlist: Walks, 2 videos' }).waitFor()
    await inspect(page, 'library')
    await page.getByRole('link', { name: 'Playlist: Walks, 2 videos' }).click()
    const titles = () => page.getByTestId('list-row').getByRole('heading').allTextContents()
    await until('both', async () => (await titles()).length === 2)
    await inspect(page, 'playlist')
    await page.getByRole('button', { name: 'Move up: Second walk' }).click()
    await until('the other order', async () => (await titles()).join() === 'Second walk,First walk')
    await page.reload()
    await until('the same after a reload', async () => (await titles()).join() === 'Second walk,First walk')
    await page.getByRole('button', { name: 'Remove from the playlist: Second walk' }).click()
    await until('one to be gone', async () => (await titles()).join() === 'First walk')
    await page.getByRole('button', { name: 'Undo' }).click()
    await until('it to be where it was', async () => (await titles()).join() === 'Second walk,First walk')
  })

  test('watched in a list, the next one begins by itself unless somebody says no', async () => {
    await page.getByRole('link', { name: 'Play all' }).click()
    await page.getByRole('region', { name: 'From the playlist Walks' }).waitFor()
    await isPlaying('video')
    await page.getByTestId('next-up').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    expect(page.url()).toContain(videoIds[1])
    await page.getByRole('button', { name: 'Play now' }).click()
    await page.waitForURL(`**/watch/${videoIds[0]}?list=*`)
    await page.goto(`${app.url}/watch/${videoIds[1]}?list=${new URL(page.url()).searchParams.get('list')}`)
    await page.getByTestId('next-up').waitFor()
    await page.waitForURL(`**/watch/${videoIds[0]}?list=*`)
  })

  test('a list is on the channel, deleted, and had back', async () => {
    await page.goto(`${app.url}/@ada?tab=playlists`)
    await page.getByRole('link', { name: 'Playlist: Walks, 2 videos' }).waitFor()
    await inspect(page, 'channel-playlists')
    await page.getByRole('link', { name: 'Playlist: Walks, 2 videos' }).click()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.waitForURL('**/library')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('heading', { name: 'Walks' }).waitFor()
  })
})

describe('shorts', () => {
  const active = () => page.locator('[data-testid=short][aria-current=true]').getAttribute('aria-label')

  test.each([
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ])('one plays at a time, by keys and by wheel, at $width pixels', async (viewport) => {
    await page.setViewportSize(viewport)
    await page.goto(`${app.url}/shorts`)
    await until('the newest', async () => (await active()) === 'Large wave')
    await isPlaying('short-video')
    await page.keyboard.press('ArrowDown')
    await until('the next one', async () => (await active()) === 'Small wave')
    await isPlaying('short-video')
    const playing = await page.evaluate(
      () =>
        [...document.querySelectorAll<HTMLVideoElement>('[data-testid=short-video]')].filter(
          (element) => !element.paused,
        ).length,
    )
    expect(playing).toBe(1)
    await page.mouse.move(viewport.width / 2, 300)
    await page.mouse.wheel(0, -viewport.height)
    await until('the one before', async () => (await active()) === 'Large wave')
    const shown = page.locator('[data-testid=short][aria-current=true]')
    await shown.getByRole('button', { name: 'Turn sound off' }).click()
    await page.reload()
    await shown.getByRole('button', { name: 'Turn sound on' }).click()
  })

  test('begin with the one that somebody chose on a channel', async () => {
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(`${app.url}/@ada`)
    await page.getByRole('tab', { name: 'Shorts' }).click()
    await page.getByRole('link', { name: /Short: Small wave/ }).click()
    await until('that one', async () => (await active()) === 'Small wave')
    expect(page.url()).toContain(shortIds[0])
    await inspect(page, 'shorts')
  })

  test('say so where there are none', async () => {
    await using empty = await startApp()
    const other = await browser.page(`${empty.url}/shorts`)
    await other.getByRole('heading', { name: 'No shorts yet' }).waitFor()
    await other.close()
  })
})

test('a page elsewhere shows the player in a frame, and nothing else of the app', async () => {
  const frame = (path: string) =>
    `<iframe title="x" width="640" height="360" src="${app.url}${path}"></iframe>`
  const elsewhere = createServer((request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(frame(request.url ?? '/'))
  })
  await new Promise<void>((resolve) => void elsewhere.listen(0, '127.0.0.1', resolve))
  const { port } = elsewhere.address() as AddressInfo
  try {
    const outside = await browser.context.newPage()
    await outside.goto(`http://127.0.0.1:${port}/embed/${videoIds[0]}`)
    const inside = outside.frameLocator('iframe')
    await inside.getByRole('button', { name: 'Play' }).click()
    await inside.getByTestId('video').waitFor()
    await until('it to play', () =>
      inside.getByTestId('video').evaluate((element) => (element as HTMLVideoElement).currentTime > 0.2),
    )
    const { playlist } = await ada.api.request('post /api/playlists', {
      body: { clientId: clientId(), title: 'Unframed', visibility: 'public' },
    })
    for (const path of [`/watch/${videoIds[0]}`, `/playlist/${playlist.id}`, '/settings']) {
      await outside.goto(`http://127.0.0.1:${port}${path}`)
      expect(await outside.frameLocator('iframe').locator('#root').count()).toBe(0)
    }
    await outside.close()
  } finally {
    elsewhere.close()
  }
})
