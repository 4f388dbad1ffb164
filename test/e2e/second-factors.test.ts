import { generate } from 'otplib'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { startBrowser, type TestBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { CLIENT, startOidcProvider } from '../support/oidc.ts'
import { inspect } from '../support/page-inspection.ts'
import { PASSWORD } from '../support/person.ts'

let app: TestApp
let browser: TestBrowser
let provider: Awaited<ReturnType<typeof startOidcProvider>>
/** Browsers make passkeys for names, never for addresses. */
let site: string

beforeAll(async () => {
  const port = await freePort()
  site = `http://localhost:${port}`
  provider = await startOidcProvider()
  provider.open([`${site}/oauth/oidc`])
  app = await startApp({
    PORT: String(port),
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: CLIENT.id,
    OIDC_CLIENT_SECRET: CLIENT.secret,
    OIDC_NAME: 'Example ID',
  })
  browser = await startBrowser()
})
afterAll(async () => {
  expect(browser.errors).toEqual([])
  await browser[Symbol.asyncDispose]()
  await app[Symbol.asyncDispose]()
  await provider[Symbol.asyncDispose]()
})

/** A device in the browser that holds passkeys and always finds its owner's finger on it. */
async function withAuthenticator(page: Page) {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
  }
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { ...options, isUserVerified: true, automaticPresenceSimulation: true } as never,
  })
  return async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials
}

async function signInAs(page: Page, email: string) {
  await page.goto(`${site}/sign-in?next=/settings/security`)
  await page.getByLabel('Mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.locator('form').getByRole('button', { name: 'Sign in' }).click()
}

const signedIn = (page: Page) => page.getByText('How you sign in, and what keeps others out.').waitFor()
/** The session's cookie goes with the browser. */
const isBrief = async (page: Page) => {
  const cookies = await page.context().cookies(site)
  return cookies.find(({ name }) => name === 'flow_session')?.expires === -1
}
const signOut = (page: Page) => page.context().clearCookies()
/** Codes may not repeat: each one is of a later half minute than the last. */
let step = 0
const codeOf = (secret: string, later = step) =>
  generate({ secret, epoch: Math.floor(Date.now() / 1000) + later * 30 })

describe('second factors', () => {
  test('an app is set up, asked for at the next sign-in, and replaced by a backup code, by keyboard alone', async () => {
    const { email } = await app.person('totpia')
    const page = await browser.page(`${site}/sign-in`)
    await page.getByRole('button', { name: 'Continue with Example ID' }).waitFor()
    await inspect(page, 'sign-in-ways')
    await signInAs(page, email)
    await signedIn(page)
    await inspect(page, 'settings-security')
    await page.goto(`${site}/settings/two-step`)
    await page.getByRole('button', { name: 'Set up an app' }).focus()
    await page.keyboard.press('Enter')
    const secret = ((await page.getByTestId('totp-secret').textContent()) ?? '').replaceAll(' ', '')
    const picture = page.getByAltText('QR code for your authenticator app')
    expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100)
    await inspect(page, 'two-step-setup')
    // The cursor stands in the field already.
    await page.keyboard.type(await codeOf(secret))
    await page.keyboard.press('Enter')
    await page.getByTestId('backup-codes').waitFor()
    const codes = await page.getByTestId('backup-codes').getByRole('listitem').allTextContents()
    expect(codes).toHaveLength(10)
    await inspect(page, 'backup-codes')
    const kept = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download' }).press('Enter')
    const file = await (await kept).createReadStream()
    expect(await file.toArray().then((parts) => Buffer.concat(parts).toString())).toContain(codes[9])
    await page.getByRole('button', { name: 'I have kept them' }).press('Enter')
    await page.getByText('10 backup codes are left.').waitFor()
    await inspect(page, 'two-step-on')

    await signOut(page)
    await signInAs(page, email)
    await page.getByText('One more step').waitFor()
    await inspect(page, 'second-step')
    await page.keyboard.type('000000')
    await page.keyboard.press('Enter')
    await page.getByText('This code is not right').waitFor()
    await page.getByLabel('Code of your app').fill('')
    step++
    await page.keyboard.type(await codeOf(secret))
    await page.keyboard.press('Enter')
    await signedIn(page)

    await signOut(page)
    await signInAs(page, email)
    await page.getByRole('button', { name: 'Use a backup code' }).press('Enter')
    await page.keyboard.type((codes[0] ?? '').toUpperCase())
    await page.keyboard.press('Enter')
    await signedIn(page)
    await page.goto(`${site}/settings/two-step`)
    await page.getByText('9 backup codes are left.').waitFor()
    await page.getByRole('button', { name: 'Turn off' }).press('Enter')
    await page.getByRole('alertdialog').getByRole('button', { name: 'Turn off' }).press('Enter')
    await page.getByRole('button', { name: 'Set up an app' }).waitFor()
    await signOut(page)
    await page.close()
  })

  test('a passkey is added, renamed, signs in alone, and is removed', async () => {
    const { email } = await app.person('keyla')
    const page = await browser.page(`${site}/sign-in`)
    const credentials = await withAuthenticator(page)
    await signInAs(page, email)
    await signedIn(page)
    await page.goto(`${site}/settings/passkeys`)
    await page.getByLabel('Name').fill('Laptop')
    await page.getByRole('button', { name: 'Add a passkey' }).press('Enter')
    await page.getByRole('button', { name: 'Remove Laptop' }).waitFor()
    expect(await credentials()).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }])
    // The same device is not registered twice.
    await page.getByRole('button', { name: 'Add a passkey' }).press('Enter')
    await page.getByText('This device has a passkey for your account already.').waitFor()
    await page.getByRole('button', { name: 'Rename Laptop' }).press('Enter')
    await page.locator('li').getByLabel('Name').fill('Blue laptop')
    await page.keyboard.press('Enter')
    await page.getByText('Blue laptop').waitFor()
    await inspect(page, 'passkeys')

    expect(await isBrief(page)).toBe(false)
    await signOut(page)
    // This device would answer at once what is offered in the field, before the box is looked at.
    await page.addInitScript(() => {
      PublicKeyCredential.isConditionalMediationAvailable = async () => false
    })
    await page.goto(`${site}/sign-in?next=/settings/security`)
    await page.getByLabel('Keep me signed in').uncheck()
    await page.getByRole('button', { name: 'Sign in with a passkey' }).press('Enter')
    await signedIn(page)
    expect(await isBrief(page)).toBe(true)
    await page.goto(`${site}/settings/passkeys`)
    await page.getByRole('button', { name: 'Remove Blue laptop' }).press('Enter')
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).press('Enter')
    await page.getByText('You have no passkey yet.').waitFor()
    await signOut(page)
    await page.close()
  })
})

