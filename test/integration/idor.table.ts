import { randomUUID } from 'node:crypto'
import type { CallName, RouteName, TopicPattern } from '../../src/contract/index.ts'
import { viewing } from '../support/watching.ts'
import { type Asker, later, type Role, type Subject, type World } from './idor.people.ts'

/** What each role is answered: `done`, or the error's code with its reason. */
export type Expected = Record<Role, string>
type Ask = (asker: Asker, subject: Subject, world: World) => Promise<string>
/** How a thing of the contract is asked for, and what everybody must be answered. */
export type Row = { ask: Ask; expected: Expected }

const SCOPE = 'forbidden scope'
const SUSPENDED = 'forbidden suspended'
const SIGN_IN = 'unauthenticated'

const expect = (
  anonymous: string,
  [other, owner, moderator, admin, suspended]: [string, string, string, string, string],
  token = SCOPE,
): Expected => ({ anonymous, other, owner, moderator, admin, suspended, token })

/** The same for all: it is public, or judged by a secret in the request alone. Tokens need the scope. */
export const all = (answer = 'done'): Expected => expect(answer, [answer, answer, answer, answer, answer])
/** As `all`, and no scope is asked for. */
export const open = (answer = 'done'): Expected => ({ ...all(answer), token: answer })
/** About whoever asks: there is no subject to name. */
export const self = (answer = 'done'): Expected => ({ ...all(answer), anonymous: SIGN_IN })
/** As `self`, and acting, which a suspended account may not. */
export const acting = (answer = 'done'): Expected => ({ ...self(answer), suspended: SUSPENDED })
/** The owner's alone to read and to look after. */
export const owned = (refusal: string, answer = 'done'): Expected =>
  expect(SIGN_IN, [refusal, answer, refusal, refusal, answer])
/** The owner's alone to change, if not suspended. */
export const ownedActing = (refusal: string, answer = 'done'): Expected => ({
  ...owned(refusal, answer),
  suspended: SUSPENDED,
})
export const staff = (moderator = 'done', admin = 'done'): Expected =>
  expect(SIGN_IN, ['forbidden', 'forbidden', moderator, admin, SUSPENDED])
export const admins = (answer = 'done'): Expected => staff('forbidden', answer)

const call =
  (name: CallName, input: (subject: Subject, world: World) => object): Ask =>
  (asker, subject, world) =>
    asker.call(name, input(subject, world))
export const route =
  (name: RouteName, input?: (subject: Subject, world: World) => object): Ask =>
  (asker, subject, world) =>
    asker.route(name, input?.(subject, world))
const topic =
  (name: (subject: Subject) => string): Ask =>
  (asker, subject) =>
    asker.topic(name(subject))

const once = () => ({ clientId: randomUUID() })
const details = { title: 'Mine now', category: 'talk', visibility: 'public' }
const ofStream = ({ streamId }: Subject) => ({ streamId })
const ofTransport = ({ transportId }: Subject) => ({ transportId })
const ofConsumer = ({ consumerId }: Subject) => ({ consumerId })
export const bystander = (_: Subject, { bystander: { accountId } }: World) => ({ accountId })
const DTLS = { dtlsParameters: { fingerprints: [{ algorithm: 'sha-256', value: '00' }] } }
const RTP = { kind: 'audio', rtpParameters: { codecs: [] } }

