import type { NetworkInterfaceInfo } from 'node:os'
import { expect, test } from 'vitest'
import { listenInfos } from './listen.ts'

const ipv4 = (address: string): NetworkInterfaceInfo => ({
  address,
  family: 'IPv4',
  netmask: '255.0.0.0',
  mac: '00:00:00:00:00:00',
  internal: address.startsWith('127.'),
  cidr: null,
})
const machine = { lo: [ipv4('127.0.0.1')], eth0: [ipv4('192.0.2.7')] }

test('without settings every IPv4 address is bound by name, over UDP and TCP, and nothing else is announced', () => {
  expect(listenInfos({}, machine, 40_000)).toEqual([
    { protocol: 'udp', ip: '127.0.0.1', port: 40_000 },
    { protocol: 'tcp', ip: '127.0.0.1', port: 40_000 },
    { protocol: 'udp', ip: '192.0.2.7', port: 40_000 },
    { protocol: 'tcp', ip: '192.0.2.7', port: 40_000 },
  ])
})

test('an announced address alone binds everything and announces that address', () => {
  const infos = listenInfos({ MEDIA_ANNOUNCED_ADDRESS: 'live.example.org' }, machine, 0)
  expect(infos[0]).toEqual({ protocol: 'udp', ip: '0.0.0.0', port: 0, announcedAddress: 'live.example.org' })
  expect(infos).toHaveLength(2)
})

test('a listen address is the only one bound', () => {
  const infos = listenInfos({ MEDIA_LISTEN_IP: '10.1.2.3' }, machine, 5)
  expect(new Set(infos.map((info) => info.ip))).toEqual(new Set(['10.1.2.3']))
})
