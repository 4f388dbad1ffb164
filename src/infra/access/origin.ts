import type { Config } from '../../config.ts'

export type OriginSettings = Pick<Config, 'PUBLIC_URL' | 'ALLOWED_ORIGINS' | 'TLS_CERT_FILE'>

export type OriginQuestion = {
  /** The `Origin` header; absent and `null` (a sandboxed page) are never allowed. */
  origin: string | undefined
  /** The `Host` header of the same request, at whichever of our listeners it arrived. */
  host: string | undefined
  config: OriginSettings
  /** The port that pages of this server come from, which may differ from the listener's own. */
  httpPort: number
}

/**
 * Whether a page of `origin` may act here: a page of PUBLIC_URL or ALLOWED_ORIGINS, or one that this server itself sent.
 * The latter is a page whose address equals the `Host` of the request (also behind a proxy), or has the same host name
 * and our HTTP port (a socket arrives at another port than the page came from). Where we speak TLS ourselves, a page
 * that came without it is foreign: somebody on the way could have written it.
 */
export function isAllowedOrigin({ origin, host, config, httpPort }: OriginQuestion): boolean {
  const page = origin === undefined ? undefined : parseOrigin(origin)
  if (!page) return false
  if (configuredOrigins(config).includes(page.origin)) return true
  if (config.TLS_CERT_FILE !== undefined && page.protocol !== 'https:') return false
  // The page's scheme is taken for the host too, so that `example.com` and `example.com:443` are the same under https.
  const here = host === undefined ? undefined : parseOrigin(`${page.protocol}//${host}`)
  if (!here) return false
  return page.host === here.host || (page.hostname === here.hostname && portOf(page) === httpPort)
}

/** The origins named in the settings, in their canonical form, PUBLIC_URL first. */
export function configuredOrigins(config: Pick<OriginSettings, 'PUBLIC_URL' | 'ALLOWED_ORIGINS'>): string[] {
  const named =
    config.PUBLIC_URL === undefined ? config.ALLOWED_ORIGINS : [config.PUBLIC_URL, ...config.ALLOWED_ORIGINS]
  return named.flatMap((value) => parseOrigin(value)?.origin ?? [])
}

/** Whether people reach this server over HTTPS: cookies are then for HTTPS alone. */
export const isSecureSite = (config: Pick<OriginSettings, 'PUBLIC_URL' | 'TLS_CERT_FILE'>): boolean =>
  config.TLS_CERT_FILE !== undefined || config.PUBLIC_URL?.startsWith('https:') === true

/**
 * What links in mails begin with: PUBLIC_URL, else the origin that the request came from, if it is allowed. Anybody can
 * send any `Host` and have a mail sent to a stranger with links to there; so where mails really leave the server
 * (SMTP_URL), only configured origins count and this machine's own name is the last resort.
 */
export function linkOrigin({ origin, host, config, httpPort }: LinkQuestion): string {
  const configured = configuredOrigins(config)
  const scheme = config.TLS_CERT_FILE === undefined ? 'http' : 'https'
  const page = origin === undefined ? undefined : parseOrigin(origin)?.origin
  if (config.PUBLIC_URL !== undefined && configured[0]) return configured[0]
  if (page && configured.includes(page)) return page
  if (config.SMTP_URL !== undefined) return configured[0] ?? `${scheme}://localhost:${httpPort}`
  if (page && isAllowedOrigin({ origin, host, config, httpPort })) return page
  return (host && parseOrigin(`${scheme}://${host}`)?.origin) || `${scheme}://localhost:${httpPort}`
}

type LinkQuestion = OriginQuestion & { config: OriginSettings & Pick<Config, 'SMTP_URL'> }

/** Whether a `Host` header names this machine itself; a page elsewhere can't make a browser send such a host here. */
export function isLoopbackHost(host: string | undefined): boolean {
  const hostname = host === undefined ? undefined : parseOrigin(`http://${host}`)?.hostname
  if (hostname === undefined) return false
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

function parseOrigin(value: string): URL | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url : undefined
}

const portOf = (url: URL) => Number(url.port || (url.protocol === 'https:' ? 443 : 80))
