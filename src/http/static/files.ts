import { AppError } from '../../core/errors.ts'
import type { ObjectStorage } from '../../core/ports.ts'
import type { ApiApp } from '../route.ts'

/** Another picture has another name, so that this one may be kept for ever. */
const IMMUTABLE = 'public, max-age=31536000, immutable'
const PICTURE = /^(?<id>[0-9a-f-]{36})-(?<file>\d{2,4}\.(?:webp|jpg))$/

/** Pictures of people: `/files/avatars/{id}-{size}.webp`. Whoever knows the name of one may see it. */
export function serveFiles(app: ApiApp, storage: Pick<ObjectStorage, 'read' | 'head'>): void {
  app.get('/files/:folder{avatars|covers}/:name', async (c) => {
    c.set('route', '/files/{folder}/{name}')
    const { id, file } = PICTURE.exec(c.req.param('name'))?.groups ?? {}
    if (!id || !file) throw new AppError('not_found')
    const key = `${c.req.param('folder')}/${id}/${file}`
    const headers = (etag: string) => ({ 'cache-control': IMMUTABLE, etag })
    const known = c.req.header('if-none-match')
    if (known !== undefined) {
      const { etag } = await storage.head(key)
      if (known === etag) return c.body(null, 304, headers(etag))
    }
    if (c.req.method === 'HEAD') {
      const { etag, contentType, sizeBytes } = await storage.head(key)
      const of = { 'content-type': contentType, 'content-length': String(sizeBytes) }
      return c.body(null, 200, { ...headers(etag), ...of })
    }
    const { body, etag, contentType, sizeBytes } = await storage.read(key)
    const of = { 'content-type': contentType, 'content-length': String(sizeBytes) }
    return c.body(toWebStream(body), 200, { ...headers(etag), ...of })
  })
}

/** Takes no more of the body than the reader asked for, and gives it back where the reader goes away. */
export function toWebStream(body: AsyncIterable<Uint8Array> & AsyncDisposable): ReadableStream<Uint8Array> {
  const parts = body[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await parts.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: () => body[Symbol.asyncDispose](),
    },
    // The body has a buffer of its own.
    { highWaterMark: 0 },
  )
}
