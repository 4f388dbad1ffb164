import { expect, test } from 'vitest'
import { networkOf } from './audit.network.ts'

test.each([
  ['203.0.113.77', '203.0.113.0/24'],
  ['127.0.0.1', '127.0.0.0/24'],
  ['2001:db8:7:1::5', '2001:db8:7::/48'],
  ['2001:db8::5', '2001:db8:0::/48'],
  ['::1', '0:0:0::/48'],
  ['no address', ''],
])('%s is of %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
