import { parseOptions } from '@node-rs/argon2'
import { describe, expect, it } from 'vitest'
import { createPasswords, HASH_OF_NOTHING } from './accounts.passwords.ts'

describe('passwords', () => {
  const passwords = createPasswords()

  it('are hashed with salt, by the parameters that OWASP names, and recognised again', async () => {
    const [first, second] = [await passwords.hash('a long password'), await passwords.hash('a long password')]
    expect(first).not.toBe(second)
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await passwords.verify(first, 'a long password')).toBe(true)
    expect(await passwords.verify(first, 'a long passwore')).toBe(false)
  })

  it('of nobody cost as much to refuse as those of somebody', async () => {
    expect(await passwords.verify(undefined, 'a long password')).toBe(false)
    expect(parseOptions(HASH_OF_NOTHING)).toEqual(parseOptions(await passwords.hash('a long password')))
  })
})
