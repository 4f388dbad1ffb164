import { ERRORS, EVENTS, Server } from '@tus/server'
import type { MiddlewareHandler } from 'hono'
import { AppError, type ErrorCode } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import { MINUTE_MS, SECOND_MS } from '../../core/time.ts'
import type { Upload, UploadSettings, UploadsService } from '../../features/videos/uploads.service.ts'
import type { IncomingFiles } from '../../infra/files/incoming.ts'
import { problemResponse } from '../problem.ts'
import { type ApiApp, admission, type BindDeps } from '../route.ts'
import { type HttpContext, type HttpEnv, sessionIn } from '../visitor.ts'
import { announcedIn } from './announced.ts'
import { CHECKSUM_ALGORITHMS, checked } from './checksum.ts'

/** A request that is to let go of an upload gets this long to store what it has in its hands. */
const DRAIN_MS = SECOND_MS
const PATH = '/api/uploads'
/** RFC 4918 has a word for it, and tus clients try again. */
const LOCKED = 423
/** tus 1.0, extension checksum. */
const CHECKSUM_MISMATCH = 460
/** What of tus' answers is ours too; the rest is about other origins, which `allowOrigins` judges. */
const HEADERS = ['upload-offset', 'upload-length', 'upload-metadata', 'location', 'cache-control']
const RESUMABLE = { 'tus-resumable': '1.0.0' }

type Deps = {
  uploads: UploadsService
  incoming: Pick<IncomingFiles, 'store' | 'locker'>
  config: UploadSettings
  log: Logger
}

/** What a request is about, for the hooks of the tus server, which know nothing but the request. */
type About = { ownerId: string; upload?: Upload; failure?: unknown }

/** Beginning an upload writes rows; sending pieces of 8 MB over the fastest line is forty a second. */
const BEGINNING = { credits: 60, perMs: 10 * MINUTE_MS }
const SENDING = { credits: 3000, perMs: MINUTE_MS }
const spec = { auth: 'user', scope: 'videos:write' } as const

/**
 * Uploads by tus 1.0 with creation, creation-with-upload, termination, expiration and checksum. Whoever sends is judged as
 * on every route; an upload is there for its owner alone. Failures are problem details, with the status that tus asks for.
 */
export function serveUploads(app: ApiApp, deps: Deps, bind: BindDeps): void {
  const { answer } = createProtocol(deps)
  const begin = { ...spec, path: PATH, limit: BEGINNING }
  const send = { ...spec, path: `${PATH}/{runId}`, limit: SENDING }
  app.post(PATH, admission('beginUpload', begin, bind), (c) =>
    answer(c, { ownerId: sessionIn(c.get('visitor')).userId }),
  )
  // Hono asks for GET where HEAD was asked for.
  app.on(['GET', 'PATCH', 'DELETE'], `${PATH}/:runId`, admission('sendUpload', send, bind), async (c) => {
    if (c.req.method === 'GET') throw new AppError('not_found')
    const ownerId = sessionIn(c.get('visitor')).userId
    const upload = await deps.uploads.find(ownerId, c.req.param('runId') ?? '')
    if (c.req.method !== 'DELETE') return answer(c, { ownerId, upload })
    await deps.uploads.cancel(upload)
    return c.body(null, 204, RESUMABLE)
  })
}

/**
 * What tus clients ask for by OPTIONS before they begin. And where a request is refused before its body was read, the
 * connection ends with the answer: what is left of the body would be taken for the next request.
 */
export const aroundUploads =
  ({ UPLOAD_MAX_BYTES }: UploadSettings): MiddlewareHandler<HttpEnv> =>
  async (c, next) => {
    await next()
    if (c.res.status >= 400 && c.req.raw.body) c.header('connection', 'close')
    if (c.req.method !== 'OPTIONS') return
    c.header('tus-resumable', '1.0.0')
    c.header('tus-version', '1.0.0')
    c.header('tus-extension', 'creation,creation-with-upload,termination,expiration,checksum')
    c.header('tus-max-size', String(UPLOAD_MAX_BYTES))
    c.header('tus-checksum-algorithm', CHECKSUM_ALGORITHMS.join(','))
  }

