import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import type { MiddlewareHandler } from 'hono'
import { compress } from 'hono/compress'
import { etag } from 'hono/etag'
import type { Logger } from '../../core/log.ts'
import type { ApiApp } from '../route.ts'
import type { HttpContext, HttpEnv } from '../visitor.ts'
import { type Unfurled, unfurlTags, videoIdIn, withTags } from './unfurl.ts'

/** Files there have a hash of their content in the name, so they never change. */
const IMMUTABLE = 'public, max-age=31536000, immutable'
/** Icons and the like keep their names; an hour late is soon enough. */
const SHORT = 'public, max-age=3600'
/** The page names the newest assets, so every visit asks whether it is the same still (ETag). */
const REVALIDATE = 'no-cache'

/** Addresses that belong to the program; everything else may be an address within the web app. */
const PROGRAM =
  /^\/(?:(?:api|assets|files|socket\.io)(?:\/|$)|(?:healthz|readyz|metrics|openapi\.json|asyncapi\.json)$)/

const isProgramPath = (path: string): boolean => PROGRAM.test(path)

/**
 * The built web app: its files, compressed beforehand where `.br` or `.gz` lies beside them, else on the way; and for
 * every other address that a browser opens, its page.
 */
type Deps = {
  webRoot: string
  videos: { open(videoId: string): Promise<Unfurled | undefined> }
  /** What addresses of this site begin with, for a request to this host. */
  siteOrigin: (host: string | undefined) => string
  log: Logger
}

export function servePages(app: ApiApp, { webRoot, ...deps }: Deps): void {
  if (!existsSync(join(webRoot, 'index.html'))) return
  const cached = (cacheControl: string) => (_path: string, c: HttpContext) => {
    c.header('Cache-Control', cacheControl)
  }
  const files = (cacheControl: string) =>
    serveStatic<HttpEnv>({ root: webRoot, precompressed: true, onFound: cached(cacheControl) })
  const page = serveStatic<HttpEnv>({
    root: webRoot,
    path: 'index.html',
    precompressed: true,
    onFound: cached(REVALIDATE),
  })
  const isPage = (c: HttpContext) => c.req.path === '/' || c.req.path === '/index.html'

  app.use('*', async (c, next) => {
    if (isProgramPath(c.req.path) && !c.req.path.startsWith('/assets/')) return next()
    c.set('route', 'pages')
    return pageEncodings(c, next)
  })
  app.get('/assets/*', files(IMMUTABLE))
  app.get('*', (c, next) => (isPage(c) || isProgramPath(c.req.path) ? next() : files(SHORT)(c, next)))
  app.get('*', ofVideos(join(webRoot, 'index.html'), deps))
  app.get('*', (c, next) => {
    return isPage(c) || (wantsPage(c) && !isProgramPath(c.req.path)) ? page(c, next) : next()
  })
}

const wantsPage = (c: HttpContext): boolean => c.req.header('accept')?.includes('text/html') === true

/** Crawlers that unfold links take anything, and say so. */
const takesPage = (c: HttpContext): boolean =>
  wantsPage(c) || c.req.header('accept')?.includes('*/*') === true

/**
 * The page of a video that is open to everybody tells of it in its head, and its player may stand in pages of others. Every other
 * one is the page as it is, so that nothing shows whether there is a video.
 */
function ofVideos(
  file: string,
  { videos, siteOrigin, log }: Omit<Deps, 'webRoot'>,
): MiddlewareHandler<HttpEnv> {
  const find = async (videoId: string): Promise<Unfurled | undefined> => {
    try {
      return await videos.open(videoId)
    } catch (error) {
      // The page comes without the database too, and says then what is wrong.
      log.warn({ error, videoId }, 'A page could not tell of its video')
      return undefined
    }
  }
  return async (c, next) => {
    const videoId = takesPage(c) ? videoIdIn(c.req.path) : undefined
    const video = videoId === undefined ? undefined : await find(videoId)
    if (!video) return await next()
    if (c.req.path.startsWith('/embed/')) c.set('isFramable', true)
    c.header('Cache-Control', REVALIDATE)
    return c.html(withTags(await readFile(file, 'utf8'), unfurlTags(siteOrigin(c.req.header('host')), video)))
  }
}

const tag = etag()
const squeeze = compress()
const pageEncodings = (c: HttpContext, next: () => Promise<void>) =>
  squeeze(c, async () => void (await tag(c, next)))
