import { expect, test } from 'vitest'
import { startApp } from '../support/app.ts'
import { startBrowser } from '../support/browser.ts'
import { measureDelays, replaceCameraByClock } from '../support/clock-picture.ts'
import { movingPicture, signInThrough } from '../support/page-probes.ts'

const VIDEO = '[data-testid="watch-video"]'
const FRAMES = 150

test('glass to glass: a clock drawn into the picture is read at the viewer', async () => {
  await using app = await startApp()
  const host = await app.person('host')
  await using sending = await startBrowser()
  await using watching = await startBrowser()
  const studio = await sending.page(`${app.url}/sign-in?next=/settings`)
  await signInThrough(studio, host)
  // A pattern would match the address of the sign-in page too, which names this one.
  await studio.waitForURL(({ pathname }) => pathname === '/settings')
  await replaceCameraByClock(studio)
  await studio.goto(`${app.url}/studio`)
  await movingPicture(studio, 'video')
  await studio.getByLabel('Title').fill('What time is it')
  await studio.getByTestId('go-live').click()
  await studio.getByTestId('end-broadcast').waitFor()
  const watch = await watching.page(`${app.url}/live/host`)
  await movingPicture(watch, VIDEO)
  const delays = await measureDelays(watch, VIDEO, FRAMES)
  // The figure is for people: machines that run tests are too uneven to judge it here.
  console.log(`glass to glass: ${JSON.stringify(delays)}`)
  expect(delays.count).toBe(FRAMES)
  expect(delays.medianMs).toBeGreaterThan(0)
})
