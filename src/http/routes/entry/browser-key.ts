import { randomBytes } from 'node:crypto'
import { parse, serialize } from 'hono/utils/cookie'
import { HOUR_MS, SECOND_MS } from '../../../core/time.ts'
import type { RouteRequest } from '../../route.ts'

/** 256 bits: can't be guessed, and only its hash is stored with what it began. */
const KEY_BYTES = 32
const KEY_FORM = /^[\w-]{43}$/
/** Longer than anything that is begun may wait for its end. */
const LIFE_MS = HOUR_MS

type Request = Pick<RouteRequest, 'header' | 'setCookie'>

/**
 * The key that binds what takes two requests – a way to a provider and back, a held sign-in, a passkey's challenge – to
 * the browser that began it, so that nobody can have another browser end what theirs began.
 */
export type BrowserKeys = {
  /** The browser's key; a new one is set where it has none. */
  begin(request: Request): string
  /** The same for what may come to need no second request: the cookie is set once `keep` is called. */
  prepare(request: Request): { key: string; keep: () => void }
  /** The browser's key, or one that nothing was begun with. */
  find(request: Pick<Request, 'header'>): string
}

export function createBrowserKeys(isSecure: boolean): BrowserKeys {
  const name = isSecure ? '__Host-flow_browser' : 'flow_browser'
  const options = { path: '/', httpOnly: true, sameSite: 'Lax', secure: isSecure } as const
  const read = ({ header }: Pick<Request, 'header'>) => {
    const key = parse(header('cookie') ?? '', name)[name]
    return key !== undefined && KEY_FORM.test(key) ? key : undefined
  }
  const prepare: BrowserKeys['prepare'] = (request) => {
    const key = read(request) ?? randomBytes(KEY_BYTES).toString('base64url')
    const cookie = serialize(name, key, { ...options, maxAge: LIFE_MS / SECOND_MS })
    return { key, keep: () => request.setCookie(cookie) }
  }
  return {
    prepare,
    begin(request) {
      const { key, keep } = prepare(request)
      keep()
      return key
    },
    find: (request) => read(request) ?? '',
  }
}
