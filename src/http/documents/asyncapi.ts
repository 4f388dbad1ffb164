import type { CallSpec, TopicSpec } from '../../contract/define.ts'
import { calls, topics } from '../../contract/index.ts'
import { ERRORS, type ErrorCode } from '../../core/errors.ts'
import type { TopicClass } from '../../core/topics.ts'
import { ALL_CODES, errorTable, LICENSE, limitSentence, wireErrorSchema } from './common.ts'
import { pushChannels, pushOperations } from './pushes.ts'
import { createSchemaCollector, type Json, type SchemaCollector } from './schemas.ts'

/** Every call can answer these. */
const ALWAYS: readonly ErrorCode[] = [
  'invalid_input',
  'too_large',
  'too_many_requests',
  'internal',
  'unavailable',
]

const CLASSES: Readonly<Record<TopicClass, string>> = {
  durable:
    'Every item, once, in order, also after days and restarts. A join with `since` brings what was missed, whatever its age, unless it is more than one answer holds.',
  live: 'Every item, once, in order, within the window of history that the server keeps; else `recovered: false` says that the view must be loaded anew.',
  latest: 'The newest value soon, and again every 10 s; no history.',
}

const description =
  () => `The socket side of Social Flow: socket.io 4. Everything is a **call** or a **topic**.

**Connecting.** The port or address is in \`GET /api/config\`. A socket is admitted by a short-lived token, fetched with
\`POST /api/socket-token\` and sent as \`auth: { token }\`; cookies play no part. A refused handshake is a \`connect_error\`
whose \`data\` is an error of the table below; after \`token_expired\` fetch a new token and connect again.

**Calls** are events with one input and one acknowledgement, sent exactly once, also for unknown calls and bad input:
\`{ ok: true, data }\` or \`{ ok: false, error }\`. Sockets of API tokens reach what asks for a scope of theirs (\`x-scope\`). Limits are counted per account or anonymous visitor, over all their
sockets. A call that creates something carries a \`clientId\`, which makes repeating it harmless.

**Topics** are named sequences of items. \`topic:join\` follows some, \`topic:leave\` ends that. Items come as
\`topic:items\`; the position of the last one, sent as \`since\` with the next join, brings what was missed meanwhile, on
whichever node. A position is an epoch and an offset; offsets of different epochs can't be compared.

${Object.entries(CLASSES)
  .map(([name, promise]) => `- \`${name}\`: ${promise}`)
  .join('\n')}

**Errors**

${errorTable()}`

/** The AsyncAPI 3.0 document of all calls, topics and pushes, as plain JSON, from the server's point of view. */
export function asyncApiDocument(version: string): Json {
  const collector = createSchemaCollector('draft-07')
  const callList = Object.entries<CallSpec>(calls)
  const topicList = Object.entries<TopicSpec>(topics)
  const channels = {
    ...Object.fromEntries(callList.map(([name, call]) => [idOf(name), callChannel(name, call, collector)])),
    ...Object.fromEntries(
      topicList.map(([name, topic]) => [idOf(name), topicChannel(name, topic, collector)]),
    ),
    ...pushChannels(),
  }
  return {
    asyncapi: '3.0.0',
    info: { title: 'Social Flow sockets', version, license: LICENSE, description: description() },
    defaultContentType: 'application/json',
    servers: {
      sockets: {
        host: 'localhost:3001',
        pathname: '/socket.io/',
        protocol: 'wss',
        description: 'Where `GET /api/config` says; `ws` where the server has no certificate.',
        security: [{ $ref: '#/components/securitySchemes/socketToken' }],
      },
    },
    channels,
    operations: {
      ...Object.fromEntries(callList.map(([name, call]) => [idOf(name), callOperation(name, call)])),
      ...Object.fromEntries(topicList.map(([name, topic]) => [idOf(name), topicOperation(name, topic)])),
      ...pushOperations(),
    },
    components: {
      schemas: { ...collector.components, Error: wireErrorSchema(ALL_CODES) },
      securitySchemes: {
        socketToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'The `token` of `POST /api/socket-token`, in the `auth` object of the handshake.',
        },
      },
    },
    'x-errors': ERRORS,
  }
}

/** `chat:{streamId}` → `chat-streamId`: ids take letters, digits and hyphens. */
const idOf = (name: string) => name.replace(/[{}]/g, '').replaceAll(':', '-')

const ref = (...path: string[]) => ({ $ref: `#/${path.join('/')}` })

