import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { inspect } from '../support/page-inspection.ts'
import { signInThrough } from '../support/page-probes.ts'
import type { Person } from '../support/person.ts'
import { openSql } from '../support/sql.ts'
import { until } from '../support/until.ts'
import { bytesOf, sha256 } from '../support/videos.ts'

const MB = 1024 * 1024
const SIZE = 60 * MB
/** Slow enough that a person could press pause. */
const UPLOAD_BYTES_PER_SECOND = 3 * MB

let app: TestApp
let browser: TestBrowser
let vera: Person
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'social-flow-upload-'))
  // What comes is no real video and only waits for its turn here.
  app = await startApp({ TRANSCODES_AT_ONCE: '0' })
  vera = await app.person('vera')
  browser = await startBrowser()
})
afterAll(async () => {
  expect(browser.errors).toEqual([])
  await browser[Symbol.asyncDispose]()
  await app[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

type Stored = { id: string; state: string; title: string; runId: string; receivedBytes: number }

async function stored(fileName: string): Promise<Stored | undefined> {
  await using sql = openSql(app)
  const [row] = await sql<Stored[]>`
    select v.id, v.state, v.title, u.run_id as "runId", u.offset_bytes::float8 as "receivedBytes"
    from video_uploads u join video_runs r on r.id = u.run_id join videos v on v.id = r.video_id
    where r.file_name = ${fileName}`
  return row
}

const receives = (fileName: string, atLeast: number) =>
  until(`${atLeast} bytes of ${fileName}`, async () => {
    const found = await stored(fileName)
    return found && found.receivedBytes >= atLeast ? found : undefined
  })

const bytesAt = ({ id, runId }: Stored) =>
  readFile(join(app.dir, `files/objects/videos/${id}/${runId}/source.bin`))

async function slowDown(page: Page): Promise<void> {
  const network = await page.context().newCDPSession(page)
  await network.send('Network.enable')
  await network.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: 0, downloadThroughput: -1 },
    uploadThroughput: UPLOAD_BYTES_PER_SECOND,
  })
}

/** A page whose uploads are slow, and the offsets that it went on from. */
async function slowPage(): Promise<{ page: Page; offsets: number[] }> {
  const page = await browser.page(`${app.url}/upload`)
  await slowDown(page)
  const offsets: number[] = []
  page.on('request', (request) => {
    const offset = request.headers()['upload-offset']
    if (request.method() === 'PATCH' && offset !== undefined) offsets.push(Number(offset))
  })
  // The browser asks whether to leave a page that is sending something.
  page.on('dialog', (dialog) => void dialog.accept())
  return { page, offsets }
}

test('a file is paused, taken up again, again after a reload, and after the server was killed', async () => {
  const file = join(dir, 'holiday.mp4')
  const bytes = bytesOf(SIZE, 21)
  await writeFile(file, bytes)
  const { page, offsets } = await slowPage()
  await page.getByLabel('Mail address').waitFor()
  await signInThrough(page, vera)
  await page.getByText('Drop your videos here').waitFor()
  await inspect(page, 'upload-empty')

  const input = page.locator('input[type=file]')
  await input.setInputFiles(file)
  await receives('holiday.mp4', 1)
  await page.getByText(/a second/).waitFor()
  // Its details are edited while it is on its way.
  await page.getByLabel('Title').fill('Our holiday')
  await page.getByLabel('Who can see it').selectOption('unlisted')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: 'Our holiday' }).waitFor()
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText(/Paused/).waitFor()
  const paused = await receives('holiday.mp4', 1)
  expect(paused).toMatchObject({ state: 'uploading', title: 'Our holiday' })
  await inspect(page, 'upload-paused')
  await page.getByRole('button', { name: 'Go on' }).click()
  await receives('holiday.mp4', paused.receivedBytes + 2 * MB)

  await page.reload()
  await page.getByText('Begun before').waitFor()
  await page.getByRole('link', { name: 'All your videos' }).click()
  await page.getByRole('link', { name: 'Go on with the upload' }).click()
  await page.getByText('Begun before').waitFor()
  // The page may have come to another process of the browser.
  await slowDown(page)
  await inspect(page, 'upload-begun-before')
  await input.setInputFiles(file)
  const reloaded = await receives('holiday.mp4', paused.receivedBytes + 4 * MB)
  await app.kill()
  expect((await bytesAt(reloaded)).length).toBeLessThan(SIZE)
  await app.restart()
  await page.getByText('Everything is here. The video is being processed.').waitFor()
  await inspect(page, 'upload-done')

  const ended = await stored('holiday.mp4')
  expect(ended).toMatchObject({ id: reloaded.id, state: 'processing', title: 'Our holiday' })
  // It began once at zero, and went on from where it was: twice for the page, and after the server was killed for the page or
  // for the browser, which repeats by itself what was under way on a connection that had been used before.
  expect(offsets.filter((offset) => offset === 0)).toHaveLength(1)
  expect(offsets.filter((offset) => offset > 0).length, offsets.join(' ')).toBeGreaterThanOrEqual(2)
  expect(ended && sha256(await bytesAt(ended))).toBe(sha256(bytes))
  await page.close()
})

