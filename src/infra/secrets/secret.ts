import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { StartError } from '../../core/running/start-error.ts'

const KEY_BYTES = 32
/** As for SECRET_KEY; a key that was cut short could be guessed. */
const KEY_MIN_CHARS = 32

/** SECRET_KEY, or a key made at the first start and kept in DATA_DIR for this user only. */
export async function secretKey(config: Pick<Config, 'SECRET_KEY' | 'DATA_DIR'>): Promise<string> {
  if (config.SECRET_KEY) return config.SECRET_KEY
  const file = join(config.DATA_DIR, 'secret.key')
  await mkdir(config.DATA_DIR, { recursive: true })
  const key = (await readFile(file, 'utf8').catch(() => makeKey(file))).trim()
  if (key.length >= KEY_MIN_CHARS) return key
  throw new StartError(
    `${file} holds no key: put the one from your backup there, or remove it for a new one.`,
  )
}

/** Linked into its place whole: of two processes that start at once one makes the key, and neither sees half of it. */
async function makeKey(file: string): Promise<string> {
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`
  await writeFile(unfinished, `${randomBytes(KEY_BYTES).toString('base64url')}\n`, {
    flag: 'wx',
    mode: 0o600,
  })
  await link(unfinished, file)
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    .finally(() => rm(unfinished))
  return readFile(file, 'utf8')
}
