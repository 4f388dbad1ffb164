import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { z } from 'zod'
import type { RouteSpec } from '../contract/define.ts'
import { scopeRefusal } from '../core/access/scopes.ts'
import { AppError } from '../core/errors.ts'
import type { Limits, ReadObject } from '../core/ports.ts'
import { addressKey } from '../infra/access/client-address.ts'
import { isConfirmedAt } from '../infra/access/login-sessions.ts'
import { toWebStream } from './static/files.ts'
import {
  type HttpContext,
  type HttpEnv,
  identify,
  requireOwnOrigin,
  type Visitor,
  type VisitorDeps,
  viewerIn,
} from './visitor.ts'

export type ApiApp = OpenAPIHono<HttpEnv>

type Part<S, K extends string> = S extends { [P in K]: infer T extends z.ZodType } ? z.output<T> : undefined

/** A request that was authenticated, counted and parsed. */
export type RouteRequest<S extends RouteSpec = RouteSpec> = {
  params: Part<S, 'params'>
  query: Part<S, 'query'>
  body: Part<S, 'body'>
  /** The file that was sent, where the route takes one. */
  upload: S extends { upload: object } ? Uint8Array : undefined
  visitor: Visitor
  header(name: string): string | undefined
  /** Adds a whole `Set-Cookie` header to the answer. */
  setCookie(header: string): void
}

/** Answers the data of the route's response; failures are thrown as `AppError`. */
export type RouteHandler<S extends RouteSpec> = (
  request: RouteRequest<S>,
) => Promise<S extends { download: object } ? Download : z.input<S['response']>>

/** A file that is handed out, under a name for whoever stores it. */
export type Download = { file: ReadObject; fileName: string }

/** One handler for each route of a feature's contract, under the same name. */
export type RouteHandlers<R extends Readonly<Record<string, RouteSpec>>> = {
  readonly [K in keyof R]: RouteHandler<R[K]>
}

/** `nowMs`: the clock that suspensions end by. */
export type BindDeps = VisitorDeps & { limits: Limits; nowMs: () => number }

/** What is sent as JSON has text fields of a few KB at most; files go another way. */
const BODY_MAX_BYTES = 64 * 1024

/**
 * Binds a feature's routes, each as: origin → authenticate → limit → judge token and suspension → step up → bound and parse →
 * handle → parse the output →
 * answer. Everything thrown on the way becomes problem details in the server's error handler.
 */
export function bindRoutes<R extends Readonly<Record<string, RouteSpec>>>(
  app: ApiApp,
  specs: R,
  handlers: RouteHandlers<R>,
  deps: BindDeps,
): void {
  for (const [name, spec] of Object.entries(specs)) bindRoute(app, name, spec, handlers[name] as never, deps)
}

/** Origin → authenticate → limit → judge token and suspension → step up; then the request has its visitor. */
export function admission(
  name: string,
  spec: Pick<RouteSpec, 'path' | 'auth' | 'limit' | 'scope' | 'stepUp'>,
  deps: BindDeps,
): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    c.set('route', spec.path)
    requireOwnOrigin(c, deps)
    const visitor = await identify(c, deps)
    if (spec.auth === 'user' && !visitor.session) throw new AppError('unauthenticated')
    const subject = visitor.session?.userId ?? addressKey(visitor.address)
    await deps.limits.take(`http:${name}:${subject}`, spec.limit)
    const refusal = scopeRefusal(viewerIn(visitor), spec.scope, deps.nowMs())
    if (refusal) throw refusal
    if (spec.stepUp && !(visitor.session && isConfirmedAt(visitor.session.confirmedAt, deps.nowMs())))
      throw new AppError('confirm_required')
    c.set('visitor', visitor)
    await next()
  }
}

