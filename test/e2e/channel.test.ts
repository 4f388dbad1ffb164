import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { HOUR_MS } from '../../src/core/time.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { inspect, LAYOUT_SHIFT_MAX, layoutShift } from '../support/page-inspection.ts'
import { keepPicture, signInThrough } from '../support/page-probes.ts'
import { clientId, type Person } from '../support/person.ts'
import { openSql, plantFollowers } from '../support/sql.ts'
import { until } from '../support/until.ts'

/** A landscape of two colours, so that a screenshot shows whether it was turned or cut. */
const landscape = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 40, g: 110, b: 160 } } })
    .composite([
      {
        input: {
          create: {
            width,
            height: Math.round(height / 3),
            channels: 3,
            background: { r: 220, g: 170, b: 90 },
          },
        },
        gravity: 'south',
      },
    ])
    .jpeg()
    .toBuffer()

const MB = 1024 * 1024

describe('a channel and the settings that make it', () => {
  let app: TestApp
  let browser: TestBrowser
  let alice: Person
  let page: Page
  const picture = (input: string) => page.getByLabel(input, { exact: true }).and(page.locator('input'))
  const shownAvatar = () => page.getByRole('banner').locator('img[src*="/files/avatars/"]')
  const isLoaded = (selector: string) =>
    until(`the picture ${selector}`, () =>
      page.evaluate((selected) => {
        const image = document.querySelector<HTMLImageElement>(selected)
        return image?.complete === true && image.naturalWidth > 0
      }, selector),
    )

  beforeAll(async () => {
    app = await startApp()
    alice = await app.person('alice')
    browser = await startBrowser()
    page = await browser.page(`${app.url}/sign-in?next=/settings/profile`)
    await signInThrough(page, alice)
    await page.getByRole('heading', { name: 'Profile' }).waitFor()
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await keepPicture(page, 'channel-failed')
  })
  afterAll(async () => {
    expect(browser.errors).toEqual([])
    await browser[Symbol.asyncDispose]()
    await app[Symbol.asyncDispose]()
  })

  test('what is no picture, or too large, is refused before it is sent, with what to do', async () => {
    await picture('Picture').setInputFiles({
      name: 'a.svg',
      mimeType: 'image/svg+xml',
      buffer: Buffer.from('<svg/>'),
    })
    await page.getByText('Choose a JPEG, PNG, WebP, GIF or AVIF.', { exact: false }).first().waitFor()
    await picture('Picture').setInputFiles({
      name: 'a.png',
      mimeType: 'image/png',
      buffer: Buffer.alloc(6 * MB),
    })
    await page.getByText('This file has 6 MB. Choose one of 5 MB at most.').waitFor()
    await picture('Picture').setInputFiles({
      name: 'a.png',
      mimeType: 'image/png',
      buffer: Buffer.from('<html>'),
    })
    await page.getByText('This is no picture that can be used', { exact: false }).first().waitFor()
    await inspect(page, 'settings-profile-refused')
  })

  test('a picture that is chosen is everywhere at once', async () => {
    const buffer = await landscape(800, 600)
    await picture('Picture').setInputFiles({ name: 'me.jpg', mimeType: 'image/jpeg', buffer })
    await shownAvatar().waitFor()
    await isLoaded('header img[src*="/files/avatars/"]')
  })

  test('a picture that is dropped becomes the cover', async () => {
    const bytes = [...(await landscape(1500, 500))]
    const transfer = await page.evaluateHandle((content) => {
      const data = new DataTransfer()
      data.items.add(new File([new Uint8Array(content)], 'cover.jpg', { type: 'image/jpeg' }))
      return data
    }, bytes)
    const zone = page.getByRole('group', { name: 'Cover' })
    await zone.dispatchEvent('dragover', { dataTransfer: transfer })
    await zone.dispatchEvent('drop', { dataTransfer: transfer })
    await isLoaded('img[src*="/files/covers/"]')
  })

  test('texts are checked, saved, and shown on the channel with links that can be followed', async () => {
    await page.getByLabel('Name', { exact: true }).fill('Alice Adams')
    await page
      .getByLabel('About you')
      .fill('Painter of harbours.\n\nMore at https://example.com/alice <b>now</b>')
    await page.getByLabel('Place').fill('Oslo')
    await page.getByRole('button', { name: 'Add a link' }).click()
    await page.getByLabel('Link 1', { exact: true }).fill('javascript:alert(1)')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Write a whole address', { exact: false }).waitFor()
    await page.getByLabel('Link 1', { exact: true }).fill('https://example.org/art')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Your profile is saved.', { exact: true }).waitFor()
    await inspect(page, 'settings-profile')
    await alice.connection.call('broadcast:schedule', {
      ...{ clientId: clientId(), title: 'Evening at the harbour', category: 'art', visibility: 'public' },
      scheduledFor: Date.now() + HOUR_MS,
    })
    await using sql = openSql(app)
    await sql`update users set verified_at = now() where handle = 'alice'`
    await plantFollowers(sql, alice.account.id, 120)

    await page.goto(`${app.url}/@alice`)
    await page.getByRole('heading', { name: /Alice Adams/ }).waitFor()
    await page.getByRole('tab', { name: 'Live' }).click()
    await page.getByText('Evening at the harbour').waitFor()
    expect(page.url()).toContain('tab=live')
    for (const name of ['Playlists', 'About']) {
      await page.keyboard.press('ArrowRight')
      await page.getByRole('tab', { name, selected: true }).waitFor()
    }
    await page.getByRole('link', { name: 'example.org/art' }).waitFor()
    await page.getByRole('tab', { name: 'Videos' }).click()
    const link = page.getByRole('link', { name: 'https://example.com/alice' })
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer nofollow ugc')
    expect(await page.getByText('<b>now</b>', { exact: false }).count()).toBe(1)
    await page.getByRole('img', { name: 'Verified' }).waitFor()
    await isLoaded('article img[src*="/files/covers/"]')
    expect(await layoutShift(page)).toBeLessThan(LAYOUT_SHIFT_MAX)
    await inspect(page, 'channel')
  })

  test('its followers are read as one scrolls, each once', async () => {
    await page.getByRole('link', { name: /120 followers/ }).click()
    const people = page.getByTestId('person')
    await people.first().waitFor()
    await inspect(page, 'followers')
    await until('all', async () => {
      await page.mouse.wheel(0, 5000)
      return (await people.count()) === 120
    })
    expect(new Set(await people.getByRole('link').allInnerTexts()).size).toBeGreaterThan(0)
    await people
      .first()
      .getByRole('button', { name: /^Follow / })
      .click()
    await people
      .first()
      .getByRole('button', { name: /^Following / })
      .waitFor()
    await page.getByRole('navigation', { name: 'People' }).getByRole('link', { name: 'Following' }).click()
    await until('her', async () => (await people.count()) === 1)
  })

  test('preferences hold at once, and after a reload', async () => {
    await page.goto(`${app.url}/settings/preferences`)
    const follow = page.getByRole('switch', { name: 'Somebody follows you' })
    await follow.click()
    await until('the server', async () => {
      const { preferences } = await alice.api.request('get /api/preferences')
      return !preferences.notifications.follow
    })
    await page.reload()
    await follow.waitFor()
    expect(await follow.getAttribute('aria-checked')).toBe('false')
    expect(
      await page.getByRole('switch', { name: 'Play streams at once' }).getAttribute('aria-checked'),
    ).toBe('true')
    await inspect(page, 'settings-preferences')
    await page.getByRole('link', { name: 'Settings' }).first().click()
    await page.getByRole('link', { name: 'Preferences' }).waitFor()
    await inspect(page, 'settings-parts')
  })

  test('a picture that is taken away leaves the initials', async () => {
    await page.goto(`${app.url}/settings/profile`)
    await page.getByRole('group', { name: 'Picture' }).getByRole('button', { name: 'Remove' }).click()
    await shownAvatar().waitFor({ state: 'detached' })
    await page.getByRole('banner').getByText('AA').waitFor()
  })
})
