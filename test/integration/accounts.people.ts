import { randomBytes, randomInt } from 'node:crypto'
import { expect } from 'vitest'
import { sleep } from '../../src/core/time.ts'
import type { InboxMail, InboxText } from '../../src/features/inbox/inbox.service.ts'
import type { HttpApp } from './accounts.harness.ts'

export const PASSWORD = 'correct horse battery'
/** What links in mails begin with, where a test asks the service itself. */
export const ORIGIN = 'http://localhost:3000'

/** Somebody who is not registered yet. */
export function person() {
  const handle = `p${randomBytes(6).toString('hex')}`
  return { handle, displayName: `Person ${handle}`, email: `${handle}@example.com`, password: PASSWORD }
}

/** Somebody who is registered and has the verification mail. */
export async function registered(app: HttpApp) {
  const who = person()
  await app.accounts.register(who, ORIGIN)
  const mail = await nextMail(app, who.email)
  return { ...who, mail, token: tokenIn(mail) }
}

/** Somebody who is verified and signed in. */
export async function verified(app: HttpApp) {
  const who = await registered(app)
  const { account, secret } = await app.accounts.verify(who.token)
  return { ...who, account, secret, cookie: { cookie: `flow_session=${secret}` } }
}

/** Waits for a mail to an address beyond those already `seen`; the test's own timeout ends the wait. */
export async function nextMail(
  app: HttpApp,
  to: string,
  seen: readonly InboxMail[] = [],
): Promise<InboxMail> {
  for (;;) {
    const { mails } = await app.inbox.list()
    const found = mails.find((mail) => mail.to === to && !seen.some(({ id }) => id === mail.id))
    if (found) return found
    await sleep(20)
  }
}

/** Waits for a text to a number beyond those already `seen`. */
export async function nextText(
  app: HttpApp,
  to: string,
  seen: readonly InboxText[] = [],
): Promise<InboxText> {
  for (;;) {
    const { texts } = await app.inbox.list()
    const found = texts.find((text) => text.to === to && !seen.some(({ id }) => id === text.id))
    if (found) return found
    await sleep(20)
  }
}

/** A number that nobody has. */
export const phoneNumber = (): string => `+4915${randomInt(1e8, 1e9)}`
export const codeIn = ({ text }: InboxText): string => text.match(/^\d{6}/)?.[0] ?? ''
/** Another code than this one. */
export const otherCode = (code: string): string => (code === '000000' ? '111111' : '000000')

export const tokenIn = (mail: InboxMail): string => mail.text.match(/token=([\w-]+)/)?.[1] ?? ''

/** What a promise was refused with. */
export const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('It was not refused.'),
    (error: { code: string; message: string; details?: Record<string, unknown> }) => error,
  )
