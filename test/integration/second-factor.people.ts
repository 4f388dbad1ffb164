import { generate } from 'otplib'
import type { HttpApp } from './accounts.harness.ts'
import { PASSWORD, verified } from './accounts.people.ts'
import { type Answer, cookieOf, elsewhere, ownOrigin, post } from './http.requests.ts'
import { createDevice } from './passkey-device.ts'

/** A code of an authenticator app, as the test's clock has it; `steps` half minutes later. */
export const codeOf = (app: HttpApp, secret: string, steps = 0): Promise<string> =>
  generate({ secret, epoch: Math.floor(app.clock.nowMs() / 1000) + steps * 30 })

/** Somebody with two-step verification on, whose app has shown its first code. */
export async function withTotp(app: HttpApp) {
  const who = await verified(app)
  const { id } = who.account
  const { token, secret } = await app.secondFactor.begin(id)
  const backupCodes = await app.secondFactor.turnOn(id, { token, code: await codeOf(app, secret) })
  return { ...who, totpSecret: secret, backupCodes }
}

/** A browser of its own: it keeps its cookies, and its address is nobody else's. */
export function browser(app: HttpApp) {
  const cookies = new Map<string, string>()
  const from = elsewhere()
  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return {
    cookies,
    async post(path: string, body: unknown, page: Record<string, string> = ownOrigin(app)): Promise<Answer> {
      const headers = { ...from, ...page, ...(cookies.size > 0 && { cookie: cookie() }) }
      const answer = await post(app, path, body, headers)
      for (const pair of cookieOf(answer).split('; ').filter(Boolean)) {
        const [name = '', value = ''] = pair.split(/=(.*)/)
        if (value) cookies.set(name, value)
        else cookies.delete(name)
      }
      return answer
    },
  }
}
export type Browser = ReturnType<typeof browser>

/** The ticket of a sign-in with the right password that is held. */
export async function held(at: Pick<Browser, 'post'>, email: string): Promise<string> {
  const answer = await at.post('/api/auth/sign-in', { email, password: PASSWORD })
  return String(answer.json().details?.ticket)
}

/** The place that a ceremony at the test's own origin has. */
export const placeAt = (app: HttpApp, key = 'a browser') => ({
  site: { origin: originOf(app), id: 'localhost' },
  arrival: { browser: key },
})

/** Browsers make passkeys for names, never for addresses. */
export const originOf = (app: HttpApp) => `http://localhost:${app.port}`

/** A passkey of this account on a device of its own. */
export async function withPasskey(app: HttpApp, userId: string) {
  const device = createDevice(originOf(app))
  const place = placeAt(app)
  const options = await app.passkeys.registrationOptions(userId, place)
  const response = device.register(options)
  const passkey = await app.passkeys.register(userId, { name: 'Key', response }, place)
  return { device, passkey }
}
