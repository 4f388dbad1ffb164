import { dictionary } from '@zxcvbn-ts/language-common'
import { describe, expect, it, test } from 'vitest'
import { createPasswordRule } from './guessable.ts'

const rule = createPasswordRule()
const owner = { handle: 'alice_b', email: 'a.liddell@example.com', phone: '+4930123456789' }
const isRefused = (password: string) => {
  try {
    rule.requireUnguessable(password, owner)
    return false
  } catch (error) {
    expect(error).toMatchObject({
      code: 'invalid_input',
      details: { issues: [{ path: 'password', message: expect.stringContaining('several words') }] },
    })
    return true
  }
}

describe('a password', () => {
  it('is refused where it is one of the listed ones that are long enough, in any case', () => {
    const long = dictionary['passwords-common'].filter(({ length }) => length >= 10)
    expect(long.length).toBeGreaterThan(1500)
    expect(long.filter((password) => !isRefused(password) || !isRefused(password.toUpperCase()))).toEqual([])
  })

  it('is refused where it is one of the 3000 most common ones, made long enough', () => {
    const letters = dictionary['passwords-common'].filter((word) => /^[a-z]{3,9}$/.test(word)).slice(0, 3000)
    expect(letters).toHaveLength(3000)
    const made = letters.flatMap((word) => [
      `${word}${'1234567'.slice(0, Math.max(1, 10 - word.length))}`,
      `!${word.toUpperCase()}2024`,
      word.repeat(4),
    ])
    expect(made.filter((password) => !isRefused(password))).toEqual([])
  })

  test.each([
    'SocialFlow1',
    'social flow 2026',
    'Social-Flow!',
    'alice_b_alice_b',
    'ALICE_B2024',
    'alicealice99',
    'a.liddell99',
    'Liddell12345',
    '4930123456789',
    'alice_b-password1',
    'aaaaaaaaaaaa',
    'ababababababab',
    'ａａａａａａａａａａ',
  ])('%s is refused as made of little, or of words of the place', (password) => {
    expect(isRefused(password)).toBe(true)
  })

  test.each([
    'correct horse battery',
    'a long password',
    'alice has a dog that sings',
    'k7#Vq9-wT2m',
    '7392 0184 5561',
    'пароль для моей лодки',
    '🦊🌲🪵🔥🌙⛺🎒🧭🥾🗺️',
    'dragon keeps 14 bees',
  ])('%s is taken', (password) => {
    expect(isRefused(password)).toBe(false)
  })
})
