import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { secretKey } from '../../src/infra/secrets/secret.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'social-flow-secret-'))
})
afterEach(() => rm(dir, { recursive: true }))

const secretIn = (DATA_DIR: string) => secretKey({ SECRET_KEY: undefined, DATA_DIR })

test('processes that start at once get one key, which is kept for their user alone', async () => {
  const keys = await Promise.all(Array.from({ length: 40 }, () => secretIn(join(dir, 'data'))))
  expect(new Set(keys).size).toBe(1)
  expect(keys[0]?.length).toBeGreaterThanOrEqual(32)
  expect(await secretIn(join(dir, 'data'))).toBe(keys[0])
  expect(await readdir(join(dir, 'data'))).toEqual(['secret.key'])
  expect((await stat(join(dir, 'data', 'secret.key'))).mode & 0o777).toBe(0o600)
})

test('a key file that was cut short is refused rather than signed with', async () => {
  await writeFile(join(dir, 'secret.key'), '')
  await expect(secretIn(dir)).rejects.toThrow('holds no key')
})

test('SECRET_KEY goes before the file', async () => {
  const SECRET_KEY = 'a secret for tests, as long as it must be'
  expect(await secretKey({ SECRET_KEY, DATA_DIR: dir })).toBe(SECRET_KEY)
  expect(await readdir(dir)).toEqual([])
})
