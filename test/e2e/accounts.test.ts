import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApi } from '../../client/http.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { inspect } from '../support/page-inspection.ts'
import { signInThrough } from '../support/page-probes.ts'
import { PASSWORD, type Person } from '../support/person.ts'
import { openSql } from '../support/sql.ts'
import { until } from '../support/until.ts'

let app: TestApp
let browser: TestBrowser
let ada: Person
const NEW_PASSWORD = 'a longer password'

beforeAll(async () => {
  app = await startApp()
  ada = await app.person('ada')
  browser = await startBrowser()
})
afterAll(async () => {
  expect(browser.errors).toEqual([])
  await browser[Symbol.asyncDispose]()
  await app[Symbol.asyncDispose]()
})

/** What the newest message to somebody has where the pattern points. */
const inMessage = (to: string, pattern: RegExp) =>
  until(`a message to ${to}`, async () => {
    const { mails, texts } = await createApi({ baseUrl: app.url }).request('get /api/dev/inbox')
    const found = [...mails, ...texts].filter((message) => message.to === to)
    return found.map(({ text }) => text.match(pattern)?.[1]).find(Boolean)
  })

const open = async (path: string, ready: (page: Page) => Promise<unknown>) => {
  const page = await browser.page(`${app.url}${path}`)
  await ready(page)
  return page
}
const leave = async (page: Page) => {
  await page.context().clearCookies()
  await page.close()
}
const signedIn = (page: Page) => page.getByRole('button', { name: /ada/i }).first().waitFor()

