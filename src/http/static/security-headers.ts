import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { isLoopbackHost, isSecureSite, type OriginSettings } from '../../infra/access/origin.ts'
import type { HttpEnv } from '../visitor.ts'

type Deps = {
  config: OriginSettings & { SOCKET_URL?: string | undefined; MEDIA_CDN_URL?: string | undefined }
  socketPort: () => number | null
}

/** A year (OWASP ASVS 5.0, 3.4.1), without subdomains: those may be somebody else's. */
const HSTS = 'max-age=31536000'

/** Files of videos that are open to everybody: pages that unfold links show their posters. */
const OPEN_MEDIA = '/m/public/'

/** What browsers are told of every answer: the policy of an app that loads nothing from elsewhere but its sockets and videos. */
export function securityHeaders({ config, socketPort }: Deps): MiddlewareHandler<HttpEnv> {
  const cdn = config.MEDIA_CDN_URL === undefined ? [] : [new URL(config.MEDIA_CDN_URL).origin]
  const build = (strictTransportSecurity: string | false) =>
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // Radix and media players put style elements into the page; styles can't run anything.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:', ...cdn],
        mediaSrc: ["'self'", 'blob:', ...cdn],
        workerSrc: ["'self'", 'blob:'],
        connectSrc: [
          "'self'",
          ...cdn,
          (c) => socketSources(config.SOCKET_URL, c.req.header('host'), socketPort()).join(' '),
        ],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
      permissionsPolicy: {
        camera: ['self'],
        microphone: ['self'],
        displayCapture: ['self'],
        fullscreen: ['self'],
        pictureInPicture: ['self'],
        geolocation: [],
        payment: [],
        usb: [],
      },
      // Links of mails have tokens in their address, which no other site shall see.
      referrerPolicy: 'same-origin',
      xFrameOptions: 'DENY',
      strictTransportSecurity,
    })
  const plain = build(false)
  const strict = build(HSTS)
  const file = ofFiles(false)
  const strictFile = ofFiles(HSTS)
  const isSecure = isSecureSite(config)
  // Browsers keep HSTS per name, not per port: on this machine's name it would shut out every other program there.
  return async (c, next) => {
    const isStrict = isSecure && !isLoopbackHost(c.req.header('host'))
    if (OF_PEOPLE.test(c.req.path)) {
      const answer = await (isStrict ? strictFile : file)(c, next)
      if (c.req.path.startsWith(OPEN_MEDIA)) c.res.headers.set('cross-origin-resource-policy', 'cross-origin')
      return answer
    }
    const answer = await (isStrict ? strict : plain)(c, next)
    if (c.get('isFramable')) allowFrames(c.res.headers)
    return answer
  }
}

/** Files of people: pictures, and everything of videos. */
const OF_PEOPLE = /^\/(?:files|m)\//

/** Everything else of the policy stays: who may show the player may not make it load anything. */
function allowFrames(headers: Headers): void {
  const policy = headers.get('content-security-policy') ?? ''
  headers.set('content-security-policy', policy.replace("frame-ancestors 'none'", 'frame-ancestors *'))
  headers.delete('x-frame-options')
}

/** What people uploaded, opened by itself, is in a page that may do nothing, not even be of this site. */
const ofFiles = (strictTransportSecurity: string | false) =>
  secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], sandbox: [] },
    referrerPolicy: 'same-origin',
    xFrameOptions: 'DENY',
    strictTransportSecurity,
  })

/** Where a page of `host` may open sockets: at SOCKET_URL, else on its own host at the socket port or at its own port. */
export function socketSources(
  socketUrl: string | undefined,
  host: string | undefined,
  socketPort: number | null,
): string[] {
  if (socketUrl !== undefined) return bothSchemes(new URL(socketUrl).host)
  const url = `http://${host}`
  if (host === undefined || !URL.canParse(url)) return []
  // The canonical form of a parsed host has no character that could end the directive.
  const here = new URL(url)
  // 'self' does not mean ws: on the page's own port in every browser that people still use.
  return [
    ...bothSchemes(here.host),
    ...(socketPort === null ? [] : bothSchemes(`${here.hostname}:${socketPort}`)),
  ]
}

/** Polling is HTTP and goes before WebSocket where that is blocked. */
const bothSchemes = (host: string) => [`ws://${host}`, `wss://${host}`, `http://${host}`, `https://${host}`]
