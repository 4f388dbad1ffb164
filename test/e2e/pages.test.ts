import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { inspect, LAYOUT_SHIFT_MAX, layoutShift } from '../support/page-inspection.ts'
import { movingPicture, signInThrough } from '../support/page-probes.ts'
import { clientId, PASSWORD, type Person } from '../support/person.ts'

let app: TestApp
let browser: TestBrowser
let host: Person

beforeAll(async () => {
  app = await startApp()
  host = await app.person('host')
  browser = await startBrowser()
})
afterAll(async () => {
  expect(browser.errors).toEqual([])
  await browser[Symbol.asyncDispose]()
  await app[Symbol.asyncDispose]()
})

const visit = async (path: string, ready: (page: Page) => Promise<unknown>) => {
  const page = await browser.page(`${app.url}${path}`)
  await ready(page)
  return page
}

describe('pages for everybody', () => {
  const pages: [name: string, path: string, heading: RegExp][] = [
    ['home-empty', '/', /./],
    ['sign-up', '/sign-up', /Create your account/],
    ['sign-in', '/sign-in', /Welcome back/],
    ['offline-stream', '/live/host', /host/],
    ['channel-empty', '/@host', /host has no videos yet/],
    ['channel-about-empty', '/@host?tab=about', /has not written anything/],
    ['history-empty', '/history', /./],
    ['shorts-empty', '/shorts', /./],
    ['watch-not-found', '/watch/00000000-0000-7000-8000-000000000000', /./],
    ['followers-empty', '/@host/followers', /Nobody follows host yet/],
    ['following-empty', '/@host/following', /host follows nobody yet/],
    ['channel-not-found', '/@nobody_here', /./],
    ['not-found', '/there/is/nothing', /./],
    ['inbox', '/inbox', /./],
  ]
  test.each(pages)('%s', async (name, path, heading) => {
    const page = await visit(path, (it) => it.locator('main').getByText(heading).first().waitFor())
    expect(await layoutShift(page)).toBeLessThan(LAYOUT_SHIFT_MAX)
    await inspect(page, name)
    expect(await page.title()).not.toBe('')
    await page.close()
  })

  test('somebody who is signed out is asked to sign in for the studio and comes back to it', async () => {
    const page = await visit('/studio', (it) => it.getByLabel('Mail address').waitFor())
    await signInThrough(page, host)
    await page.getByTestId('go-live').waitFor()
    expect(new URL(page.url()).pathname).toBe('/studio')
    await page.context().clearCookies()
    await page.close()
  })
})

describe('a new account', () => {
  test('signs up by keyboard alone, opens the mail in the inbox, and is signed in', async () => {
    const page = await visit('/sign-up', (it) => it.getByLabel('Mail address').waitFor())
    await page.getByLabel('Name', { exact: true }).focus()
    await page.keyboard.type('Grace')
    for (const text of ['', 'grace@example.com', PASSWORD]) {
      await page.keyboard.press('Tab')
      if (text) await page.keyboard.type(text)
    }
    await page.keyboard.press('Enter')
    await page.getByText('Check your mail').waitFor()
    await inspect(page, 'check-mail')
    await page.goto(`${app.url}/inbox`)
    const mail = page.getByText('grace@example.com').first()
    await mail.waitFor()
    await mail.click()
    const link = (await page.content()).match(/https?:\/\/[^"'\s<]+\/verify\?token=[\w-]+/)?.[0]
    await page.goto(link ?? 'about:blank')
    await page
      .getByRole('button', { name: /account|grace/i })
      .first()
      .waitFor()
    await page.goto(`${app.url}/settings`)
    await page.getByText('grace', { exact: false }).first().waitFor()
    await inspect(page, 'settings')
    await page.context().clearCookies()
    await page.close()
  })
})

describe('while somebody is live', () => {
  test('studio before and while live, watch page and home', async () => {
    const studio = await visit('/sign-in?next=/studio', (it) => it.getByLabel('Mail address').waitFor())
    await signInThrough(studio, host)
    await movingPicture(studio, 'video')
    await inspect(studio, 'studio')
    await studio.getByLabel('Title').fill('An evening at the harbour')
    await studio.getByTestId('go-live').click()
    await studio.getByTestId('end-broadcast').waitFor()
    const { streamId } = host.account
    for (const text of ['Good evening everybody!', 'How is the sound?', 'We start in a minute.']) {
      await host.connection.call('chat:send', { clientId: clientId(), streamId, text })
    }
    await studio.getByTestId('chat-list').getByText('We start in a minute.').waitFor()
    await inspect(studio, 'studio-live')
    const watch = await visit('/live/host', (it) => movingPicture(it, '[data-testid="watch-video"]'))
    await watch.getByTestId('chat-list').getByText('We start in a minute.').waitFor()
    expect(await layoutShift(watch)).toBeLessThan(LAYOUT_SHIFT_MAX)
    await inspect(watch, 'watch')
    const home = await visit('/', (it) =>
      it
        .getByRole('link', { name: /evening at the harbour/ })
        .first()
        .waitFor(),
    )
    await inspect(home, 'home')
    for (const page of [watch, home, studio]) await page.close({ runBeforeUnload: false })
  })
})
