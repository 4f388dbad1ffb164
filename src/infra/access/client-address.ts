import { BlockList, isIP, SocketAddress } from 'node:net'

export type ClientAddresses = {
  /**
   * The address of whoever sent a request: `peer` (the other end of the connection), or, where the peer is a trusted
   * proxy, the last address of `X-Forwarded-For` that is not one.
   */
  of(peer: string, forwardedFor: string | undefined): string
}

/** `trustedProxies` are addresses or CIDR ranges (TRUSTED_PROXIES); throws a sentence naming the one that is neither. */
export function createClientAddresses(trustedProxies: readonly string[]): ClientAddresses {
  const trusted = new BlockList()
  for (const proxy of trustedProxies) trust(trusted, proxy)
  const isTrusted = (address: string) => trusted.check(address, familyOf(address))

  return {
    of(peer, forwardedFor) {
      let address = canonicalAddress(peer) ?? peer
      if (forwardedFor === undefined || isIP(address) === 0) return address
      // From the right: each hop was written by the one after it, so the first untrusted hop is the last true one.
      for (const hop of forwardedFor.split(',').reverse()) {
        if (!isTrusted(address)) break
        const before = canonicalAddress(hop.trim())
        if (before === undefined) break
        address = before
      }
      return address
    },
  }
}

function trust(list: BlockList, proxy: string): void {
  const [text = '', bits] = proxy.split('/')
  const address = canonicalAddress(text)
  const prefix = Number(bits)
  if (
    address === undefined ||
    (bits !== undefined && !(Number.isInteger(prefix) && prefix >= 0 && prefix <= 128))
  )
    throw new Error(`TRUSTED_PROXIES has an entry that is neither an address nor a range: ${proxy}`)
  if (bits === undefined) list.addAddress(address, familyOf(address))
  else list.addSubnet(address, prefix, familyOf(address))
}

/** One spelling per address: compressed IPv6 in lower case, IPv4 also where it came mapped into IPv6. */
export function canonicalAddress(text: string): string | undefined {
  const family = isIP(text)
  if (family === 0) return undefined
  if (family === 4) return text
  const { address } = new SocketAddress({ address: text, family: 'ipv6' })
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address
}

export const isLoopbackAddress = (address: string): boolean =>
  address === '::1' || (isIP(address) === 4 && address.startsWith('127.'))

/** What limits are counted by: an IPv4 address, or the /64 that one IPv6 subscriber has at least (RFC 6177). */
export const addressKey = (address: string): string =>
  isIP(address) === 6 ? ipv6Network(address, 4) : address

/**
 * Roughly where an address is, for its owner to recognise: the /24 of IPv4, the /48 that one IPv6 site has at most
 * (RFC 6177). Undefined for what is no address.
 */
export function coarseNetwork(address: string): string | undefined {
  const family = isIP(address)
  if (family === 4) return `${address.split('.').slice(0, 3).join('.')}.0/24`
  return family === 6 ? ipv6Network(address, 3) : undefined
}

/** The first groups of an IPv6 address, 16 bits each, as a network. */
function ipv6Network(address: string, groups: number): string {
  const [head = '', tail] = address.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':') : []
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const all = [...before, ...(tail === undefined ? [] : zeros), ...after]
  return `${all.slice(0, groups).join(':')}::/${groups * 16}`
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')
