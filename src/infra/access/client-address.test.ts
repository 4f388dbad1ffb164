import { describe, expect, it } from 'vitest'
import {
  addressKey,
  canonicalAddress,
  coarseNetwork,
  createClientAddresses,
  isLoopbackAddress,
} from './client-address.ts'

describe('client addresses', () => {
  it('are the peer where no proxy is trusted, whatever it claims', () => {
    const addresses = createClientAddresses([])
    expect(addresses.of('203.0.113.9', '127.0.0.1')).toBe('203.0.113.9')
    expect(addresses.of('::ffff:127.0.0.1', undefined)).toBe('127.0.0.1')
  })

  it('are what a trusted proxy saw, not what was sent to it', () => {
    const addresses = createClientAddresses(['10.0.0.1', '192.168.0.0/16', 'fd00::/8'])
    expect(addresses.of('10.0.0.1', '1.1.1.1, 203.0.113.9')).toBe('203.0.113.9')
    expect(addresses.of('10.0.0.1', '1.1.1.1, 203.0.113.9, 192.168.3.4')).toBe('203.0.113.9')
    expect(addresses.of('fd12::1', '203.0.113.9')).toBe('203.0.113.9')
    expect(addresses.of('10.0.0.2', '203.0.113.9')).toBe('10.0.0.2')
    expect(addresses.of('10.0.0.1', '203.0.113.9, nonsense')).toBe('10.0.0.1')
    expect(addresses.of('10.0.0.1', undefined)).toBe('10.0.0.1')
  })

  it('refuse a setting that is no address', () => {
    expect(() => createClientAddresses(['proxy.local'])).toThrow('proxy.local')
    expect(() => createClientAddresses(['10.0.0.0/x'])).toThrow('10.0.0.0/x')
  })
})

describe('one address', () => {
  it('has one spelling', () => {
    expect(canonicalAddress('2001:DB8:0:0:0:0:0:1')).toBe('2001:db8::1')
    expect(canonicalAddress('0000:0000:0000:0000:0000:ffff:7f00:0001')).toBe('127.0.0.1')
    expect(canonicalAddress('localhost')).toBeUndefined()
  })

  it('is of this machine or not', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1'].every(isLoopbackAddress)).toBe(true)
    expect(['10.0.0.1', '::2', '127.evil.example'].some(isLoopbackAddress)).toBe(false)
  })

  it('counts as its /64 where it is IPv6', () => {
    expect(addressKey('203.0.113.9')).toBe('203.0.113.9')
    expect(addressKey('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
    expect(addressKey('2001:db8::1')).toBe('2001:db8:0:0::/64')
    expect(addressKey('::1')).toBe('0:0:0:0::/64')
  })

  it('is shown as the network around it, never whole', () => {
    expect(coarseNetwork('203.0.113.9')).toBe('203.0.113.0/24')
    expect(coarseNetwork('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1::/48')
    expect(coarseNetwork('unknown')).toBeUndefined()
  })
})
