import { generate } from 'otplib'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { inspect } from '../support/page-inspection.ts'
import { signInThrough } from '../support/page-probes.ts'
import type { Person } from '../support/person.ts'
import { appoint } from '../support/staff.ts'

let app: TestApp
let staff: TestBrowser
let other: TestBrowser
let chief: Person
let bob: Person

beforeAll(async () => {
  app = await startApp()
  ;[chief, bob] = await Promise.all([app.person('chief'), app.person('bob')])
  await appoint(app, chief, 'admin')
  ;[staff, other] = await Promise.all([startBrowser(), startBrowser()])
})
afterAll(async () => {
  expect([...staff.errors, ...other.errors]).toEqual([])
  for (const browser of [staff, other]) await browser[Symbol.asyncDispose]()
  await app[Symbol.asyncDispose]()
})

/** Opens a page that asks to sign in first. */
async function open(browser: TestBrowser, path: string, person: Person): Promise<Page> {
  const page = await browser.page(`${app.url}${path}`)
  await page.getByLabel('Mail address').waitFor()
  await signInThrough(page, person)
  return page
}

describe('API tokens', () => {
  test('are made by keyboard, shown once, and revoked after a question', async () => {
    const page = await open(other, '/settings/tokens', bob)
    await page.getByText('No tokens yet').waitFor()
    await inspect(page, 'tokens-empty')
    await page.getByRole('button', { name: 'New token' }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Name').focus()
    await page.keyboard.press('Enter')
    await page.getByText('Give it a name.').waitFor()
    await page.keyboard.type('Chat bot')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await inspect(page, 'tokens-form')
    await page.keyboard.press('Enter')
    const token = await page.getByTestId('made-token').inputValue()
    expect(token).toMatch(/^sf_pat_/)
    await inspect(page, 'tokens-made')
    await page.keyboard.press('Escape')
    await page.getByText(`ends with ${token.slice(-4)}`).waitFor()
    await page.getByText('Read what you can see · Write in chats').waitFor()
    await inspect(page, 'tokens')
    expect(await page.content()).not.toContain(token)
    await page.getByRole('button', { name: 'Revoke Chat bot' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('No tokens yet').waitFor()
    await page.close()
  })
})

describe('upgrades', () => {
  test('a creator is one at once, who wants to advertise waits', async () => {
    const page = await other.page(`${app.url}/settings/upgrades`)
    await page.getByRole('button', { name: 'Become a creator' }).click()
    await page.getByText('Granted', { exact: true }).waitFor()
    await page.getByLabel('What do you want to advertise?').fill('Umbrellas for rainy days')
    await page.getByRole('button', { name: 'Ask for it' }).click()
    await page.getByText('Waits for an administrator', { exact: true }).waitFor()
    await inspect(page, 'upgrades')
    await page.close()
  })
})

describe('administration', () => {
  test('does not exist for members', async () => {
    const page = await other.page(`${app.url}/admin`)
    await page.getByText('This page does not exist').waitFor()
    await page.getByRole('button', { name: /Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Settings' }).waitFor()
    expect(await page.getByRole('menuitem', { name: 'Administration' }).count()).toBe(0)
    await page.close()
  })

  test('finds people, suspends one with a reason, who sees why at once, and lifts it again', async () => {
    const theirs = await other.page(`${app.url}/settings/upgrades`)
    await theirs.getByText('Granted', { exact: true }).waitFor()
    const page = await open(staff, '/admin', chief)
    await page.getByLabel('Find people').fill('nobody is called so')
    await page.getByText('Nobody is called that').waitFor()
    await inspect(page, 'admin-people-empty')
    await page.getByLabel('Find people').fill('bo')
    await inspect(page, 'admin-people')
    await page.getByRole('link', { name: /@bob/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Suspend or ban…' }).click()
    await page.getByLabel('For how long').selectOption('week')
    await page.getByRole('button', { name: 'Suspend', exact: true }).click()
    await page.getByText('Say why, in a few words.').waitFor()
    await inspect(page, 'admin-suspend')
    await page.getByLabel('Reason').fill('Unwanted advertising in chats')
    await page.keyboard.press('Enter')
    await page.getByText(/^Suspended until/).waitFor()
    await page.getByText('State: Nothing stands against it → Suspended').waitFor()
    await inspect(page, 'admin-person')
    const notice = theirs.getByRole('alert').filter({ hasText: 'You can read, but not take part' })
    await notice.getByText('Unwanted advertising in chats').waitFor()
    await inspect(theirs, 'suspended')
    await page.getByRole('button', { name: 'Lift…' }).click()
    await page.getByLabel('Reason').fill('Promised to stop')
    await page.getByRole('button', { name: 'Lift', exact: true }).click()
    await page.getByText('Nothing stands against this account.').waitFor()
    await notice.waitFor({ state: 'detached' })
    await theirs.close()
    await page.close()
  })

  test('gives roles and decides requests, and the log has all of it', async () => {
    const page = await staff.page(`${app.url}/admin/requests`)
    await page.getByText('Umbrellas for rainy days').waitFor()
    await inspect(page, 'admin-requests')
    await page.getByRole('button', { name: 'Grant…' }).click()
    await page.getByLabel('Reason').fill('A shop that exists')
    await page.getByRole('button', { name: 'Grant', exact: true }).click()
    await page.getByText('Nothing waits for you').waitFor()
    await page.goto(`${app.url}/admin/people/${bob.account.id}`)
    await page.getByRole('button', { name: 'Change role…' }).click()
    await page.getByRole('combobox', { name: 'Role' }).selectOption('moderator')
    await page.getByLabel('Reason').fill('Helps in the evenings')
    await page.getByRole('button', { name: 'Change role', exact: true }).click()
    await page.getByText('Moderator – Suspends members.').waitFor()
    await page.getByRole('link', { name: 'Audit log', exact: true }).click()
    await page.getByText('Role: Member → Moderator').waitFor()
    await inspect(page, 'admin-audit')
    await page.getByLabel('Action').selectOption('account.lift')
    await page.getByText('Promised to stop').waitFor()
    await page.getByText('Role: Member → Moderator').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await page.getByText('Role: Member → Moderator').waitFor()
    await page.getByLabel('Done by').fill('@Bob')
    await page.keyboard.press('Enter')
    // Of the people in the log that one did something is their own token; nobody was governed by them.
    await page.getByRole('listitem').filter({ hasText: 'API token made' }).first().waitFor()
    await page.getByText('Name: Chat bot').first().waitFor()
    await page.getByText('Role: Member → Moderator').waitFor({ state: 'detached' })
    expect(new URL(page.url()).searchParams.get('actor')).toBe('bob')
    await page.getByLabel('Done to').fill('nobody')
    await page.keyboard.press('Tab')
    await page.getByText('Nothing was done that fits').waitFor()
    await inspect(page, 'admin-audit-filtered')
    await page.reload()
    expect(await page.getByLabel('Done by').inputValue()).toBe('bob')
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await page.getByText('Role: Member → Moderator').waitFor()
    await page.goto(`${app.url}/admin/people/${bob.account.id}`)
    await page.getByRole('link', { name: 'What they did, in the audit log' }).click()
    await page.getByText('Name: Chat bot').first().waitFor()
    await inspect(page, 'admin-audit-person')
    await page.close()
  })
})

describe('an admin without a second factor', () => {
  test('is led from the link of the console to setting one up, and then administers', async () => {
    await using fresh = await startApp({ STAFF_SECOND_FACTOR: 'on' })
    const link = fresh.output().match(/\/link\?token=[\w-]+/)?.[0]
    const page = await other.page(`${fresh.url}${link}`)
    // By keyboard alone, as everything.
    await page.getByRole('heading', { name: 'Set up two-step verification first' }).waitFor()
    await page.getByLabel('Mail address').fill('operator@example.com')
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
    await page.keyboard.press('Enter')
    await page.getByText('Mail address and password are set.').first().waitFor()
    await inspect(page, 'settings-staff-needs')
    await page.goto(`${fresh.url}/admin`)
    await page.getByText('Set up two-step verification first').waitFor()
    expect(await page.getByLabel('Find people').count()).toBe(0)
    await inspect(page, 'admin-staff-needs')
    await page.getByRole('link', { name: 'Set up two-step verification' }).press('Enter')
    await page.getByRole('button', { name: 'Set up an app' }).press('Enter')
    const secret = ((await page.getByTestId('totp-secret').textContent()) ?? '').replaceAll(' ', '')
    await page.keyboard.type(await generate({ secret }))
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'I have kept them' }).press('Enter')
    await page.goto(`${fresh.url}/admin`)
    await page.getByLabel('Find people').waitFor()
    await page.context().clearCookies()
    await page.close()
  })
})
