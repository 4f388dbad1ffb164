import { isIP } from 'node:net'

/**
 * The network of an address: an IPv4 /24 or an IPv6 /48, which is a place and not yet a person. `address` is in the one
 * spelling that `canonicalAddress` gives; what is no address has no network.
 */
export function networkOf(address: string): string {
  const family = isIP(address)
  if (family === 0) return ''
  if (family === 4) return `${address.split('.').slice(0, 3).join('.')}.0/24`
  const [head = ''] = address.split('::')
  const given = head === '' ? [] : head.split(':')
  const groups = [...given, '0', '0', '0'].slice(0, 3)
  return `${groups.join(':')}::/48`
}
