import type { Config } from '../config.ts'

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
