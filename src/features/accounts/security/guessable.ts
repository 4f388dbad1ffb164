import { dictionary } from '@zxcvbn-ts/language-common'
import { AppError } from '../../../core/errors.ts'

/** Whose password it shall be, as far as others know it: these words are the first that are tried. */
export type KnownOfOwner = {
  handle?: string | undefined
  email?: string | null | undefined
  phone?: string | null | undefined
}

export type PasswordRule = {
  /** Throws `invalid_input` with `{ issues }` at `password` for one that is among the first guesses. */
  requireUnguessable(password: string, owner: KnownOfOwner): void
}

/** As people write the name of the product. */
const PLACE_WORDS = ['socialflow', 'social-flow', 'social_flow', 'social flow']
/** Two letters are in nearly every password by chance. */
const WORD_MIN_CHARS = 3
/** The 94 characters of a keyboard taken eight times are 2^52 guesses; less than this beside a known word adds too little. */
const REST_MIN_CHARS = 8
/** `aaaaaaaaaa`, `abababab`, `123123123`: what is repeated is as short as any guess. */
const UNIT_MAX_CHARS = 3
/** Digits and signs around a word: `Dragon2024!`. */
const EDGES = /^[^\p{L}]+|[^\p{L}]+$/gu

const MESSAGE =
  'This password is easily guessed: it is common, or made of your own names. Use several words that have nothing to do with you.'

/**
 * Refuses passwords that guessing begins with (OWASP ASVS 5.0, 6.2.4 and 6.2.11; NIST SP 800-63B-4, 3.1.1.2), whatever their
 * case: those of a list of 49,000 that leaked most often, and words of the place. Of the list 1,557 have the ten characters
 * that are asked for here; the shorter ones are made long in the ways that everybody tries, so a listed word that
 * is repeated or has digits and signs around it counts as that word.
 */
export function createPasswordRule(): PasswordRule {
  const listed: ReadonlySet<string> = new Set(dictionary['passwords-common'])
  const isGuessable = (password: string, owner: KnownOfOwner): boolean => {
    const folded = password.normalize('NFKC').toLowerCase()
    const unit = repeatedUnit(folded)
    if (listed.has(folded) || unit.length <= UNIT_MAX_CHARS || listed.has(unit)) return true
    const rest = wordsOf(owner).reduce((left, word) => left.replaceAll(word, ''), folded)
    if (rest.length < REST_MIN_CHARS) return true
    const core = rest.replace(EDGES, '')
    return listed.has(rest) || (listed.has(core) && rest.length - core.length < REST_MIN_CHARS)
  }
  return {
    requireUnguessable(password, owner) {
      if (!isGuessable(password, owner)) return
      throw new AppError('invalid_input', MESSAGE, { issues: [{ path: 'password', message: MESSAGE }] })
    },
  }
}

/** The longest first, so that a word within another one leaves no half of it behind. */
function wordsOf({ handle = '', email, phone }: KnownOfOwner): string[] {
  const local = email?.split('@')[0] ?? ''
  const given = [handle, local, ...handle.split('_'), ...local.split(/[.+_-]/), phone?.replace('+', '') ?? '']
  return [...PLACE_WORDS, ...given.map((word) => word.toLowerCase())]
    .filter((word) => word.length >= WORD_MIN_CHARS)
    .sort((a, b) => b.length - a.length)
}

/** The shortest text that, repeated, is the whole one. */
const repeatedUnit = (text: string): string => text.slice(0, `${text}${text}`.indexOf(text, 1))
