import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { HOUR_MS, SECOND_MS, sleep } from '../../src/core/time.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { type CuttableNetwork, createCuttableNetwork } from '../support/cuttable-network.ts'
import { freePort } from '../support/free-port.ts'
import { startNodes, type TestNodes } from '../support/nodes.ts'
import { keepPicture, movingPicture, signInThrough } from '../support/page-probes.ts'
import { clientId, type Person } from '../support/person.ts'
import { bell, entries, follow, titlesOf, unreadIs } from '../support/social-page.ts'
import { until } from '../support/until.ts'

const VIDEO = '[data-testid="watch-video"]'
const SECRET_KEY = 'the secret of two gateways, jobs and an SFU'
/** The acceptance says a minute: more than twice what the heartbeat needs to notice, and longer than sockets' transports are kept. */
const OFFLINE_MS = 60 * SECOND_MS
/** What was on its way when the cable was cut has arrived. */
const DRAINED_MS = 2 * SECOND_MS

/**
 * The whole site in parts, as a big one runs it: two gateways with pages, a process for jobs, one for the SFU, joined by
 * Redis. Bob is at one gateway and alice at the other, and neither may notice.
 */
describe('two gateways, jobs and an SFU in processes of their own', () => {
  let network: CuttableNetwork
  let sfu: TestApp
  let site: TestNodes
  let jobs: TestApp
  let people: { alice: Person; bob: Person; carol: Person; dan: Person }
  let browsers: { alice: TestBrowser; bob: TestBrowser }
  let studio: Page
  let bob: Page
  let origin: string

  const announce = (person: Person, title: string) =>
    person.connection.call('broadcast:schedule', {
      ...{ clientId: clientId(), title, category: 'music', visibility: 'public' },
      scheduledFor: Date.now() + HOUR_MS,
    })

  beforeAll(async () => {
    network = await createCuttableNetwork()
    const control = String(await freePort())
    const noDatabase = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', DATABASE_OWNER_URL: '' }
    sfu = await startApp({
      ...{ ROLES: 'media', MEDIA_CONTROL_PORT: control, SECRET_KEY, ...noDatabase },
      MEDIA_LISTEN_IP: network.serverAddress,
    })
    const media = { MEDIA_NODES: `http://127.0.0.1:${control}` }
    site = await startNodes(2, { ROLES: 'gateway,http', HOST: '0.0.0.0', SECRET_KEY, ...media })
    const [one, other] = site.nodes as [TestApp, TestApp]
    jobs = await startApp({ ROLES: 'jobs', SECRET_KEY, REDIS_URL: site.redis.url, ...media }, one)
    const [alice, himself, carol, dan] = await Promise.all(
      ['alice', 'bob', 'carol', 'dan'].map((handle) => other.person(handle)),
    )
    people = { alice, bob: himself, carol, dan } as typeof people
    origin = `http://${network.serverAddress}:${one.httpPort}`
    browsers = {
      alice: await startBrowser(),
      bob: await startBrowser({ namespace: network.namespace, secureOrigin: origin }),
    }
    studio = await browsers.alice.page(`${other.url}/sign-in?next=/studio`)
    await signInThrough(studio, people.alice)
    bob = await browsers.bob.page(`${origin}/live/alice`)
  })
  afterAll(async () => {
    for (const browser of Object.values(browsers ?? {})) await browser[Symbol.asyncDispose]()
    for (const part of [jobs, site, sfu, network]) await part?.[Symbol.asyncDispose]()
  })
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    for (const [name, page] of Object.entries({ studio, bob }))
      if (page) await keepPicture(page, `gateways-failed-${name}`)
  })

  test('bob follows alice at one gateway; at the other she has a follower at once', async () => {
    const own = await browsers.alice.page(`${new URL(studio.url()).origin}/live/alice`)
    await until('none', async () => (await own.getByTestId('followers').innerText()) === '0 followers')
    await follow(bob).click()
    await signInThrough(bob, people.bob)
    await bob.getByRole('button', { name: /^Following alice/ }).waitFor()
    await until('one', async () => (await own.getByTestId('followers').innerText()) === '1 follower')
    await own.close()
  })

  test('she goes live: notification, unread count and his lists arrive by themselves', async () => {
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
    await until('the tab', async () => (await bob.title()).startsWith('(1) '))
    await bob.goto(`${origin}/`)
    const strip = bob.getByTestId('live-strip')
    await strip.getByRole('link', { name: /Painting the harbour/ }).waitFor()
    expect(await strip.getByRole('link').count()).toBe(1)
  })

  test('he sees the picture that she sends through the other gateway, and they talk', async () => {
    await bob.goto(`${origin}/live/alice`)
    await movingPicture(bob, VIDEO)
    await bob.getByTestId('chat-composer').fill('Hello from the other side')
    await bob.keyboard.press('Enter')
    await studio.getByTestId('chat-list').getByText('Hello from the other side').waitFor()
    await until('the count', async () => /\b1\b/.test(await studio.getByTestId('viewer-count').innerText()))
  })

  test('a minute offline: what happened meanwhile is there when he is back, nothing missing, nothing twice', async () => {
    await bob.goto(`${origin}/following`)
    await entries(bob).first().waitFor()
    await unreadIs(bob, 1)
    await network.cut()
    const cutAt = Date.now()
    await sleep(DRAINED_MS)
    const packets = await network.packetsFrom()
    await announce(people.dan, 'Not for him: he follows alice alone')
    for (const person of [people.carol, people.dan])
      await person.connection.call('follow:add', { accountId: people.bob.account.id })
    await studio.getByTestId('end-broadcast').click()
    await studio.getByRole('alertdialog').getByRole('button', { name: 'End it' }).click()
    await studio.getByTestId('go-live').waitFor()
    await announce(people.alice, 'Songs of the sea')
    await announce(people.alice, 'Songs of the shore')
    await bob.getByText('You are offline', { exact: false }).waitFor()
    expect(await titlesOf(bob)).toEqual(['Painting the harbour'])
    await sleep(cutAt + OFFLINE_MS - Date.now())
    expect(await network.packetsFrom()).toBe(packets)
    await network.mend()

    await unreadIs(bob, 3)
    await until('both', async () => (await bob.getByTestId('feed-new').innerText()).trim() === '2 new')
    await bob.getByTestId('feed-new').click()
    await until('the entries', async () => (await entries(bob).count()) === 3)
    expect(await titlesOf(bob)).toEqual(['Songs of the shore', 'Songs of the sea', 'Painting the harbour'])
    await until('the end', async () => (await entries(bob).last().getAttribute('data-standing')) === 'ended')
    await bell(bob).click()
    const list = bob.getByTestId('notification')
    await until('the list', async () => (await list.count()) === 3)
    const texts = await list.allInnerTexts()
    for (const [at, pattern] of [/Follows you now/, /Follows you now/, /Painting the harbour/].entries())
      expect(texts[at]).toMatch(pattern)
    expect(texts.filter((text) => text.includes('carol'))).toHaveLength(1)
    await unreadIs(bob, 0)
    for (const browser of Object.values(browsers)) expect(browser.errors).toEqual([])
  })
})
