import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { inspect } from '../support/page-inspection.ts'
import { keepPicture, signInThrough } from '../support/page-probes.ts'
import { clientId, type Person } from '../support/person.ts'

const details = { title: 'Among us', category: 'talk' } as const

/** Rights that change under open pages: each follows by itself, without a reload. */
describe('a channel that closes and opens', () => {
  let app: TestApp
  let people: { owner: Person; outsider: Person; troll: Person }
  let browsers: { owner: TestBrowser; outsider: TestBrowser; troll: TestBrowser }
  let pages: { owner: Page; outsider: Page; troll: Page }
  let broadcastId: string

  beforeAll(async () => {
    // Nobody sends a picture here, and what is late on a busy machine must find the broadcast all the same.
    app = await startApp({ BROADCAST_GRACE_SECONDS: '600' })
    const [owner, outsider, troll] = await Promise.all(['owner', 'outsider', 'troll'].map(app.person))
    people = { owner, outsider, troll } as typeof people
    const start = { clientId: clientId(), ...details, visibility: 'public' } as const
    broadcastId = (await people.owner.connection.call('broadcast:start', start)).id
    browsers = { owner: await startBrowser(), outsider: await startBrowser(), troll: await startBrowser() }
    const open = async (who: keyof typeof browsers) => {
      const page = await browsers[who].page(`${app.url}/sign-in?next=/live/owner`)
      await signInThrough(page, people[who])
      await page.getByTestId('chat-composer').waitFor()
      // A page that was loaded again has lost this.
      await page.evaluate(() => Object.assign(window, { isSamePage: true }))
      return page
    }
    pages = { owner: await open('owner'), outsider: await open('outsider'), troll: await open('troll') }
  })
  afterAll(async () => {
    for (const browser of Object.values(browsers ?? {})) {
      expect(browser.errors).toEqual([])
      await browser[Symbol.asyncDispose]()
    }
    await app?.[Symbol.asyncDispose]()
  })
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    for (const [name, page] of Object.entries(pages ?? {})) await keepPicture(page, `rights-failed-${name}`)
  })

  const isSamePage = (page: Page) => page.evaluate(() => (window as { isSamePage?: boolean }).isSamePage)
  const write = async (page: Page, text: string) => {
    await page.getByTestId('chat-composer').fill(text)
    await page.keyboard.press('Enter')
    await page.getByTestId('chat-list').getByText(text).waitFor()
  }
  const titleOf = (page: Page) => page.getByRole('heading', { name: details.title })

  test('it is turned followers-only: the page of an outsider changes by itself and tells nothing of it', async () => {
    await titleOf(pages.outsider).waitFor()
    await write(pages.owner, 'everybody hears this')
    const change = { broadcastId, ...details, visibility: 'followers' } as const
    await people.owner.connection.call('broadcast:update', change)
    await pages.outsider.getByText('This stream is not available').waitFor()
    const shown = await pages.outsider.locator('main').innerText()
    expect(shown).not.toMatch(/Among us|everybody hears this|watching/)
    expect(await pages.outsider.title()).not.toContain(details.title)
    await inspect(pages.outsider, 'shut-stream')
    await titleOf(pages.owner).waitFor()
  })

  test('whoever follows from there is let in by itself', async () => {
    await pages.outsider.getByTestId('follow').click()
    await titleOf(pages.outsider).waitFor()
    await pages.outsider.getByTestId('chat-list').getByText('everybody hears this').waitFor()
    await write(pages.owner, 'welcome')
    await pages.outsider.getByTestId('chat-list').getByText('welcome').waitFor()
    expect(await isSamePage(pages.outsider)).toBe(true)
  })

  test('the owner times somebody out by keyboard alone, and takes it back', async () => {
    await people.owner.connection.call('broadcast:update', { broadcastId, ...details, visibility: 'public' })
    await titleOf(pages.troll).waitFor()
    await write(pages.troll, 'first spam')
    await write(pages.troll, 'second spam')
    const { owner, troll } = pages
    await owner.getByTestId('chat-list').getByText('second spam').waitFor()
    const menus = owner.getByRole('button', { name: 'Actions for troll' })
    // The newest is reached by Tab, the one before it with the arrow.
    await owner.getByTestId('chat-list').focus()
    await owner.keyboard.press('Tab')
    expect(await menus.last().evaluate((menu) => menu === document.activeElement)).toBe(true)
    await owner.keyboard.press('ArrowUp')
    expect(await menus.first().evaluate((menu) => menu === document.activeElement)).toBe(true)
    await owner.keyboard.press('Enter')
    await owner.getByRole('menuitem', { name: 'Time out for 10 minutes' }).waitFor()
    await inspect(owner, 'moderation-menu')
    await owner.keyboard.press('Enter')
    await troll.getByText('owner has banned you from this channel').waitFor()
    await troll.getByText(/again in (9|10) minutes/).waitFor()
    await owner.getByRole('button', { name: 'Undo' }).click()
    await owner.getByText('troll can come back.').first().waitFor()
    await titleOf(troll).waitFor()
    expect(await isSamePage(troll)).toBe(true)
  })

  test('a ban stands in the studio, from where it is undone', async () => {
    const { owner, troll } = pages
    await write(troll, 'third spam')
    await owner.getByTestId('chat-list').getByText('third spam').waitFor()
    await owner.getByRole('button', { name: 'Actions for troll' }).last().click()
    await owner.getByRole('menuitem', { name: 'Ban from this channel' }).click()
    await troll.getByText('owner has banned you from this channel').waitFor()
    await inspect(troll, 'banned-from-stream')
    await owner.goto(`${app.url}/studio`)
    await owner.getByRole('button', { name: 'Banned people' }).click()
    await owner.getByText('For ever').waitFor()
    await inspect(owner, 'banned-people')
    await owner.getByRole('button', { name: 'Unban troll' }).click()
    await owner.getByText(/Nobody is banned/).waitFor()
    await titleOf(troll).waitFor()
  })
})