describe('a forgotten password', () => {
  test('is set anew by keyboard alone, from the sign-in page to being signed in', async () => {
    const page = await open('/sign-in', (it) => it.getByLabel('Mail address').waitFor())
    await inspect(page, 'sign-in-again')
    await page.getByRole('link', { name: 'Forgot your password?' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Set a new password' }).waitFor()
    await inspect(page, 'forgot')
    await page.getByLabel('Mail address').focus()
    await page.keyboard.type('nonsense')
    await page.keyboard.press('Enter')
    await page.getByText('Enter your mail address, or your phone number').waitFor()
    await page.getByLabel('Mail address').fill(ada.email)
    await page.keyboard.press('Enter')
    await page.getByText('A link is on its way').waitFor()
    await inspect(page, 'forgot-sent')
    const token = await inMessage(ada.email, /reset\?token=([\w-]+)/)
    await page.goto(`${app.url}/reset?token=${token}`)
    await page.getByLabel('New password', { exact: true }).waitFor()
    await inspect(page, 'reset')
    await page.getByLabel('New password', { exact: true }).focus()
    await page.keyboard.type('short')
    await page.keyboard.press('Enter')
    await page.getByText('Use at least 10 characters.').waitFor()
    await page.getByLabel('New password', { exact: true }).fill('Password1234')
    await page.keyboard.press('Enter')
    await page.getByText('This password is easily guessed').waitFor()
    await inspect(page, 'reset-guessable')
    await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD)
    await page.keyboard.press('Enter')
    await signedIn(page)
    await page.context().clearCookies()
    await page.goto(`${app.url}/reset?token=${token}`)
    await page.getByLabel('New password', { exact: true }).fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByText('This link does not work any more').waitFor()
    await leave(page)
  })
})

describe('the settings', () => {
  /** Somebody of their own for each test, signed in through the page. */
  async function enter(handle: string, path: string) {
    const person = await app.person(handle)
    const page = await open(`/sign-in?next=${path}`, (it) => it.getByLabel('Mail address').waitFor())
    await signInThrough(page, person)
    return { person, page }
  }

  test('list devices and sign others out, which their pages show', async () => {
    const { person, page } = await enter('devi', '/settings/sessions')
    await page.getByText('This device').waitFor()
    await inspect(page, 'settings-sessions')
    await page.getByRole('button', { name: 'Sign out all others' }).click()
    await page.getByText('1 device was signed out.').first().waitFor()
    expect(await person.api.request('get /api/me')).toMatchObject({ account: null })
    expect(await page.getByRole('button', { name: 'Sign out all others' }).count()).toBe(0)
    await leave(page)
  })

  test('change the password, and tell where the present one is wrong', async () => {
    const { page } = await enter('pia', '/settings/security')
    await page.getByLabel('Present password').fill('not this one')
    await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByText('This is not your present password.').waitFor()
    await inspect(page, 'settings-security')
    await page.getByLabel('Present password').fill(PASSWORD)
    await page.getByLabel('New password', { exact: true }).fill('SocialFlow2026')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('This password is easily guessed').waitFor()
    await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD)
    await page.getByLabel('Present password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('The password was changed').first().waitFor()
    await leave(page)
  })

  test('leave nothing behind in the browser when somebody signs out, and work again at once', async () => {
    const { person, page } = await enter('otto', '/settings')
    await page.evaluate(() => localStorage.setItem('of-otto', 'a secret draft'))
    await page.getByRole('button', { name: 'Sign out', exact: true }).last().click()
    await page.getByText('signed out', { exact: false }).first().waitFor()
    await until('the storage to be empty', () =>
      page.evaluate(() => localStorage.getItem('of-otto') === null),
    )
    await page.goto(`${app.url}/sign-in?next=/settings`)
    await signInThrough(page, person)
    await page.getByRole('button', { name: 'Change mail address' }).waitFor()
    await leave(page)
  })

  test('ask who is there before a change of address, and go on by themselves', async () => {
    const { person, page } = await enter('zoe', '/settings')
    await page.getByRole('button', { name: 'Change mail address' }).waitFor()
    await using sql = openSql(app)
    await sql`update login_sessions set confirmed_at = now() - interval '1 hour'`
    await page.getByRole('button', { name: 'Change mail address' }).click()
    await page.getByLabel('Change mail address').fill('zoe@new.example')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Is it you?' })
    await dialog.getByLabel('Password', { exact: true }).waitFor()
    await inspect(page, 'step-up')
    await page.keyboard.type('not this one')
    await page.keyboard.press('Enter')
    await dialog.getByText('This is not your present password.').waitFor()
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByText('Open the link that was sent to zoe@new.example').waitFor()
    await inspect(page, 'settings-pending')
    const token = await inMessage('zoe@new.example', /confirm-email\?token=([\w-]+)/)
    await page.goto(`${app.url}/confirm-email?token=${token}`)
    await page.getByText('Your new mail address holds from now on.').waitFor()
    const undo = await inMessage(person.email, /undo-email\?token=([\w-]+)/)
    await page.goto(`${app.url}/undo-email?token=${undo}`)
    await page.getByRole('button', { name: 'Take it back' }).waitFor()
    await inspect(page, 'undo-email')
    await page.getByRole('button', { name: 'Take it back' }).click()
    await page.getByText('Your mail address is back').waitFor()
    await page
      .getByRole('link', { name: 'Sign in' })
      .or(page.getByText('Everybody is signed out'))
      .first()
      .waitFor()
    await leave(page)
  })

  test('add a phone number by the code of a text, which the inbox shows', async () => {
    const { page } = await enter('tel', '/settings')
    await page.getByRole('button', { name: 'Add a phone number' }).click()
    await page.getByLabel('Add a phone number').fill('+49 30 1234567')
    await page.keyboard.press('Enter')
    await page.getByLabel('Code').waitFor()
    const code = await inMessage('+49301234567', /^(\d{6})/)
    await page.getByLabel('Code').fill(code ?? '')
    await page.keyboard.press('Enter')
    await page.getByText('The phone number is confirmed.').first().waitFor()
    await page.getByText('+49301234567', { exact: true }).waitFor()
    await page.goto(`${app.url}/inbox`)
    await page.getByRole('heading', { name: 'Texts' }).waitFor()
    await inspect(page, 'inbox-texts')
    await leave(page)
  })
})

describe('a new account with a phone number', () => {
  test('is made and signed in by the code', async () => {
    const page = await open('/sign-up', (it) => it.getByLabel('Mail address').waitFor())
    await page.getByRole('button', { name: 'Use a phone number instead' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Pho Ne')
    await page.getByLabel('Phone number').fill('0049 30 7654321')
    await page.getByLabel('Password', { exact: true }).fill('49307654321')
    await page.keyboard.press('Enter')
    await page.getByText('This password is easily guessed').waitFor()
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Enter the code' }).waitFor()
    await inspect(page, 'check-phone')
    await page.getByLabel('Code').fill((await inMessage('+49307654321', /^(\d{6})/)) ?? '')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /pho/i }).first().waitFor()
    await leave(page)
  })
})
