import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import { compress } from 'hono/compress'
import { etag } from 'hono/etag'
import type { ApiApp } from '../route.ts'
import type { HttpContext, HttpEnv } from '../visitor.ts'

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
export function servePages(app: ApiApp, webRoot: string): void {
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
  app.get('*', (c, next) => {
    const wantsPage = c.req.header('accept')?.includes('text/html') === true
    return isPage(c) || (wantsPage && !isProgramPath(c.req.path)) ? page(c, next) : next()
  })
}

const tag = etag()
const squeeze = compress()
const pageEncodings = (c: HttpContext, next: () => Promise<void>) =>
  squeeze(c, async () => void (await tag(c, next)))