function createProtocol({ uploads, incoming, log }: Deps) {
  const requests = new WeakMap<Request, About>()
  /** Those whose bytes are coming, by key. */
  const receiving = new Map<string, Upload>()
  const about = (request: Request): About => {
    const found = requests.get(request)
    if (!found) throw new Error('A request of an upload is not known.')
    return found
  }

  const tus = new Server({
    ...{ path: PATH, datastore: incoming.store, locker: incoming.locker, lockDrainTimeout: DRAIN_MS },
    allowedOrigins: () => false,
    async namingFunction(request, metadata) {
      const asked = about(request)
      asked.upload = await uploads.begin(asked.ownerId, announcedIn(request.headers, metadata))
      receiving.set(asked.upload.sourceKey, asked.upload)
      return asked.upload.sourceKey
    },
    generateUrl: (request) => `${PATH}/${about(request).upload?.runId}`,
    getFileIdFromRequest: (request) => about(request).upload?.sourceKey,
    async onUploadFinish(request) {
      const { upload } = about(request)
      if (upload) await uploads.complete(upload)
      return {}
    },
    async onResponseError(request, error) {
      about(request).failure = error
      return undefined
    },
  })
  tus.on(EVENTS.POST_RECEIVE, (_request, { id, offset }) => {
    const upload = receiving.get(id)
    if (!upload) return
    uploads
      .received(upload, offset)
      .catch((error: unknown) => log.warn({ error }, 'How far an upload is could not be written'))
  })

  async function handle(request: Request, asked: About): Promise<Response> {
    requests.set(request, asked)
    if (asked.upload) receiving.set(asked.upload.sourceKey, asked.upload)
    try {
      return await tus.handleWeb(request)
    } finally {
      if (asked.upload) receiving.delete(asked.upload.sourceKey)
    }
  }

  return {
    async answer(c: HttpContext, asked: About): Promise<Response> {
      const requestId = c.get('requestId')
      const request = await checked(c.req.raw)
      if (!request)
        return refusal(c, CHECKSUM_MISMATCH, 'The bytes that arrived are not those that were sent.')
      const answered = await handle(request, asked)
      if (asked.failure instanceof AppError && asked.failure.details?.reason !== 'locked') throw asked.failure
      if (answered.status >= 400) {
        if (answered.status >= 500)
          log.warn({ requestId, error: asked.failure }, 'A piece of an upload was not taken')
        const message = (await answered.text()).trim()
        // Sent away before a byte was stored; tus has 400 for it, which clients take for the end.
        if (asked.failure === ERRORS.ABORTED)
          return refusal(c, LOCKED, 'Another request goes on with this upload.')
        return refusal(c, asked.failure instanceof AppError ? LOCKED : answered.status, message)
      }
      const { upload } = asked
      const offset = Number(answered.headers.get('upload-offset') ?? 0)
      // Its last byte came, and then the server went before it said so.
      if (upload && !upload.isComplete && c.req.method === 'HEAD' && offset === upload.sizeBytes)
        await uploads.complete(upload)
      return c.body(null, answered.status as 204, {
        ...Object.fromEntries(HEADERS.flatMap((name) => pick(answered.headers, name))),
        ...RESUMABLE,
        ...(upload && { 'upload-expires': upload.expiresAt.toUTCString() }),
      })
    },
  }
}

const pick = (headers: Headers, name: string): [string, string][] => {
  const value = headers.get(name)
  return value === null ? [] : [[name, value]]
}

/** In the words of our table, by the status that tus gave. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  404: 'not_found',
  409: 'conflict',
  410: 'expired',
  413: 'too_large',
  [LOCKED]: 'conflict',
  500: 'unavailable',
}

function refusal(c: HttpContext, status: number, message: string): Response {
  const code = CODES[status] ?? 'invalid_input'
  const details = { status, ...(status === LOCKED && { reason: 'locked' }) }
  const { headers, body } = problemResponse(new AppError(code, message, details), c.get('requestId'))
  for (const [name, value] of Object.entries(RESUMABLE)) headers.set(name, value)
  // Statuses that tus has of its own, and Hono does not know.
  return c.newResponse(body, new Response(null, { status, headers }))
}