test('files are dropped together, cancelled with a question, and looked after in a list', async () => {
  const page = await browser.page(`${app.url}/upload`)
  await page.getByText('Drop your videos here').waitFor()
  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer()
    for (const name of ['first.mp4', 'second.webm', 'notes.txt'])
      transfer.items.add(new File([new Uint8Array(300_000).fill(7)], name))
    return transfer
  })
  await page.getByTestId('drop-zone').dispatchEvent('drop', { dataTransfer: dropped })
  await page.getByText('notes.txt is no video, as far as its name tells.', { exact: true }).waitFor()
  await until('both to be done', async () => {
    const texts = await page.getByTestId('sending').allTextContents()
    return texts.length === 2 && texts.every((text) => text.includes('Everything is here'))
  })

  await page.getByRole('link', { name: 'All your videos' }).click()
  await page.getByRole('heading', { name: 'Your videos' }).waitFor()
  const rows = page.getByTestId('own-video')
  await until('all three rows', async () => (await rows.count()) === 3)
  expect(await rows.nth(2).textContent()).toContain('Our holiday')
  await inspect(page, 'manager')
  // What changes elsewhere is shown here without asking.
  const first = await stored('first.mp4')
  await using sql = openSql(app)
  await vera.api.request('patch /api/videos/{videoId}', {
    params: { videoId: first?.id ?? '' },
    body: { title: 'Renamed elsewhere' },
  })
  await page.getByText('Renamed elsewhere').waitFor()

  await page.getByRole('button', { name: 'Delete “Renamed elsewhere”' }).click()
  await page.getByText('“Renamed elsewhere” is deleted.', { exact: true }).waitFor()
  await until('the row to go', async () => (await rows.count()) === 2)
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await until('the row to be back', async () => (await rows.count()) === 3)
  await page.getByRole('link', { name: 'Edit “second”' }).click()
  await page.getByRole('tab', { name: 'Details' }).waitFor()
  await page.getByLabel('Title').fill('')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Give it a title.').waitFor()
  await inspect(page, 'video-details')
  expect(await sql`select 1 from videos where deleted_at is not null`).toHaveLength(0)
  await page.close()
})

test('without videos there is a way to the first, and without room the reason', async () => {
  await app.restart({ UPLOAD_QUOTA_BYTES: String(61 * MB) })
  const { page } = await slowPage()
  const file = join(dir, 'more.mp4')
  await writeFile(file, bytesOf(2 * MB))
  await page.getByText('Drop your videos here').waitFor()
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByText(/There is not enough room left/).waitFor()
  await inspect(page, 'upload-no-room')
  await page.getByRole('button', { name: 'Cancel upload' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel upload' }).click()
  await until('the card to go', async () => (await page.getByTestId('sending').count()) === 0)
  await using sql = openSql(app)
  await sql`delete from videos`
  await page.getByRole('button', { name: 'Create' }).click()
  await page.getByRole('menuitem', { name: 'Go live' }).waitFor()
  await page.keyboard.press('Escape')
  await page.goto(`${app.url}/studio/videos`)
  await page.getByText('No videos yet').waitFor()
  await inspect(page, 'manager-empty')
  await page.close()
})
