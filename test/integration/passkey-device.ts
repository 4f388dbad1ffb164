import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'

type Options = { challenge: string; rp?: { id?: string }; rpId?: string; user?: { id: string } }
type Changes = {
  origin?: string
  rpId?: string
  challenge?: string
  counter?: number
  /** Without finger or PIN. */
  isUnattended?: boolean
  userHandle?: string
}

/** A device that makes and uses one passkey, as the WebAuthn standard has it (level 3, 6 and 8): real keys, real signatures. */
export function createDevice(origin: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const credentialId = randomBytes(32)
  const id = credentialId.toString('base64url')
  let userHandle = ''
  let counter = 0

  return {
    id,
    /** What `navigator.credentials.create` would give. */
    register(options: Options, changes: Changes = {}) {
      userHandle = options.user?.id ?? ''
      const rpId = changes.rpId ?? options.rp?.id ?? ''
      const attested = Buffer.concat([
        Buffer.alloc(16),
        uint16(credentialId.length),
        credentialId,
        cose(publicKey),
      ])
      const authData = Buffer.concat([head(rpId, 0x40 | flags(changes), counter), attested])
      const attestation = new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', Uint8Array.from(authData)],
      ])
      return {
        ...{ id, rawId: id, type: 'public-key' as const, clientExtensionResults: {} },
        response: {
          clientDataJSON: clientData('webauthn.create', options, origin, changes),
          attestationObject: Buffer.from(isoCBOR.encode(attestation as never)).toString('base64url'),
          transports: ['internal'],
        },
      }
    },
    /** What `navigator.credentials.get` would give. */
    use(options: Options, changes: Changes = {}) {
      counter = changes.counter ?? counter + 1
      const rpId = changes.rpId ?? options.rpId ?? ''
      const authData = head(rpId, flags(changes), counter)
      const clientDataJSON = clientData('webauthn.get', options, origin, changes)
      const signed = Buffer.concat([authData, sha256(Buffer.from(clientDataJSON, 'base64url'))])
      return {
        ...{ id, rawId: id, type: 'public-key' as const, clientExtensionResults: {} },
        response: {
          clientDataJSON,
          authenticatorData: authData.toString('base64url'),
          signature: createSign('sha256').update(signed).sign(privateKey).toString('base64url'),
          userHandle: changes.userHandle ?? userHandle,
        },
      }
    },
  }
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest()
const uint16 = (value: number) => Buffer.from([value >> 8, value & 255])
const flags = ({ isUnattended }: Changes) => (isUnattended ? 0x01 : 0x05)

function head(rpId: string, flagBits: number, counter: number): Buffer {
  const count = Buffer.alloc(4)
  count.writeUInt32BE(counter)
  return Buffer.concat([sha256(rpId), Buffer.from([flagBits]), count])
}

function clientData(type: string, options: Options, origin: string, changes: Changes): string {
  const challenge = changes.challenge ?? options.challenge
  const data = { type, challenge, origin: changes.origin ?? origin, crossOrigin: false }
  return Buffer.from(JSON.stringify(data)).toString('base64url')
}

/** COSE form of an ES256 key (RFC 9053, 7.1.1). */
function cose(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const map = new Map<number, unknown>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, Uint8Array.from(Buffer.from(x, 'base64url'))],
    [-3, Uint8Array.from(Buffer.from(y, 'base64url'))],
  ])
  return Buffer.from(isoCBOR.encode(map as never))
}
