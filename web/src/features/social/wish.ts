import { readStored, writeStored } from '../../data/stored.ts'

const KEPT = 'wish'

/** Time to sign up and to open the link in the mail; what was wished for longer ago would surprise. */
const FRESH_MS = 30 * 60_000

/** What somebody asked for before they were asked to sign in. */
export type Wish = `${'follow' | 'like'}:${string}`

/** Remembers a wish in this browser. An address that carries it would let any link act for those who open it. */
export const keepWish = (wish: Wish, nowMs: number): void => writeStored(KEPT, `${nowMs} ${wish}`)

/** Whether this was wished for lately. Whatever was wished is forgotten with the answer yes, or once it is old. */
export function takeWish(wish: Wish, nowMs: number): boolean {
  const [atMs, kept] = readStored(KEPT)?.split(' ') ?? []
  if (kept === undefined) return false
  const isFresh = nowMs - Number(atMs) < FRESH_MS
  const isIt = kept === wish
  if (!isFresh || isIt) forgetWish()
  return isFresh && isIt
}

export const forgetWish = (): void => writeStored(KEPT, undefined)
