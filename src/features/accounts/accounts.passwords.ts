import { availableParallelism } from 'node:os'
import { hash, type Options, verify } from '@node-rs/argon2'
import { createTurns } from '../../core/running/turns.ts'

/**
 * Hashing of passwords with argon2id, in threads beside the event loop and few at a time: a wave of sign-ins waits for its
 * turn, while sockets go on. `unavailable` where too many wait.
 */
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

/** One core stays for the event loop; two of the pool's four threads stay for files and names. */
const AT_ONCE = Math.min(2, Math.max(1, availableParallelism() - 1))
/** At 20 to 30 ms each, whoever is the last to wait does so for some five seconds; beyond it, people have given up. */
const WAITING_MAX = 200

export function createPasswords(): Passwords {
  const turns = createTurns({ atOnce: AT_ONCE, waitingMax: WAITING_MAX })
  return {
    hash: (password) => turns.take(() => hash(password, PARAMETERS)),
    async verify(stored, password) {
      const matches = await turns.take(() => verify(stored ?? HASH_OF_NOTHING, password))
      return stored !== undefined && matches
    },
  }
}
