import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { unzip } from '../support/archive.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { inspect } from '../support/page-inspection.ts'
import { signInThrough } from '../support/page-probes.ts'
import type { Person } from '../support/person.ts'

let app: TestApp
let browser: TestBrowser
let una: Person

beforeAll(async () => {
  app = await startApp()
  una = await app.person('una')
  browser = await startBrowser()
})
afterAll(async () => {
  expect(browser.errors).toEqual([])
  await browser[Symbol.asyncDispose]()
  await app[Symbol.asyncDispose]()
})

test('an archive is asked for, watched and downloaded; then the account is deleted by keyboard, and kept', async () => {
  const page = await browser.page(`${app.url}/settings/data`)
  await page.getByLabel('Mail address').waitFor()
  await signInThrough(page, una)
  await page.getByText('You have no archive yet.').waitFor()
  await inspect(page, 'data-empty')
  await page.getByRole('button', { name: 'Make an archive' }).click()
  await page.getByText('Your archive is ready').waitFor()
  await page.mouse.move(0, 0)
  await inspect(page, 'data-ready')
  const coming = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Download' }).click()
  const download = await coming
  expect(download.suggestedFilename()).toBe('social-flow-una.zip')
  const files = await unzip(await readFile(await download.path()))
  expect(JSON.parse(String(files.get('account.json')))).toMatchObject([{ handle: 'una' }])

  await page.getByRole('button', { name: 'Delete account…' }).focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('Type una to go on').fill('somebody')
  await page.keyboard.press('Enter')
  await page.getByText('This is not your handle.').waitFor()
  await inspect(page, 'data-delete')
  await page.getByLabel('Type una to go on').fill('@una')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Your account will be deleted' }).waitFor()
  await inspect(page, 'data-leaving')
  await page.getByRole('button', { name: 'Keep my account' }).click()
  await page.getByRole('heading', { name: 'Delete your account' }).waitFor()
  await page.close()
})
