import type { Json } from './schemas.ts'

type Push = { summary: string; required: readonly string[]; properties: Json }

/** What the server says without being asked, beside the items of topics. */
const PUSHES: Readonly<Record<string, Push>> = {
  'topic:closed': {
    summary: 'You are out of a topic and get no more of it: rights changed, or what it is about ended.',
    required: ['topic', 'code'],
    properties: {
      topic: { type: 'string' },
      code: { type: 'string', enum: ['forbidden', 'not_found', 'ended'] },
    },
  },
  'session:ended': {
    summary:
      'This socket is closed next, for a reason. Where it can not be said any more, the next handshake says it.',
    required: ['code', 'reconnect'],
    properties: {
      code: {
        type: 'string',
        description:
          'Of the error table, `draining` where this process ends, `rights_changed` where role or suspension of the account changed.',
      },
      reconnect: { type: 'boolean', description: 'Whether a new socket will be admitted.' },
    },
  },
}

const idOf = (name: string) => name.replace(':', '-')

/** One channel per push, for the AsyncAPI document. */
export const pushChannels = (): Json =>
  mapPushes((name, { required, properties }) => ({
    address: name,
    title: name,
    messages: { push: { name, payload: { type: 'object', required, properties } } },
  }))

/** The operations that send them. */
export const pushOperations = (): Json =>
  mapPushes((name, { summary }) => ({
    action: 'send',
    title: name,
    summary,
    channel: { $ref: `#/channels/${idOf(name)}` },
    messages: [{ $ref: `#/channels/${idOf(name)}/messages/push` }],
  }))

const mapPushes = (toEntry: (name: string, push: Push) => Json): Json =>
  Object.fromEntries(Object.entries(PUSHES).map(([name, push]) => [idOf(name), toEntry(name, push)]))
