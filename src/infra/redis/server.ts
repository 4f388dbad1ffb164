import { StartError } from '../../core/running/start-error.ts'

/** Sharded pub/sub came with it, and INFO within scripts. */
const MIN_MAJOR_VERSION = 7

/** What one address of REDIS_URL stands for, by the names of ioredis. */
type AddressOptions = {
  host: string
  port: number
  username?: string
  password?: string
  db?: number
  tls?: { servername: string }
}

/** Takes an address (redis:// or rediss://) apart. */
export function optionsOf(address: string): AddressOptions {
  const { protocol, hostname, port, username, password, pathname } = new URL(address)
  const db = Number(pathname.slice(1))
  return {
    // An IPv6 address stands in brackets in a URL and nowhere else.
    host: hostname.replace(/^\[|\]$/g, ''),
    // What IANA gave to Redis.
    port: port === '' ? 6379 : Number(port),
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
    ...(db > 0 && { db }),
    ...(protocol === 'rediss:' && { tls: { servername: hostname } }),
  }
}

/** The addresses as they may be shown: without names and passwords. */
export const shownAddress = (addresses: readonly string[]): string =>
  addresses.map((address) => new URL(address).host).join(', ')

/** What `INFO server` tells; throws a StartError for a version that lacks what is used here. */
export function judgeServer(info: string): { isCluster: boolean } {
  const version = /redis_version:(\S+)/.exec(info)?.[1] ?? 'of an unknown version'
  if (!(Number.parseInt(version, 10) >= MIN_MAJOR_VERSION))
    throw new StartError(
      `REDIS_URL: the server is Redis ${version}; ${MIN_MAJOR_VERSION} or newer is needed.`,
    )
  return { isCluster: info.includes('redis_mode:cluster') }
}
