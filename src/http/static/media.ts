import parseRange from 'range-parser'
import { AppError } from '../../core/errors.ts'
import type { ObjectInfo, ObjectStorage, ReadObject } from '../../core/ports.ts'
import { SECOND_MS } from '../../core/time.ts'
import type { PlaybackService } from '../../features/playback/playback.service.ts'
import type { ApiApp } from '../route.ts'
import type { HttpContext } from '../visitor.ts'
import { createCutCaptions } from './cut-captions.ts'
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
  const cutCaptions = createCutCaptions(storage)
  app.get('/m/:grant/:videoId/:runId/:file{.+}', async (c) => {
    c.set('route', '/m/{grant}/{videoId}/{runId}/{file}')
    const { grant, videoId, runId, file } = c.req.param()
    const { key, expiresAt, cut } = await playback.open({ grant, videoId, runId, file })
    if (cut)
      return c.body(await cutCaptions(key, cut), 200, {
        'cache-control': cachingOf(file, expiresAt, nowMs()),
        'content-type': 'text/vtt; charset=utf-8',
      })
    const headersOf = ({ etag }: ObjectInfo) => ({
      ...{ 'cache-control': cachingOf(file, expiresAt, nowMs()), etag, 'accept-ranges': 'bytes' },
    })
    const known = c.req.header('if-none-match')
    if (known !== undefined || c.req.method === 'HEAD') {
      const info = await storage.head(key)
      if (known === info.etag) return c.body(null, 304, headersOf(info))
      if (c.req.method === 'HEAD') {
        const of = { 'content-type': info.contentType, 'content-length': String(info.sizeBytes) }
        return c.body(null, 200, { ...headersOf(info), ...of })
      }
    }
    const { isPart, found } = await readAsked(c, storage, key)
    const { range, sizeBytes, contentType } = found
    return c.body(toWebStream(found.body), isPart ? 206 : 200, {
      ...headersOf(found),
      'content-type': contentType,
      'content-length': String(range ? range.end - range.start + 1 : 0),
      ...(isPart && range && { 'content-range': `bytes ${range.start}-${range.end}/${sizeBytes}` }),
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

type Asked = { isPart: boolean; found: ReadObject }

/** `bytes=10-19` and `bytes=10-`, which players send; the size need not be known for these. */
const PLAIN_RANGE = /^bytes=(?<start>\d{1,15})-(?<end>\d{0,15})$/

/**
 * What was asked for, in one round trip to the storage for what players send. Several ranges at once, and other units, are
 * answered with the whole file, as RFC 9110 allows.
 */
async function readAsked(c: HttpContext, storage: Deps['storage'], key: string): Promise<Asked> {
  const header = c.req.header('range')
  const whole = async () => ({ isPart: false, found: await storage.read(key) })
  if (header === undefined) return whole()
  const condition = c.req.header('if-range')
  if (condition !== undefined && condition !== (await storage.head(key)).etag) return whole()
  const { start, end } = PLAIN_RANGE.exec(header)?.groups ?? {}
  const plain = start !== undefined && { start: Number(start), ...(end && { end: Number(end) }) }
  const range = plain || (await lookedUp(storage, key, header))
  if (!range) return whole()
  try {
    return { isPart: true, found: await storage.read(key, range) }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid_input') throw error
    const { sizeBytes } = await storage.head(key)
    throw new AppError('range_not_satisfiable', undefined, { sizeBytes })
  }
}

/** The range that a header means in a file of this size: the last bytes, for one. */
async function lookedUp(storage: Deps['storage'], key: string, header: string) {
  const { sizeBytes } = await storage.head(key)
  const ranges = parseRange(sizeBytes, header)
  if (ranges === -1) throw new AppError('range_not_satisfiable', undefined, { sizeBytes })
  return ranges !== -2 && ranges.length === 1 && ranges.type === 'bytes' ? ranges[0] : undefined
}
