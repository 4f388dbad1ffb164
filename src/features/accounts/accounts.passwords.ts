import { hash, type Options, verify } from '@node-rs/argon2'

/** Hashing of passwords with argon2id, off the event loop. */
export type Passwords = {
  /** A salted hash in PHC form. */
  hash(password: string): Promise<string>
  /** Whether the password belongs to the hash; without a hash the same work is done and the answer is false. */
  verify(stored: string | undefined, password: string): Promise<boolean>
}

/** argon2id with 19 MiB, 2 passes, 1 lane: OWASP Password Storage Cheat Sheet. argon2id is the library's default. */
const PARAMETERS: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** A hash of random bytes that nobody knows, made with the parameters above, for addresses that have no account. */
export const HASH_OF_NOTHING =
  '$argon2id$v=19$m=19456,t=2,p=1$fuBIlFCNRLPfUhtv2qDJxw$RrBlRwe9HR2q4S74ZbpPE5clf6eJ6YfQSZ3oAa8sDuE'

export const createPasswords = (): Passwords => ({
  hash: (password) => hash(password, PARAMETERS),
  async verify(stored, password) {
    const matches = await verify(stored ?? HASH_OF_NOTHING, password)
    return stored !== undefined && matches
  },
})
