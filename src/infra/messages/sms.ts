import type { SmsSender } from '../../core/ports.ts'
import { SECOND_MS } from '../../core/time.ts'

/** A service that takes longer is tried again by the job. */
const TIMEOUT_MS = 10 * SECOND_MS

/** Hands each text as JSON to the address of an SMS service; user and password in the address become basic authentication. */
export function createSmsSender({ url }: { url: string }): SmsSender {
  const target = new URL(url)
  const headers = new Headers({ 'content-type': 'application/json' })
  if (target.username || target.password) {
    const pair = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`
    headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`)
  }
  target.username = ''
  target.password = ''
  return {
    async sendText({ to, text }) {
      const answer = await fetch(target, {
        method: 'POST',
        headers,
        body: JSON.stringify({ to, text }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      await answer.body?.cancel()
      // Without the address, which may have a password.
      if (!answer.ok) throw new Error(`The SMS service answered ${answer.status}.`)
    },
  }
}