function callChannel(name: string, call: CallSpec, { toSchema }: SchemaCollector): Json {
  return {
    address: name,
    title: name,
    description: 'A socket.io event with one argument and an acknowledgement.',
    messages: {
      input: { name, payload: toSchema(call.input, 'input') },
      ack: {
        name: `${name} (acknowledgement)`,
        payload: {
          oneOf: [
            {
              type: 'object',
              required: ['ok', 'data'],
              properties: { ok: { const: true }, data: toSchema(call.output, 'output') },
            },
            {
              type: 'object',
              required: ['ok', 'error'],
              properties: { ok: { const: false }, error: wireErrorSchema(errorsOf(call)) },
            },
          ],
        },
      },
    },
  }
}

function callOperation(name: string, call: CallSpec): Json {
  const channel = ['channels', idOf(name)]
  return {
    action: 'receive',
    title: name,
    summary: call.summary,
    description: `${call.auth === 'user' ? 'Needs an account.' : 'Open to anonymous visitors.'} Limit: ${limitSentence(call.limit)}.`,
    channel: ref(...channel),
    messages: [ref(...channel, 'messages', 'input')],
    reply: { channel: ref(...channel), messages: [ref(...channel, 'messages', 'ack')] },
    'x-auth': call.auth,
    'x-limit': call.limit,
    ...(call.stepUp && { 'x-step-up': true }),
    ...(call.scope && { 'x-scope': call.scope }),
    'x-errors': errorsOf(call),
  }
}

function errorsOf(call: CallSpec): ErrorCode[] {
  const codes = new Set<ErrorCode>([...ALWAYS, ...call.errors])
  if (call.auth === 'user') codes.add('unauthenticated')
  if (call.stepUp) codes.add('confirm_required')
  return ALL_CODES.filter((code) => codes.has(code))
}

function topicChannel(name: string, topic: TopicSpec, { toSchema }: SchemaCollector): Json {
  const parameters = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => [parameter, {}])
  return {
    address: name,
    title: name,
    description: `A topic; join it with \`topic:join\`, leave it with \`topic:leave\`. Class \`${topic.class}\`: ${CLASSES[topic.class]}`,
    ...(parameters.length > 0 && { parameters: Object.fromEntries(parameters) }),
    messages: {
      items: {
        name: 'topic:items',
        payload: itemsFrame(toSchema(topic.item, 'output')),
      },
    },
    'x-class': topic.class,
    ...(topic.readScope && { 'x-scope': topic.readScope }),
    ...(topic.historyOnJoin && { 'x-history-on-join': topic.historyOnJoin }),
    ...(topic.isSkippable && { 'x-skips-under-overload': true }),
  }
}

function topicOperation(name: string, topic: TopicSpec): Json {
  const channel = ['channels', idOf(name)]
  return {
    action: 'send',
    title: name,
    summary: topic.summary,
    channel: ref(...channel),
    messages: [ref(...channel, 'messages', 'items')],
  }
}

const itemsFrame = (item: Json): Json => ({
  type: 'object',
  required: ['topic', 'epoch', 'offset', 'items'],
  properties: {
    topic: { type: 'string' },
    epoch: { type: 'string' },
    offset: { type: 'integer', description: 'Of the last item; the items are contiguous but for `skipped`.' },
    items: { type: 'array', items: item },
    skipped: {
      type: 'array',
      items: { type: 'integer' },
      minItems: 2,
      maxItems: 2,
      description:
        'First and last offset left out under overload; they count as seen and can be read as history.',
    },
  },
})
