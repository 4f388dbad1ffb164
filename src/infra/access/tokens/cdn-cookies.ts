import { createPrivateKey, sign } from 'node:crypto'
import { serialize } from 'hono/utils/cookie'
import { type Clock, SECOND_MS } from '../../../core/time.ts'
import { grantEndMs } from './media-grants.ts'

/** CloudFront's signed cookies with a custom policy: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-setting-signed-cookie-custom-policy.html */
export type CdnCookies = {
  /**
   * Opens everything below a folder of the storage, such as `videos/{id}/{runId}/play/`. Answers its address at the CDN, until
   * when it works (milliseconds since the epoch), and whole `Set-Cookie` headers, which browsers send to that folder alone.
   */
  sign(folder: string): { baseUrl: string; expiresAt: number; cookies: string[] }
}

type Deps = {
  /** An origin. */
  cdnUrl: string
  keyPairId: string
  /** Of an RSA key. */
  privateKeyPem: string | Buffer
  /** Undefined where the CDN has the host of the site itself. */
  cookieDomain: string | undefined
  clock: Clock
  /** As of grants: what is signed works for so long at least, and for twice as long at most. In whole seconds. */
  lifeMs: number
}

/** CloudFront takes Base64 with what may stand in a cookie in place of what may not. */
const REPLACED: Readonly<Record<string, string>> = { '+': '-', '=': '_', '/': '~' }
const encode = (bytes: Buffer) => bytes.toString('base64').replace(/[+=/]/g, (char) => REPLACED[char] ?? '')

/** Throws where the key is not one of RSA. */
export function createCdnCookies(deps: Deps): CdnCookies {
  const { keyPairId, cookieDomain, clock, lifeMs } = deps
  const { origin } = new URL(deps.cdnUrl)
  const key = createPrivateKey(deps.privateKeyPem)
  if (key.asymmetricKeyType !== 'rsa') throw new Error(`it has one of type ${key.asymmetricKeyType}`)

  return {
    sign(folder) {
      const expiresAt = grantEndMs(clock.nowMs(), lifeMs)
      const baseUrl = `${origin}/${folder}`
      const policy = Buffer.from(
        JSON.stringify({
          Statement: [
            {
              Resource: `${baseUrl}*`,
              Condition: { DateLessThan: { 'AWS:EpochTime': expiresAt / SECOND_MS } },
            },
          ],
        }),
      )
      const options = {
        ...{ path: `/${folder}`, ...(cookieDomain !== undefined && { domain: cookieDomain }) },
        maxAge: Math.ceil((expiresAt - clock.nowMs()) / SECOND_MS),
        // None, as the player may be in a page elsewhere; partitioned, so that such a page has cookies of its own.
        ...({ httpOnly: true, secure: true, sameSite: 'None', partitioned: true } as const),
      }
      const values = {
        'CloudFront-Policy': encode(policy),
        // SHA-1 is what CloudFront verifies. Nobody else chooses what is signed, so collisions are of no use.
        'CloudFront-Signature': encode(sign('RSA-SHA1', policy, key)),
        'CloudFront-Key-Pair-Id': keyPairId,
      }
      const cookies = Object.entries(values).map(([name, value]) => serialize(name, value, options))
      return { baseUrl, expiresAt, cookies }
    },
  }
}
