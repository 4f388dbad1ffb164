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

test('every problem is told at once, without the value, which may be a secret', () => {
  const problems = problemsOf({ PORT: 'x', SECRET_KEY: 'hunter2', LOG_LEVEL: 'loud' })
  expect(problems.map((line) => line.split(' ')[0]).sort()).toEqual(['LOG_LEVEL', 'PORT', 'SECRET_KEY'])
  expect(new ConfigError(problems).message).not.toContain('hunter2')
})
