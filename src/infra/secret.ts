import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'

const KEY_BYTES = 32

/** SECRET_KEY, or a key made at the first start and kept in DATA_DIR for this user only. */
export async function secretKey(config: Pick<Config, 'SECRET_KEY' | 'DATA_DIR'>): Promise<string> {
  if (config.SECRET_KEY) return config.SECRET_KEY
  const file = join(config.DATA_DIR, 'secret.key')
  await mkdir(config.DATA_DIR, { recursive: true })
  const made = randomBytes(KEY_BYTES).toString('base64url')
  // `wx`: of two processes that start at once, one makes the key and the other reads it.
  await writeFile(file, `${made}\n`, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  return (await readFile(file, 'utf8')).trim()
}
