import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { inspect } from '../support/page-inspection.ts'
import { keepPicture, signInThrough } from '../support/page-probes.ts'
import { clientId, type Person } from '../support/person.ts'
import { follow } from '../support/social-page.ts'

describe('keeping people away, from browser to browser', () => {
  let app: TestApp
  let people: { alice: Person; bob: Person; carol: Person }
  let browsers: TestBrowser[]
  let alice: Page
  let bob: Page

  beforeAll(async () => {
    app = await startApp()
    const [first, second, third] = await Promise.all(['alice', 'bob', 'carol'].map(app.person))
    people = { alice: first, bob: second, carol: third } as typeof people
    browsers = [await startBrowser(), await startBrowser()]
    alice = (await browsers[0]?.page(`${app.url}/sign-in?next=/live/carol`)) as Page
    bob = (await browsers[1]?.page(`${app.url}/sign-in?next=/live/alice`)) as Page
    await signInThrough(alice, people.alice)
    await signInThrough(bob, people.bob)
  })
  afterAll(async () => {
    for (const browser of browsers ?? []) {
      expect(browser.errors).toEqual([])
      await browser[Symbol.asyncDispose]()
    }
    await app?.[Symbol.asyncDispose]()
  })
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    for (const [name, page] of Object.entries({ alice, bob }))
      if (page) await keepPicture(page, `safety-failed-${name}`)
  })

  const say = (who: Person, text: string) =>
    who.connection.call('chat:send', {
      ...{ clientId: clientId(), streamId: people.carol.account.streamId, text },
    })
  const choose = async (page: Page, name: string) => {
    await page.getByTestId('person-menu').click()
    await page.getByRole('menuitem', { name, exact: true }).click()
  }

  test('whom alice mutes in a chat she reads no longer, until she takes it back', async () => {
    await say(people.bob, 'Noise from bob')
    await say(people.carol, 'Welcome')
    const line = alice.getByTestId('chat-list').getByRole('listitem').filter({ hasText: 'Noise from bob' })
    await line.waitFor()
    await line.hover()
    await line.getByRole('button', { name: 'Actions for bob' }).press('Enter')
    await keepPicture(alice, 'safety-line-menu')
    await alice.getByRole('menuitem', { name: 'Mute', exact: true }).press('Enter')
    await line.waitFor({ state: 'detached' })
    await say(people.bob, 'More noise')
    await say(people.carol, 'Still here')
    await alice.getByText('Still here').waitFor()
    expect(await alice.getByText('More noise').count()).toBe(0)
    await alice.getByRole('button', { name: 'Undo' }).click()
    await alice.getByText('More noise').waitFor()
  })

  test('bob asks to follow a private account and waits', async () => {
    await alice.goto(`${app.url}/settings/privacy`)
    await alice.getByLabel('Private account').check()
    await alice.getByText('Your privacy settings are saved.').first().waitFor()
    await bob.getByText('This account is private').waitFor()
    await follow(bob).click()
    await bob.getByRole('button', { name: /^You have asked to follow alice/ }).waitFor()
    await bob.reload()
    await bob.getByRole('button', { name: /^You have asked to follow alice/ }).waitFor()
    await inspect(bob, 'safety-private')
    await bob.goto(`${app.url}/@alice`)
    await bob.getByText('This account is private').waitFor()
    await bob.getByRole('button', { name: /^You have asked to follow alice/ }).waitFor()
    await inspect(bob, 'channel-private')
    await bob
      .getByRole('link', { name: /followers?$/ })
      .first()
      .click()
    await bob.getByRole('heading', { name: 'Followers of alice' }).waitFor()
    await bob.getByText('This account is private').waitFor()
    await bob.goto(`${app.url}/live/alice`)
    await bob.getByText('This account is private').waitFor()
  })

  test('alice is told, lets him in, and his page opens by itself', async () => {
    await alice.goto(`${app.url}/notifications`)
    await alice.getByText('Asks to follow you', { exact: false }).first().waitFor()
    await alice.getByTestId('notification').first().getByRole('link', { name: 'bob' }).click()
    await alice.getByRole('heading', { name: 'Requests to follow you' }).waitFor()
    const accept = alice.getByRole('button', { name: 'Let bob follow you' })
    await accept.waitFor()
    await inspect(alice, 'safety-privacy')
    // These pages ask for nothing by themselves: what opens them is pushed.
    const theirs = async (path: string) => {
      const page = (await browsers[1]?.page(`${app.url}${path}`)) as Page
      await page.getByText('This account is private').waitFor()
      await page.getByText('Once they accept, this page opens by itself', { exact: false }).waitFor()
      await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }))
      return page
    }
    const channel = await theirs('/@alice')
    const followers = await theirs('/@alice/followers')
    await accept.click()
    await alice.getByText('Nobody is waiting.').waitFor()
    await channel.getByRole('button', { name: /^Following alice/ }).waitFor()
    await followers.getByTestId('person').getByRole('link', { name: 'bob' }).waitFor()
    for (const page of [channel, followers]) {
      await page.getByText('This account is private').waitFor({ state: 'detached' })
      expect(await page.evaluate(() => 'isSamePage' in globalThis)).toBe(true)
      await page.close()
    }
    await bob.getByRole('button', { name: /^Following alice/ }).waitFor()
  })

  test('she blocks him with a question first: his page shuts, hers shows the notice, and both come back', async () => {
    await alice.goto(`${app.url}/@bob`)
    await alice.getByTestId('person-menu').click()
    await alice.getByRole('menuitem', { name: 'Block', exact: true }).waitFor()
    await inspect(alice, 'channel-menu')
    await alice.getByRole('menuitem', { name: 'Block', exact: true }).click()
    await alice.getByRole('alertdialog').waitFor()
    await keepPicture(alice, 'safety-block-dialog')
    await alice.getByRole('button', { name: 'Cancel' }).click()
    await choose(alice, 'Block')
    await alice.getByRole('alertdialog').getByRole('button', { name: 'Block' }).click()
    await alice.getByTestId('blocked-person').waitFor()
    await inspect(alice, 'channel-blocked')
    await alice.goto(`${app.url}/live/bob`)
    await alice.getByTestId('blocked-person').waitFor()
    await inspect(alice, 'safety-blocked')
    await bob.getByText('Nobody has this address').waitFor()
    await alice.goto(`${app.url}/settings/privacy`)
    await alice.getByRole('button', { name: 'Unblock bob' }).click()
    await alice.getByText('You block nobody.').waitFor()
    await bob.reload()
    await bob.getByText('This account is private').waitFor()
    const { profile } = await people.bob.api.request('get /api/accounts/{handle}', {
      params: { handle: 'alice' },
    })
    expect(profile).toMatchObject({ isFollowing: false, isRequested: false })
  })
})
