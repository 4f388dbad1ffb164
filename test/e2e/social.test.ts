import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { HOUR_MS } from '../../src/core/time.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { type CuttableNetwork, createCuttableNetwork } from '../support/cuttable-network.ts'
import { inspect, LAYOUT_SHIFT_MAX, layoutShift } from '../support/page-inspection.ts'
import { keepPicture, movingPicture, signInThrough } from '../support/page-probes.ts'
import { clientId, type Person } from '../support/person.ts'
import { bell, entries, follow, titlesOf, unreadIs } from '../support/social-page.ts'
import { until } from '../support/until.ts'

/** What somebody does reaches those who follow them, on every device, whatever happens to the network between. */
describe('following from browser to browser', () => {
  let network: CuttableNetwork
  let app: TestApp
  let people: { alice: Person; bob: Person; carol: Person; dan: Person }
  let browsers: { alice: TestBrowser; bob: TestBrowser; bobsPhone: TestBrowser }
  let studio: Page
  let bob: Page
  let phone: Page
  let origin: string

  const announce = (person: Person, title: string) =>
    person.connection.call('broadcast:schedule', {
      clientId: clientId(),
      title,
      category: 'music',
      visibility: 'public',
      scheduledFor: Date.now() + HOUR_MS,
    })

  beforeAll(async () => {
    network = await createCuttableNetwork()
    app = await startApp({ HOST: '0.0.0.0', MEDIA_LISTEN_IP: network.serverAddress })
    origin = `http://${network.serverAddress}:${app.httpPort}`
    const [alice, bobHimself, carol, dan] = await Promise.all(
      ['alice', 'bob', 'carol', 'dan'].map(app.person),
    )
    people = { alice, bob: bobHimself, carol, dan } as typeof people
    browsers = {
      alice: await startBrowser(),
      bob: await startBrowser({ namespace: network.namespace, secureOrigin: origin }),
      bobsPhone: await startBrowser(),
    }
    studio = await browsers.alice.page(`${app.url}/sign-in?next=/studio`)
    await signInThrough(studio, people.alice)
    bob = await browsers.bob.page(`${origin}/live/alice`)
  })
  afterAll(async () => {
    for (const browser of Object.values(browsers ?? {})) await browser[Symbol.asyncDispose]()
    await app?.[Symbol.asyncDispose]()
    await network?.[Symbol.asyncDispose]()
  })
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    for (const [name, page] of Object.entries({ studio, bob, phone }))
      if (page) await keepPicture(page, `social-failed-${name}`)
  })

  test('a visitor who follows alice is asked to sign in, and comes back following her', async () => {
    await follow(bob).click()
    await signInThrough(bob, people.bob)
    await bob.getByRole('button', { name: /^Following alice/ }).waitFor()
    expect(new URL(bob.url()).pathname).toBe('/live/alice')
    // The button shows the wish at once; the reload shows what the server has.
    await until('the follow', async () => {
      const { profile } = await people.bob.api.request('get /api/accounts/{handle}', {
        params: { handle: 'alice' },
      })
      return profile.isFollowing
    })
    await until('the count', async () => (await bob.getByTestId('followers').innerText()) === '1 follower')
    await bob.reload()
    await bob.getByRole('button', { name: /^Following alice/ }).waitFor()
    expect(await layoutShift(bob)).toBeLessThan(LAYOUT_SHIFT_MAX)
    await inspect(bob, 'social-profile')
  })

  test('the number of followers follows by push', async () => {
    const { id: accountId } = people.alice.account
    await people.carol.connection.call('follow:add', { accountId })
    await until('two', async () => (await bob.getByTestId('followers').innerText()) === '2 followers')
    await people.carol.connection.call('follow:remove', { accountId })
    await until('one', async () => (await bob.getByTestId('followers').innerText()) === '1 follower')
  })

  test('nothing happened yet: the pages say what to do', async () => {
    await bob.goto(`${origin}/following`)
    await bob.getByText('Nothing here yet').waitFor()
    await inspect(bob, 'social-following-empty')
    await bob.goto(`${origin}/notifications`)
    await bob.getByText('No notifications yet').waitFor()
    await inspect(bob, 'social-notifications-empty')
  })

  test('alice goes live: notification, unread count and the list of bob arrive by themselves', async () => {
    await bob.goto(`${origin}/following`)
    await bob.getByText('Nothing here yet').waitFor()
    await movingPicture(studio, 'video')
    await studio.getByLabel('Title').fill('Painting the harbour')
    await studio.getByTestId('go-live').click()
    await entries(bob)
      .getByRole('link', { name: /Painting the harbour/ })
      .waitFor()
    await unreadIs(bob, 1)
    expect(await titlesOf(bob)).toEqual(['Painting the harbour'])
    expect(await entries(bob).first().getAttribute('data-standing')).toBe('live')
    await until('the tab', async () => (await bob.title()).startsWith('(1) '))
  })

  test('on the home page bob finds her among those who are live', async () => {
    await bob.goto(`${origin}/`)
    const strip = bob.getByTestId('live-strip')
    await strip.getByRole('link', { name: /Painting the harbour/ }).waitFor()
    expect(await strip.getByRole('link').count()).toBe(1)
    expect(await layoutShift(bob)).toBeLessThan(LAYOUT_SHIFT_MAX)
    await inspect(bob, 'social-home')
  })

  test('bob likes her broadcast, and she sees the number grow by itself', async () => {
    const own = await browsers.alice.page(`${app.url}/live/alice`)
    await own.getByTestId('like').waitFor()
    await bob.goto(`${origin}/live/alice`)
    await bob.getByTestId('like').click()
    expect(await bob.getByTestId('like').getAttribute('aria-pressed')).toBe('true')
    const likesOf = (page: Page) => page.getByTestId('like').getAttribute('aria-label')
    await until('one like', async () => (await likesOf(own)) === 'Like, 1 like')
    expect(await own.getByTestId('like').getAttribute('aria-pressed')).toBe('false')
    await bob.reload()
    await until('his own like', async () => (await likesOf(bob)) === 'Like, 1 like')
    expect(await bob.getByTestId('like').getAttribute('aria-pressed')).toBe('true')
    await movingPicture(bob, '[data-testid="watch-video"]')
    await inspect(bob, 'social-watch')
    await own.close()
  })

  test('a follow that does not get through is taken back, with the reason', async () => {
    await bob.goto(`${origin}/live/dan`)
    await bob.getByRole('button', { name: 'Follow dan' }).waitFor()
    await network.cut()
    await follow(bob).click()
    await bob.getByRole('button', { name: /^Following dan/ }).waitFor()
    await bob.getByText(/^dan could not be followed/).waitFor()
    await bob.getByRole('button', { name: 'Follow dan' }).waitFor()
    await network.mend()
    await bob.getByText('Back online').waitFor()
    await follow(bob).click()
    await until('it is known', async () => {
      const { people: followed } = await people.bob.api.request('get /api/accounts/{handle}/following', {
        params: { handle: 'bob' },
        query: {},
      })
      return followed.some(({ handle }) => handle === 'dan')
    })
  })

  test('what happened while bob was offline is there when he is back: nothing missing, nothing twice', async () => {
    await bob.goto(`${origin}/following`)
    await entries(bob).first().waitFor()
    await unreadIs(bob, 1)
    await network.cut()
    await announce(people.dan, 'Songs of the sea')
    await announce(people.dan, 'Songs of the shore')
    for (const person of [people.carol, people.dan])
      await person.connection.call('follow:add', { accountId: people.bob.account.id })
    await bob.getByText('You are offline', { exact: false }).waitFor()
    expect(await titlesOf(bob)).toEqual(['Painting the harbour'])
    await network.mend()
    await unreadIs(bob, 3)
    await bob.getByTestId('feed-new').waitFor()
    await until('both', async () => (await bob.getByTestId('feed-new').innerText()).trim() === '2 new')
    expect(await titlesOf(bob)).toEqual(['Painting the harbour'])
    await keepPicture(bob, 'social-following-pill')
    await bob.getByTestId('feed-new').click()
    await until('the entries', async () => (await entries(bob).count()) === 3)
    expect(await titlesOf(bob)).toEqual(['Songs of the shore', 'Songs of the sea', 'Painting the harbour'])
    expect(await bob.getByTestId('feed-new').count()).toBe(0)
    await inspect(bob, 'social-following')
  })

  test('reading on one device clears the badge of the other', async () => {
    phone = await browsers.bobsPhone.page(`${app.url}/sign-in`)
    await signInThrough(phone, people.bob)
    await unreadIs(phone, 3)
    await bell(bob).click()
    const list = bob.getByTestId('notification')
    await until('the list', async () => (await list.count()) === 3)
    const texts = await list.allInnerTexts()
    for (const [at, pattern] of [/Follows you now/, /Follows you now/, /Painting the harbour/].entries())
      expect(texts[at]).toMatch(pattern)
    expect(texts.filter((text) => text.includes('carol'))).toHaveLength(1)
    await inspect(bob, 'social-bell')
    await unreadIs(bob, 0)
    await unreadIs(phone, 0)
    expect(await phone.title()).not.toMatch(/^\(/)
    await bob.keyboard.press('Escape')
    await list.first().waitFor({ state: 'detached' })
  })

  test('a notification that comes while its page is open is shown and read at once', async () => {
    await phone.goto(`${app.url}/notifications`)
    await until('the list', async () => (await phone.getByTestId('notification').count()) === 3)
    await people.alice.connection.call('follow:add', { accountId: people.bob.account.id })
    await until('it', async () => (await phone.getByTestId('notification').count()) === 4)
    await unreadIs(phone, 0)
    await unreadIs(bob, 0)
    expect(await layoutShift(phone)).toBeLessThan(LAYOUT_SHIFT_MAX)
    await inspect(phone, 'social-notifications')
  })

  test('she ends it, and the list of bob says so without a reload', async () => {
    await studio.getByTestId('end-broadcast').click()
    await studio.getByRole('alertdialog').getByRole('button', { name: 'End it' }).click()
    await until('the end', async () => (await entries(bob).last().getAttribute('data-standing')) === 'ended')
    await inspect(bob, 'social-following-ended')
    for (const browser of Object.values(browsers)) expect(browser.errors).toEqual([])
  })
})
