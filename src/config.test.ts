import { isAbsolute } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    return (error as ConfigError).problems
  }
}

test('nothing needs to be set, and an empty variable is not set', () => {
  const config = readConfig({})
  expect(config).toMatchObject({ PORT: 3000, ROLES: ['gateway', 'http', 'media', 'jobs'], MEDIA_NODES: [] })
  expect(isAbsolute(config.DATA_DIR)).toBe(true)
  expect(readConfig({ PORT: '', SECRET_KEY: '', DATABASE_URL: '' })).toEqual(config)
})

test('lists, numbers and switches are read as what they mean', () => {
  const env = {
    ROLES: ' http , jobs,',
    PORT: '0',
    MEDIA_WORKER_BUILD: 'off',
    MEDIA_ICE_SERVERS: '[{"urls":["stun:a"]}]',
  }
  expect(readConfig(env)).toMatchObject({
    ROLES: ['http', 'jobs'],
    PORT: 0,
    MEDIA_WORKER_BUILD: false,
    MEDIA_ICE_SERVERS: [{ urls: ['stun:a'] }],
  })
})

test.each([
  ['PORT', '65536'],
  ['PORT', 'x'],
  ['ROLES', 'gateway,cook'],
  ['ROLES', ','],
  ['SECRET_KEY', 'short'],
  ['SOCKET_URL', 'nowhere'],
  ['MEDIA_ICE_SERVERS', '{'],
  ['MEDIA_ICE_SERVERS', '{"urls":[]}'],
  ['MEDIA_WORKER_BUILD', 'yes'],
  ['DATABASE_POOL', '1'],
  ['TLS_CERT_FILE', 'alone.pem'],
])('%s=%s is told as a problem of %s', (name, value) => {
  const problems = problemsOf({ [name]: value })
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(new RegExp(`^${name} `))
})

const CDN = {
  MEDIA_CDN_URL: 'https://media.example.com',
  MEDIA_CDN_KEY_PAIR_ID: 'K1',
  MEDIA_CDN_KEY_FILE: 'key.pem',
}

test.each([
  ['the same host', { PUBLIC_URL: 'https://media.example.com' }],
  [
    'two hosts of one domain',
    { PUBLIC_URL: 'https://flow.example.com', MEDIA_CDN_COOKIE_DOMAIN: 'example.com' },
  ],
  ['no address of the site', {}],
  ['this machine', { MEDIA_CDN_URL: 'http://127.0.0.1:8080' }],
])('a CDN may have %s', (_what, more) => {
  expect(problemsOf({ ...CDN, ...more })).toEqual([])
})

test.each([
  ['without its key', { MEDIA_CDN_KEY_FILE: '' }],
  ['without its address', { MEDIA_CDN_URL: '' }],
  ['without encryption', { MEDIA_CDN_URL: 'http://media.example.com' }],
  ['in a folder', { MEDIA_CDN_URL: 'https://media.example.com/x' }],
  ['whose cookies the site can not set', { PUBLIC_URL: 'https://flow.example.com' }],
  ['outside of the domain of its cookies', { MEDIA_CDN_COOKIE_DOMAIN: 'example.org' }],
  [
    'whose domain only ends like another',
    { MEDIA_CDN_URL: 'https://notexample.com', MEDIA_CDN_COOKIE_DOMAIN: 'example.com' },
  ],
])('a CDN %s is told as a problem', (_what, change) => {
  const problems = problemsOf({ ...CDN, ...change })
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(/^MEDIA_CDN_URL /)
})

test('every problem is told at once, without the value, which may be a secret', () => {
  const problems = problemsOf({ PORT: 'x', SECRET_KEY: 'hunter2', LOG_LEVEL: 'loud' })
  expect(problems.map((line) => line.split(' ')[0]).sort()).toEqual(['LOG_LEVEL', 'PORT', 'SECRET_KEY'])
  expect(new ConfigError(problems).message).not.toContain('hunter2')
})
