import { sleep } from '../../src/core/time.ts'

/** Longer than anything healthy takes on a machine that has a fifth of itself; the message says what never came. */
const LIMIT_MS = 150_000
const POLL_MS = 25

/** Waits until `look` answers something other than undefined or false, and answers that. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = LIMIT_MS,
): Promise<T> {
  const deadline = Date.now() + limitMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (Date.now() > deadline) throw new Error(`Waited ${limitMs} ms for ${what}.`)
    await sleep(POLL_MS)
  }
}
