import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

/**
 * Envelope encryption of small secrets at rest: each is encrypted with a data key of its own (AES-256-GCM), and the data
 * key is wrapped by a key that is not in the database: one derived from SECRET_KEY, or one that never leaves a KMS.
 */
export type Sealing = {
  /** `purpose` names where the secret belongs (`totp:<account>`): moved to another row it does not open. */
  seal(secret: string, purpose: string): Promise<string>
  /** Throws where the text was changed, belongs elsewhere, or its key is gone. */
  open(sealed: string, purpose: string): Promise<string>
  /** False once the wrapping key was replaced: seal it anew when it is next in hand. */
  isCurrent(sealed: string): boolean
}

/** What wraps data keys. `keyId` is written into every sealed secret, so that former keys still find theirs. */
export type KeyWrapper = {
  keyId: string
  wrap(dataKey: Buffer): Promise<Buffer>
  /** Throws for a `keyId` that it does not have. */
  unwrap(wrapped: Buffer, keyId: string): Promise<Buffer>
}

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
/** The length that GCM is made for (NIST SP 800-38D, 8.2). */
const IV_BYTES = 12
const TAG_BYTES = 16
const FORM = 'v1'

export function createSealing(keys: KeyWrapper): Sealing {
  return {
    async seal(secret, purpose) {
      const dataKey = randomBytes(KEY_BYTES)
      const wrapped = await keys.wrap(dataKey)
      const box = encrypt(dataKey, Buffer.from(secret, 'utf8'), purpose)
      return [FORM, keys.keyId, wrapped.toString('base64url'), box.toString('base64url')].join('.')
    },
    async open(sealed, purpose) {
      const [form, keyId, wrapped, box] = sealed.split('.')
      if (form !== FORM || !keyId || !wrapped || !box) throw new Error('This is no sealed secret.')
      const dataKey = await keys.unwrap(Buffer.from(wrapped, 'base64url'), keyId)
      return decrypt(dataKey, Buffer.from(box, 'base64url'), purpose).toString('utf8')
    },
    isCurrent: (sealed) => sealed.split('.')[1] === keys.keyId,
  }
}

/** Wraps with a key derived from SECRET_KEY (HKDF, RFC 5869); opens what former secret keys wrapped too. */
export function createLocalKeys(secretKey: string, formerKeys: readonly string[] = []): KeyWrapper {
  const current = deriveKey(secretKey)
  const all = new Map([...formerKeys.map(deriveKey), current].map((derived) => [derived.id, derived.key]))
  return {
    keyId: current.id,
    wrap: async (dataKey) => encrypt(current.key, dataKey, current.id),
    async unwrap(wrapped, keyId) {
      const key = all.get(keyId)
      if (!key)
        throw new Error(`The key ${keyId} that wrapped this secret is neither SECRET_KEY nor a former one.`)
      return decrypt(key, wrapped, keyId)
    },
  }
}

/** Enough to tell a handful of keys apart; it says nothing about the key. */
const KEY_ID_CHARS = 12

function deriveKey(secretKey: string): { id: string; key: Buffer } {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'social-flow/sealing', KEY_BYTES))
  const id = createHash('sha256').update('id').update(key).digest('hex').slice(0, KEY_ID_CHARS)
  return { id, key }
}

/** IV, tag and ciphertext in one. */
function encrypt(key: Buffer, plain: Buffer, bound: string): Buffer {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(bound))
  const text = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), text])
}

function decrypt(key: Buffer, box: Buffer, bound: string): Buffer {
  const decipher = createDecipheriv(CIPHER, key, box.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(bound)).setAuthTag(box.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  return Buffer.concat([decipher.update(box.subarray(IV_BYTES + TAG_BYTES)), decipher.final()])
}
