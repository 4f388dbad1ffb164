import { createHmac, hkdfSync } from 'node:crypto'
import { isbot } from 'isbot'
import { LRUCache } from 'lru-cache'
import type { Viewer } from '../../core/viewer.ts'
import { addressKey } from '../../infra/access/client-address.ts'

/** Who watches, from where and with what, as far as connection and headers tell. */
export type Watcher = {
  viewer: Viewer
  address: string
  userAgent: string
  /** ISO 3166-1 alpha-2; undefined where no proxy tells it. */
  country: string | undefined
}

/** Keeps these keys apart from others of the same secret. */
const PURPOSE = 'social-flow/viewers'
/** HMAC-SHA256 takes a key as long as its hash. */
const KEY_BYTES = 32

/** Browsers have some thousand names in use at a time; what asks about each is a pattern of three hundred alternatives. */
const NAMES_MAX = 2000

/** Tells who does not watch: crawlers that say so, what says nothing, and what comes with an API token. */
export function createProgramCheck(): (watcher: Watcher) => boolean {
  const names = new LRUCache<string, boolean>({ max: NAMES_MAX })
  const isCrawler = (userAgent: string): boolean => {
    const known = names.get(userAgent)
    if (known !== undefined) return known
    const found = userAgent === '' || isbot(userAgent)
    names.set(userAgent, found)
    return found
  }
  return ({ viewer, userAgent }) => viewer.token !== undefined || isCrawler(userAgent)
}

/**
 * Names viewers by UUIDs that are the same tomorrow and lead back to nobody: an account by itself, a visitor by their network
 * and browser, as everything else a visitor has can be had anew for every view.
 */
export function createViewerKeys(secretKey: string) {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', PURPOSE, KEY_BYTES))
  return ({ viewer, address, userAgent }: Watcher): string => {
    const name = viewer.account ? ['account', viewer.account.id] : ['visitor', addressKey(address), userAgent]
    const hex = createHmac('sha256', key).update(JSON.stringify(name)).digest('hex')
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
      '-',
    )
  }
}
