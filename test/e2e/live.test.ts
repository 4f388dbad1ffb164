import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { TopicItem } from '../../src/contract/index.ts'
import { SECOND_MS, sleep } from '../../src/core/time.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { type CuttableNetwork, createCuttableNetwork } from '../support/cuttable-network.ts'
import { mediaWorkersOf } from '../support/media-workers.ts'
import {
  audioEnergyOf,
  keepPeerConnections,
  keepPicture,
  movingPicture,
  pictureOf,
  sendingProtocol,
  signInThrough,
} from '../support/page-probes.ts'
import type { Followed, Person } from '../support/person.ts'
import { until } from '../support/until.ts'

const VIDEO = '[data-testid="watch-video"]'
/** From the cut on a viewer's picture runs on for as long as frames are buffered. */
const DRAINED_MS = 2 * SECOND_MS

/** One broadcast from the first click to its end, watched from another browser, with everything that may go wrong between. */
describe('a broadcast from browser to browser', () => {
  let network: CuttableNetwork
  let app: TestApp
  let browsers: { alice: TestBrowser; bob: TestBrowser }
  let people: { alice: Person; bob: Person }
  let studio: Page
  let watch: Page

  let told: Followed<TopicItem<`stream:${string}`>>

  /** The broadcast as a subscriber of the stream was told last. */
  const broadcast = () => {
    const last = told.items.findLast((item) => item.type === 'broadcast')
    return last?.type === 'broadcast' ? last.broadcast : undefined
  }
  const stateIs = (state: string) => until(`the state ${state}`, () => broadcast()?.state === state)

  beforeAll(async () => {
    network = await createCuttableNetwork()
    // The server is reached from the other network and from this machine alike.
    app = await startApp({ HOST: '0.0.0.0', MEDIA_LISTEN_IP: network.serverAddress })
    people = { alice: await app.person('alice'), bob: await app.person('bob') }
    told = people.bob.follow(`stream:${people.alice.account.streamId}`)
    const secureOrigin = `http://${network.serverAddress}:${app.httpPort}`
    const alice = await startBrowser({ namespace: network.namespace, secureOrigin })
    browsers = { alice, bob: await startBrowser() }
    studio = await alice.page('about:blank')
    await keepPeerConnections(studio)
    await studio.goto(`${secureOrigin}/sign-in?next=/studio`)
    watch = await browsers.bob.page(`${app.url}/`)
  })
  afterAll(async () => {
    await browsers?.alice[Symbol.asyncDispose]()
    await browsers?.bob[Symbol.asyncDispose]()
    await app?.[Symbol.asyncDispose]()
    await network?.[Symbol.asyncDispose]()
  })

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    for (const [name, page] of Object.entries({ studio, watch }))
      await keepPicture(page, `live-failed-${name}`)
  })

  test('alice signs in, names her broadcast and goes live', async () => {
    await signInThrough(studio, people.alice)
    await movingPicture(studio, 'video')
    await studio.getByLabel('Title').fill('Painting the harbour')
    await studio.getByTestId('go-live').click()
    await studio.getByTestId('end-broadcast').waitFor()
    await stateIs('live')
    await until(
      'the badge',
      async () => (await studio.getByTestId('state-badge').innerText()).toLowerCase() === 'live',
    )
  })

  test('bob finds her on the home page without a reload, sees her picture in full size and hears her', async () => {
    await watch
      .getByRole('link', { name: /Painting the harbour/ })
      .first()
      .click()
    await watch.locator(VIDEO).waitFor()
    await keepPeerConnections(watch)
    await watch.reload()
    const picture = await movingPicture(watch, VIDEO)
    expect(picture.deviation).toBeGreaterThan(5)
    const sent = await pictureOf(studio, 'video')
    expect(sent.width).toBeGreaterThan(0)
    await until(
      'the size as sent',
      async () => {
        const now = await pictureOf(watch, VIDEO)
        return now.width === sent.width && now.height === sent.height
      },
      60_000,
    )
    const energy = await audioEnergyOf(watch)
    await until('sound', async () => (await audioEnergyOf(watch)) > energy)
  })

  test('both chat; the viewer count follows', async () => {
    await watch.getByRole('banner').getByRole('link', { name: 'Sign in' }).click()
    await signInThrough(watch, people.bob)
    await watch.locator(VIDEO).waitFor()
    const write = async (page: Page, text: string) => {
      await page.getByTestId('chat-composer').fill(text)
      await page.keyboard.press('Enter')
    }
    await write(watch, 'Hello from bob')
    await studio.getByTestId('chat-list').getByText('Hello from bob').waitFor()
    await write(studio, 'Hello from alice')
    await watch.getByTestId('chat-list').getByText('Hello from alice').waitFor()
    for (const page of [watch, studio]) {
      expect(await page.getByTestId('chat-list').getByText('Hello from bob').count()).toBe(1)
    }
    await until('the count', async () => /\b1\b/.test(await studio.getByTestId('viewer-count').innerText()))
  })

  test('a reload of the viewer brings picture and chat back', async () => {
    await watch.reload()
    await movingPicture(watch, VIDEO)
    await watch.getByTestId('chat-list').getByText('Hello from alice').waitFor()
  })

  test.each([5, 25])(
    'her network is cut for %i s: the same broadcast goes on when it is back',
    async (seconds) => {
      const id = broadcast()?.id
      await network.cut()
      const packets = await network.packetsFrom()
      await sleep(DRAINED_MS)
      const frozen = await pictureOf(watch, VIDEO)
      await sleep((seconds - 2) * SECOND_MS)
      expect(await network.packetsFrom()).toBe(packets)
      expect((await pictureOf(watch, VIDEO)).frames - frozen.frames).toBeLessThan(5)
      expect(broadcast()?.state).toBe('interrupted')
      await until('bob to be told', async () =>
        /lost the connection/.test(await watch.locator('main').innerText()),
      )
      await network.mend()
      await stateIs('live')
      await movingPicture(watch, VIDEO)
      expect(await network.packetsFrom()).toBeGreaterThan(packets)
      expect(broadcast()?.id).toBe(id)
    },
  )

  test('UDP is blocked: the picture goes on over TCP', async () => {
    const id = broadcast()?.id
    await network.blockUdp()
    // Where the sender's packets have not moved to TCP by themselves, they stop and the ICE restart moves them.
    await sleep(10 * SECOND_MS)
    await stateIs('live')
    await movingPicture(watch, VIDEO)
    await until('the path over TCP', async () => (await sendingProtocol(studio)) === 'tcp')
    await network.mend()
    expect(broadcast()?.id).toBe(id)
  })

  test('the SFU workers are killed: picture and sound come back by themselves', async () => {
    const id = broadcast()?.id
    const old = await mediaWorkersOf(app.pid)
    expect(old.length).toBeGreaterThan(0)
    for (const pid of old) process.kill(pid, 'SIGKILL')
    await until('new workers', async () => {
      const now = await mediaWorkersOf(app.pid)
      return now.length > 0 && now.every((pid) => !old.includes(pid))
    })
    await stateIs('live')
    await movingPicture(watch, VIDEO)
    await movingPicture(studio, 'video')
    expect(broadcast()?.id).toBe(id)
  })

  test('she reloads her studio and is back in the same broadcast', async () => {
    const id = broadcast()?.id
    studio.once('dialog', (dialog) => void dialog.accept())
    await studio.reload()
    await studio.getByTestId('end-broadcast').waitFor()
    await stateIs('live')
    await movingPicture(watch, VIDEO)
    expect(broadcast()?.id).toBe(id)
  })

  test('she ends it, and bob is told', async () => {
    await studio.getByTestId('end-broadcast').click()
    await studio.getByRole('alertdialog').getByRole('button', { name: 'End it' }).click()
    await until('bob to be told', async () =>
      /The broadcast has ended/.test(await watch.locator('main').innerText()),
    )
    expect(broadcast()).toMatchObject({ state: 'ended', endReason: 'ended_by_owner' })
    await studio.getByTestId('go-live').waitFor()
    expect([...browsers.alice.errors, ...browsers.bob.errors]).toEqual([])
  })
})