function bindRoute(
  app: ApiApp,
  name: string,
  spec: RouteSpec,
  handle: (request: RouteRequest) => Promise<unknown>,
  deps: BindDeps,
): void {
  const admit = admission(name, spec, deps)
  const bound = bodyLimit({
    maxSize: BODY_MAX_BYTES,
    onError: () => {
      throw new AppError('too_large', undefined, { maxBytes: BODY_MAX_BYTES })
    },
  })
  const answer = async (c: HttpContext): Promise<Response> => {
    const upload = spec.upload && (await readUpload(c, spec.upload))
    const output = await handle(toRequest(c, spec, upload))
    if (spec.download) return sendFile(c, output as Download, spec.download.contentType)
    return c.json(parseOutput(name, spec, output) as object, spec.status)
  }
  // The library types handlers from literal route objects; ours are typed by `RouteHandlers` instead.
  app.openapi(
    { ...toOpenApiRoute(spec), middleware: spec.upload ? [admit] : [admit, bound] } as never,
    answer as never,
  )
}

/** The route as @hono/zod-openapi knows it: it validates with these schemas before the handler runs. */
function toOpenApiRoute(spec: RouteSpec) {
  return createRoute({
    method: spec.method,
    path: spec.path,
    summary: spec.summary,
    tags: [spec.tag],
    request: {
      ...(spec.params && { params: spec.params }),
      ...(spec.query && { query: spec.query }),
      ...(spec.body && {
        body: { required: true, content: { 'application/json': { schema: spec.body } } },
      }),
    },
    responses: {
      [spec.status]: { description: 'Done.', content: { 'application/json': { schema: spec.response } } },
    },
  })
}

function toRequest(c: HttpContext, spec: RouteSpec, upload: Uint8Array | undefined): RouteRequest {
  const valid = (part: 'param' | 'query' | 'json') => c.req.valid(part as never) as never
  return {
    params: (spec.params ? valid('param') : undefined) as never,
    query: (spec.query ? valid('query') : undefined) as never,
    body: (spec.body ? valid('json') : undefined) as never,
    upload: upload as never,
    visitor: c.get('visitor'),
    header: (name) => c.req.header(name),
    setCookie: (header) => c.header('set-cookie', header, { append: true }),
  }
}

/**
 * The body of an upload, read no further than it may be long: what says that it is too long is refused before its first
 * byte, what turns out to be so at the byte where it does. Errors: `invalid_input` (its type), `too_large`.
 */
async function readUpload(
  c: HttpContext,
  { maxBytes, contentTypes }: NonNullable<RouteSpec['upload']>,
): Promise<Uint8Array> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (!contentTypes.includes(type))
    throw new AppError('invalid_input', `Send the file itself, as one of: ${contentTypes.join(', ')}.`, {
      contentTypes,
    })
  const tooLarge = () => new AppError('too_large', undefined, { maxBytes })
  if (Number(c.req.header('content-length') ?? 0) > maxBytes) throw tooLarge()
  const parts: Uint8Array[] = []
  let sizeBytes = 0
  for await (const part of c.req.raw.body ?? []) {
    sizeBytes += part.length
    if (sizeBytes > maxBytes) throw tooLarge()
    parts.push(part)
  }
  return Buffer.concat(parts, sizeBytes)
}

/** Never shown as a page, whatever is in it. */
function sendFile(c: HttpContext, { file, fileName }: Download, contentType: string): Response {
  return c.body(toWebStream(file.body), 200, {
    'content-type': contentType,
    'content-length': String(file.sizeBytes),
    'content-disposition': `attachment; filename="${fileName}"`,
  })
}

/** Leaves out what the contract does not name; an output that does not fit it is a fault of ours. */
function parseOutput(name: string, spec: RouteSpec, output: unknown): unknown {
  const parsed = spec.response.safeParse(output)
  if (parsed.success) return parsed.data
  throw new Error(`The answer of ${name} does not fit the contract.`, { cause: parsed.error })
}

/** Enough to mend a form; a hostile body could have thousands. */
const ISSUES_MAX = 20

/** What the validators of every route do with input that does not fit: path and message of each fault are the details. */
export function refuseInvalid(result: {
  success: boolean
  error?: { issues: readonly z.core.$ZodIssue[] }
}): void {
  if (result.success) return
  const issues = (result.error?.issues ?? [])
    .slice(0, ISSUES_MAX)
    .map(({ path, message }) => ({ path: path.map(String).join('.'), message }))
  throw new AppError('invalid_input', undefined, { issues })
}
