import type { NetworkInterfaceInfo } from 'node:os'
import { expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { announcement } from './announcement.ts'
import type { Running } from './start.ts'

const running = (more: Partial<Running> = {}): Running => ({
  httpPort: 3000,
  socketPort: 3001,
  engine: 'uws',
  isDatabaseEmbedded: true,
  hasInbox: true,
  adminPath: undefined,
  [Symbol.asyncDispose]: async () => {},
  ...more,
})
const interfaces = {
  lo: [{ family: 'IPv4', internal: true, address: '127.0.0.1' }],
  eth0: [
    { family: 'IPv6', internal: false, address: 'fe80::1' },
    { family: 'IPv4', internal: false, address: '192.168.1.9' },
  ],
  gone: undefined,
} as unknown as Record<string, NetworkInterfaceInfo[] | undefined>
const TLS = { TLS_CERT_FILE: 'cert.pem', TLS_KEY_FILE: 'key.pem' }

const told = (env: Record<string, string>, more?: Partial<Running>) =>
  announcement(readConfig(env), running(more), interfaces)

test('it says where the server is, what runs embedded, and how the first admin gets in', () => {
  const text = told({}, { adminPath: '/link?token=abc' })
  expect(text).toContain('Social Flow is at http://localhost:3000')
  expect(text).toContain('embedded PostgreSQL in ')
  expect(text).toContain('uWebSockets.js, port 3001')
  expect(text).toContain('http://localhost:3000/link?token=abc')
  expect(told({})).not.toContain('First admin')
})

test('addresses of this network are told only where browsers let pages there use cameras', () => {
  expect(told({})).not.toContain('192.168.1.9')
  const secure = told(TLS)
  expect(secure).toContain('https://192.168.1.9:3000')
  for (const hidden of ['127.0.0.1', 'fe80::1']) expect(secure).not.toContain(hidden)
  expect(told({ ...TLS, HOST: '10.0.0.1' })).not.toContain('192.168.1.9')
})

test('PUBLIC_URL goes before everything else, with one slash', () => {
  const text = told({ ...TLS, PUBLIC_URL: 'https://flow.example/' }, { adminPath: '/link?token=abc' })
  expect(text).toContain('Social Flow is at https://flow.example\n')
  expect(text).toContain('https://flow.example/link?token=abc')
  expect(text).not.toContain('192.168.1.9')
})

test('the address of a database, which may hold its password, is not printed', () => {
  const text = told({ DATABASE_URL: 'postgres://flow:hunter2@db/flow' }, { isDatabaseEmbedded: false })
  expect(text).toContain('DATABASE_URL')
  expect(text).not.toContain('hunter2')
})

test('a process without pages says what it does', () => {
  const text = told(
    { ROLES: 'media,jobs' },
    { httpPort: undefined, socketPort: undefined, engine: undefined },
  )
  expect(text.trim()).toBe('Social Flow runs media, jobs.')
})