test('somebody comes from a provider, chooses a handle, and is known the next time', async () => {
  provider.enter('subject-e2e', { name: 'Grace Hopper', preferred_username: 'grace_h' })
  const page = await browser.page(`${site}/sign-in?next=/settings/security`)
  await page.getByRole('button', { name: 'Continue with Example ID' }).press('Enter')
  await page.getByText('Choose your handle').waitFor()
  expect(await page.getByLabel('Handle').inputValue()).toBe('grace_h')
  await inspect(page, 'choose-handle')
  await page.getByRole('button', { name: 'Create account' }).press('Enter')
  await signedIn(page)
  expect(new URL(page.url()).pathname).toBe('/settings/security')
  await page.goto(`${site}/settings/connected`)
  await page.getByText('grace_h').last().waitFor()
  await inspect(page, 'connected')
  // The last way in stays.
  await page.getByRole('button', { name: 'Disconnect Example ID' }).press('Enter')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Disconnect' }).press('Enter')
  await page.getByText('This is the last way into the account').waitFor()

  expect(await isBrief(page)).toBe(false)
  await page.context().clearCookies({ name: 'flow_session' })
  await page.goto(`${site}/sign-in?next=/settings/security`)
  await page.getByLabel('Keep me signed in').uncheck()
  await page.getByRole('button', { name: 'Continue with Example ID' }).press('Enter')
  await signedIn(page)
  expect(await isBrief(page)).toBe(true)
  await page.goto(`${site}/oauth/oidc?error=access_denied`)
  await page.getByText('This did not work').waitFor()
  await page.close()
})
