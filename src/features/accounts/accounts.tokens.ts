import { createHash, randomBytes } from 'node:crypto'

/** 256 bits: can't be guessed, so that neither salt nor slow hash is needed to store it. */
const TOKEN_BYTES = 32

/** A single-use token for a mail or a link, and the hash under which it is stored. */
export function makeToken(): { token: string; hash: string } {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  return { token, hash: hashToken(token) }
}

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')
