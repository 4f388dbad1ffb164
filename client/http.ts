import type { RouteInput, RouteName, RouteResponse, Routes, Upload } from '../src/contract/index.ts'
import type { WireError } from '../src/core/errors.ts'
import { CallError } from './types.ts'

/** `get /api/streams/{handle}` – the method and path of a route, which is how requests name it. */
export type RouteKey = { [K in RouteName]: `${Routes[K]['method']} ${Routes[K]['path']}` }[RouteName]
/** The name of the route that a key stands for. */
export type NameOf<Key extends RouteKey> = {
  [K in RouteName]: `${Routes[K]['method']} ${Routes[K]['path']}` extends Key ? K : never
}[RouteName]

type Parts = {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  upload?: Upload
}
type Rest<Input> = keyof Input extends never ? [] : [input: Input]

/** The HTTP side of the contract. */
export type Api = {
  /** Answers the route's response, or throws `CallError` (`offline` where nothing answered). */
  request<Key extends RouteKey>(
    key: Key,
    ...input: Rest<RouteInput<NameOf<Key>>>
  ): Promise<RouteResponse<NameOf<Key>>>
}

/** `baseUrl` is empty in a browser (same origin); `bearer` is for everything that has no cookies. */
export function createApi(options: { baseUrl?: string; bearer?: () => string | undefined } = {}): Api {
  return {
    async request(key, ...[input]) {
      const [method, path] = key.split(' ') as [string, string]
      const { url, init } = buildRequest(method, path, (input ?? {}) as Parts)
      const bearer = options.bearer?.()
      if (bearer) init.headers.set('authorization', `Bearer ${bearer}`)
      const response = await fetch(`${options.baseUrl ?? ''}${url}`, init).catch((cause: unknown) => {
        throw Object.assign(
          new CallError({ code: 'offline', message: 'The server can not be reached.', retry: true }),
          { cause },
        )
      })
      if (!response.ok) throw await toCallError(response)
      return response.json()
    },
  }
}

function buildRequest(method: string, path: string, { params, query, body, upload }: Parts) {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params?.[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined) search.set(name, String(value))
  const headers = new Headers()
  if (body !== undefined) headers.set('content-type', 'application/json')
  if (upload) headers.set('content-type', upload.contentType)
  return {
    url: search.size > 0 ? `${filled}?${search}` : filled,
    init: {
      method: method.toUpperCase(),
      headers,
      credentials: 'same-origin' as const,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(upload && { body: upload.bytes }),
    },
  }
}

/** What a failed answer says. */
export async function toCallError(response: Response): Promise<CallError> {
  const problem = (await response.json().catch(() => undefined)) as Partial<WireError> | undefined
  const retry = problem?.retry ?? response.status >= 500
  return new CallError({
    code: problem?.code ?? 'internal',
    message: problem?.message ?? `The server answered ${response.status}.`,
    retry,
    ...(problem?.details && { details: problem.details }),
    ...(problem?.requestId && { requestId: problem.requestId }),
  })
}
