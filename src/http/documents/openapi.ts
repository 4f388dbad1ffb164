import type { RouteSpec } from '../../contract/define.ts'
import { routes } from '../../contract/index.ts'
import { ERRORS, type ErrorCode } from '../../core/errors.ts'
import { ALL_CODES, errorTable, LICENSE, limitSentence, wireErrorSchema } from './common.ts'
import { createSchemaCollector, type Json, type SchemaCollector } from './schemas.ts'

/** Every route can answer these. */
const ALWAYS: readonly ErrorCode[] = ['too_many_requests', 'internal', 'unavailable']

const description =
  () => `The HTTP side of Social Flow: what sockets are bad at. The sockets are described in asyncapi.json.

**Signing in.** Browsers hold a session cookie; everything else asks for \`"session": "bearer"\` when it signs in and
sends \`Authorization: Bearer …\`. Programs may use a personal API token (\`sf_pat_…\`) as bearer: it reaches what asks for a scope
it was given (\`x-scope\`), and nothing that asks for \`login\` or \`security\`. Requests that change something are refused where their Origin is not one of the
server's (\`foreign_origin\`).

**Limits** are counted per account, or per address where nobody is signed in; beyond one, the answer is
\`too_many_requests\` with \`details.retryAfterMs\`, in whole seconds also as \`Retry-After\`.

**Failures** are problem details (RFC 9457) with a \`code\` of this table:

${errorTable()}`

/** The OpenAPI 3.1 document of all routes of the contract, as plain JSON. */
export function openApiDocument(version: string): Json {
  const collector = createSchemaCollector('draft-2020-12')
  const paths: Record<string, Json> = {}
  for (const [name, route] of Object.entries<RouteSpec>(routes)) {
    const path = paths[route.path] ?? {}
    path[route.method] = operation(name, route, collector)
    paths[route.path] = path
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Social Flow HTTP API', version, license: LICENSE, description: description() },
    servers: [{ url: '/', description: 'The server that serves the web app.' }],
    tags: tagsOf(Object.values<RouteSpec>(routes)),
    paths,
    components: {
      schemas: { ...collector.components, Problem: problemSchema() },
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'flow_session',
          description: 'Set when a browser signs in; over HTTPS its name is `__Host-flow_session`.',
        },
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'Given once, by a sign-in with `"session": "bearer"`; or a personal API token.',
        },
      },
    },
  }
}

function operation(name: string, route: RouteSpec, { toSchema }: SchemaCollector): Json {
  const signedIn = [{ session: [] }, { bearer: [] }]
  return {
    operationId: name,
    tags: [route.tag],
    summary: route.summary,
    description: `Limit: ${limitSentence(route.limit)}.${route.stepUp ? ' Needs a session that was confirmed lately.' : ''}`,
    security: route.auth === 'user' ? signedIn : [{}, ...signedIn],
    ...(hasParameters(route) && { parameters: parameters(route, toSchema) }),
    ...(route.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: toSchema(route.body, 'input') } },
      },
    }),
    ...(route.upload && { requestBody: uploadBody(route.upload) }),
    responses: {
      [route.status]: {
        description: 'Done.',
        content: route.download
          ? { [route.download.contentType]: {} }
          : { 'application/json': { schema: toSchema(route.response, 'output') } },
      },
      ...problemResponses(possibleErrors(route)),
    },
    'x-limit': route.limit,
    ...(route.stepUp && { 'x-step-up': true }),
    ...(route.scope && { 'x-scope': route.scope }),
  }
}

/** A file as the body: OpenAPI 3.1 says no more of it than its type. */
const uploadBody = ({ maxBytes, contentTypes }: NonNullable<RouteSpec['upload']>): Json => ({
  required: true,
  description: `The file itself, ${maxBytes} bytes at most.`,
  content: Object.fromEntries(contentTypes.map((type) => [type, {}])),
})

const hasParameters = (route: RouteSpec) => route.params !== undefined || route.query !== undefined

function parameters(route: RouteSpec, toSchema: SchemaCollector['toSchema']): Json[] {
  return (['params', 'query'] as const).flatMap((source) => {
    const object = route[source]
    if (!object) return []
    const { properties, required } = toSchema(object, 'input') as {
      properties: Record<string, Json>
      required?: string[]
    }
    return Object.entries(properties).map(([name, schema]) => ({
      name,
      in: source === 'params' ? 'path' : 'query',
      required: required?.includes(name) ?? false,
      schema,
    }))
  })
}

function possibleErrors(route: RouteSpec): ErrorCode[] {
  const codes = new Set<ErrorCode>([...ALWAYS, ...route.errors])
  if (hasParameters(route) || route.body || route.upload) codes.add('invalid_input')
  if (route.body || route.upload) codes.add('too_large')
  if (route.auth === 'user') codes.add('unauthenticated')
  if (route.stepUp) codes.add('confirm_required')
  if (route.method !== 'get') codes.add('foreign_origin')
  return ALL_CODES.filter((code) => codes.has(code))
}

/** One response per HTTP status, naming the codes that share it. */
function problemResponses(codes: readonly ErrorCode[]): Json {
  const responses: Json = {}
  for (const status of new Set(codes.map((code) => ERRORS[code].status))) {
    const sharing = codes.filter((code) => ERRORS[code].status === status)
    responses[status] = {
      description: sharing.map((code) => `\`${code}\`: ${ERRORS[code].message}`).join(' '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    }
  }
  return responses
}

function problemSchema(): Json {
  const error = wireErrorSchema(ALL_CODES) as { required: string[]; properties: Json }
  return {
    ...error,
    description:
      'Problem details (RFC 9457); `code`, `retry`, `details` and `requestId` are the same as over the socket.',
    required: ['type', 'title', 'status', 'detail', ...error.required],
    properties: {
      type: { type: 'string', description: '`urn:social-flow:error:` and the code.' },
      title: { type: 'string', description: 'What the code means.' },
      status: { type: 'integer' },
      detail: { type: 'string', description: 'The same as `message`.' },
      ...error.properties,
    },
  }
}

const tagsOf = (specs: readonly RouteSpec[]) =>
  [...new Set(specs.map(({ tag }) => tag))].map((name) => ({ name }))
