import {
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type { passkeys } from '../../../drizzle/schema/second-factor.ts'
import { AppError } from '../../core/errors.ts'

/** Who passkeys are made for: the page's origin, and its host name, which is the relying party's id. */
export type Site = { origin: string; id: string }
export type PasskeyRow = typeof passkeys.$inferSelect

/** The challenge that a response answers, as the browser says; what it is worth, the stored one decides. */
export function challengeOf({ response }: { response: { clientDataJSON: string } }): string {
  try {
    const data: unknown = JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString('utf8'))
    const { challenge } = data as { challenge?: unknown }
    if (typeof challenge === 'string') return challenge
  } catch {
    // Not even JSON: refused as any other.
  }
  throw refused()
}

/** What is stored of a new credential; throws `unauthenticated` for one that is not right. */
export async function verifyNew(response: RegistrationResponseJSON, challenge: string, site: Site) {
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.id,
    requireUserVerification: true,
  }).catch(refuse)
  if (!verified) throw refused()
  const { credential, credentialBackedUp: isSynced } = registrationInfo
  const { id: credentialId, counter, transports = [] } = credential
  const publicKey = Buffer.from(credential.publicKey).toString('base64url')
  return { credentialId, publicKey, counter, transports, isSynced }
}

export type Assertion = {
  response: AuthenticationResponseJSON
  challenge: string
  site: Site
  passkey: PasskeyRow
  /** The device must have asked for finger or PIN. */
  needsPerson: boolean
}

/** The passkey's new counter; throws `unauthenticated` for a response that it did not sign, or not here. */
export async function verifyAssertion({ response, challenge, site, passkey, needsPerson }: Assertion) {
  const { userHandle } = response.response
  const owner = Buffer.from(passkey.userId.replaceAll('-', ''), 'hex').toString('base64url')
  if (userHandle && userHandle !== owner) throw refused()
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.id,
    credential: {
      id: passkey.credentialId,
      publicKey: Uint8Array.from(Buffer.from(passkey.publicKey, 'base64url')),
      // The counter is compared where it is stored, so that two uses at once are seen too.
      counter: 0,
    },
    requireUserVerification: needsPerson,
  }).catch(refuse)
  if (!verified) throw refused()
  return { counter: authenticationInfo.newCounter, isSynced: authenticationInfo.credentialBackedUp }
}

const refused = (cause?: unknown) =>
  new AppError('unauthenticated', 'This passkey was refused.', undefined, { cause })

/** The library throws an Error for whatever does not fit, and nothing else. */
function refuse(cause: unknown): never {
  throw refused(cause)
}
