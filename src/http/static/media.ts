import parseRange from 'range-parser'
import { AppError } from '../../core/errors.ts'
import type { ObjectStorage, ReadObject } from '../../core/ports.ts'
import { SECOND_MS } from '../../core/time.ts'
import type { PlaybackService } from '../../features/playback/playback.service.ts'
import type { ApiApp } from '../route.ts'
import type { HttpContext } from '../visitor.ts'
import { toWebStream } from './files.ts'

type Deps = {
  playback: Pick<PlaybackService, 'open'>
  storage: Pick<ObjectStorage, 'read' | 'head'>
  nowMs: () => number
}

/** Segments and pictures never change: what replaces them lies in another folder. */
const YEAR_S = 31_536_000
/** Playlists and captions change while more of a video becomes ready and when its owner edits it. */
const CHANGING_S = 2
const CHANGING = /\.(?:m3u8|mpd|vtt)$/

/** Files of videos: `/m/{grant}/{videoId}/{runId}/{file}`. */
export function serveMedia(app: ApiApp, { playback, storage, nowMs }: Deps): void {
  app.get('/m/:grant/:videoId/:runId/:file{.+}', async (c) => {
    c.set('route', '/m/{grant}/{videoId}/{runId}/{file}')
    const { grant, videoId, runId, file } = c.req.param()
    const { key, expiresAt } = await playback.open({ grant, videoId, runId, file })
    const caching = cachingOf(file, expiresAt, nowMs())
    const info = await storage.head(key)
    const headers = { 'cache-control': caching, etag: info.etag, 'accept-ranges': 'bytes' }
    if (c.req.header('if-none-match') === info.etag) return c.body(null, 304, headers)
    const of = { ...headers, 'content-type': info.contentType }
    if (c.req.method === 'HEAD') return c.body(null, 200, { ...of, 'content-length': String(info.sizeBytes) })
    const range = rangeOf(c, info)
    const found = await storage.read(key, range)
    return c.body(toWebStream(found.body), range ? 206 : 200, {
      ...of,
      'content-length': String(lengthOf(found)),
      ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${info.sizeBytes}` }),
    })
  })
}

/** No cache keeps what is granted for longer than its grant, and none that many share keeps it at all. */
function cachingOf(file: string, expiresAt: number | null, nowMs: number): string {
  const lifeS = CHANGING.test(file) ? CHANGING_S : YEAR_S
  if (expiresAt !== null) {
    const leftS = Math.max(0, Math.floor((expiresAt - nowMs) / SECOND_MS))
    return `private, max-age=${Math.min(lifeS, leftS)}`
  }
  return lifeS === YEAR_S ? `public, max-age=${YEAR_S}, immutable` : `public, max-age=${lifeS}`
}

/** One range, as players ask for; several at once, and other units, are answered with the whole file, as RFC 9110 allows. */
function rangeOf(c: HttpContext, { sizeBytes, etag }: { sizeBytes: number; etag: string }) {
  const header = c.req.header('range')
  const condition = c.req.header('if-range')
  if (header === undefined || (condition !== undefined && condition !== etag)) return undefined
  const ranges = parseRange(sizeBytes, header)
  if (ranges === -1) throw new AppError('range_not_satisfiable', undefined, { sizeBytes })
  if (ranges === -2 || ranges.length !== 1 || ranges.type !== 'bytes') return undefined
  return ranges[0]
}

const lengthOf = ({ range }: ReadObject) => (range ? range.end - range.start + 1 : 0)