export const CALLS: Record<CallName, Row> = {
  'topic:join': {
    ask: call('topic:join', () => ({ topics: [{ topic: 'media:status' }] })),
    expected: open(),
  },
  'topic:leave': { ask: call('topic:leave', () => ({ topics: ['media:status'] })), expected: open() },
  'broadcast:schedule': {
    ask: call('broadcast:schedule', () => ({ ...once(), ...details, scheduledFor: later() })),
    expected: acting(),
  },
  // The owner has one on air already, which others do not learn: what was announced by somebody else is not there at all.
  'broadcast:start': {
    ask: call('broadcast:start', ({ scheduledId }) => ({
      ...{ ...once(), ...details, scheduledBroadcastId: scheduledId },
    })),
    expected: ownedActing('not_found', 'conflict on_air'),
  },
  'broadcast:update': {
    ask: call('broadcast:update', ({ broadcastId }) => ({ broadcastId, ...details })),
    expected: ownedActing('not_found'),
  },
  'channel:ban': {
    ask: call('channel:ban', (subject, world) => ({ ...ofStream(subject), ...bystander(subject, world) })),
    expected: ownedActing('forbidden'),
  },
  'channel:unban': {
    ask: call('channel:unban', (subject, world) => ({ ...ofStream(subject), ...bystander(subject, world) })),
    expected: ownedActing('forbidden'),
  },
  'chat:send': {
    ask: call('chat:send', (subject) => ({ ...once(), ...ofStream(subject), text: 'Hello' })),
    expected: acting(),
  },
  'chat:history': {
    ask: call('chat:history', (subject) => ({ ...ofStream(subject), beforeSeq: 9 })),
    expected: all(),
  },
  'like:add': { ask: call('like:add', ({ broadcastId }) => ({ broadcastId })), expected: acting() },
  'like:remove': { ask: call('like:remove', ({ broadcastId }) => ({ broadcastId })), expected: acting() },
  'follow:add': { ask: call('follow:add', bystander), expected: acting() },
  'follow:remove': { ask: call('follow:remove', bystander), expected: acting() },
  'mute:add': { ask: call('mute:add', bystander), expected: acting() },
  'mute:remove': { ask: call('mute:remove', bystander), expected: acting() },
  // Only the owner was asked: nobody else lets somebody follow in their place.
  'follow-request:accept': {
    ask: call('follow-request:accept', bystander),
    expected: ownedActing('not_found'),
  },
  'follow-request:decline': { ask: call('follow-request:decline', bystander), expected: acting() },
  'block:add': { ask: call('block:add', bystander), expected: acting() },
  'block:remove': { ask: call('block:remove', bystander), expected: acting() },
  'notifications:read': { ask: call('notifications:read', () => ({ upTo: 1 })), expected: self() },
  'notifications:list': { ask: call('notifications:list', () => ({ beforeSeq: 9 })), expected: self() },
  'media:capabilities': {
    ask: call('media:capabilities', ofStream),
    expected: { ...all(), suspended: 'stream_not_live' },
  },
  // Watching is for all; sending is below.
  'media:open-transport': {
    ask: call('media:open-transport', (subject) => ({ ...ofStream(subject), direction: 'send' })),
    expected: { ...owned('forbidden'), anonymous: 'forbidden', suspended: 'forbidden' },
  },
  'media:connect-transport': {
    ask: call('media:connect-transport', (subject) => ({ ...ofTransport(subject), ...DTLS })),
    expected: onlyOwner(),
  },
  'media:restart-ice': { ask: call('media:restart-ice', ofTransport), expected: onlyOwner() },
  'media:consume': {
    ask: call('media:consume', (subject) => ({ ...ofTransport(subject), rtpCapabilities: {} })),
    expected: onlyOwner(),
  },
  'media:produce': {
    ask: call('media:produce', (subject) => ({ ...ofTransport(subject), ...RTP })),
    // A transport to watch by sends nothing.
    expected: ownedActing('not_found', 'forbidden'),
  },
  'media:resume': { ask: call('media:resume', ofConsumer), expected: onlyOwner() },
  'media:pause': { ask: call('media:pause', ofConsumer), expected: onlyOwner() },
  'media:set-layers': {
    ask: call('media:set-layers', (subject) => ({ ...ofConsumer(subject), spatialLayer: 0 })),
    expected: onlyOwner(),
  },
  'media:close-transport': { ask: call('media:close-transport', ofTransport), expected: onlyOwner() },
  'watch:report': {
    ask: call('watch:report', ({ videoId }) => viewing(videoId)),
    expected: all(),
  },
  'broadcast:end': {
    ask: call('broadcast:end', ({ scheduledId }) => ({ broadcastId: scheduledId })),
    expected: ownedActing('not_found'),
  },
}

/** Connections are their viewer's alone; for everybody else they are not there. */
function onlyOwner(): Expected {
  return { ...all('not_found'), owner: 'done' }
}

/** For all others, of whatever role, it is not there. */
const ownTopic = (): Expected => ({ ...all('not_found'), owner: 'done', suspended: 'done' })
const publicTopic = (): Expected => all()

export const TOPICS: Record<TopicPattern, Row> = {
  'stream:{streamId}': { ask: topic(({ streamId }) => `stream:${streamId}`), expected: publicTopic() },
  'counters:stream:{streamId}': {
    ask: topic(({ streamId }) => `counters:stream:${streamId}`),
    expected: publicTopic(),
  },
  'chat:{streamId}': { ask: topic(({ streamId }) => `chat:${streamId}`), expected: publicTopic() },
  'counters:account:{accountId}': {
    ask: topic(({ accountId }) => `counters:account:${accountId}`),
    expected: publicTopic(),
  },
  'directory:live': { ask: topic(() => 'directory:live'), expected: publicTopic() },
  'media:status': { ask: topic(() => 'media:status'), expected: open() },
  'notifications:{userId}': {
    ask: topic(({ accountId }) => `notifications:${accountId}`),
    expected: ownTopic(),
  },
  'account-data:{userId}': {
    ask: topic(({ accountId }) => `account-data:${accountId}`),
    expected: ownTopic(),
  },
  'counters:video:{videoId}': {
    ask: topic(({ videoId }) => `counters:video:${videoId}`),
    expected: publicTopic(),
  },
  'premiere:{videoId}': { ask: topic(({ videoId }) => `premiere:${videoId}`), expected: publicTopic() },
  'video-manager:{userId}': {
    ask: topic(({ accountId }) => `video-manager:${accountId}`),
    expected: ownTopic(),
  },
  'notification-state:{userId}': {
    ask: topic(({ accountId }) => `notification-state:${accountId}`),
    expected: ownTopic(),
  },
  'follow-answers:{userId}': {
    ask: topic(({ accountId }) => `follow-answers:${accountId}`),
    expected: ownTopic(),
  },
  'feed:{userId}': { ask: topic(({ accountId }) => `feed:${accountId}`), expected: ownTopic() },
}
