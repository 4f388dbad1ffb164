import { randomUUID } from 'node:crypto'
import { createApi } from '../../client/http.ts'
import { type RouteName, routes } from '../../src/contract/index.ts'
import type { Ack } from '../../src/core/errors.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { sendMedia } from '../support/peers/peers.ts'
import { clientId, PASSWORD, type Person } from '../support/person.ts'
import { pictureOf } from '../support/pictures.ts'
import { rawSocket } from '../support/raw-socket.ts'
import { openSql } from '../support/sql.ts'
import { about, apiOf, appoint } from '../support/staff.ts'
import { plantPlaylist, plantVideo } from '../support/videos.ts'

export const ROLES = ['anonymous', 'other', 'owner', 'moderator', 'admin', 'suspended', 'token'] as const
export type Role = (typeof ROLES)[number]

/** Everything that belongs to somebody, by the ids that a request can name it by. */
export type Subject = {
  accountId: string
  handle: string
  streamId: string
  /** On air, and one that waits. */
  broadcastId: string
  scheduledId: string
  sessionId: string
  tokenId: string
  passkeyId: string
  /** Public, and out. */
  videoId: string
  /** Public too. */
  playlistId: string
  transportId: string
  consumerId: string
}

/** Somebody who asks: over HTTP by a route's name, over a socket by a call's. */
export type Asker = {
  route(name: RouteName, input?: object): Promise<string>
  call(name: string, input: object): Promise<string>
  topic(topic: string): Promise<string>
}

export type World = AsyncDisposable & {
  /** `needs`: the scope that is asked for, which the token of this role was not given. */
  asker(role: Role, needs: string | undefined): Asker
  /** What the role asks about: the owner's, and for whoever is suspended their own. */
  subject(role: Role): Subject
  /** Somebody who takes no part, whom things are done to. */
  bystander: { accountId: string; handle: string }
  /** A file that may be uploaded. */
  picture: Uint8Array<ArrayBuffer>
}

const nameOf = ({ code, details }: { code: string; details?: Record<string, unknown> }) =>
  [code, details?.reason].filter(Boolean).join(' ')

type Api = ReturnType<typeof createApi>

function askerOf(api: Api, ask: (call: string, input: object) => Promise<Ack<unknown>>): Asker {
  const request = api.request as (key: string, input?: object) => Promise<unknown>
  return {
    route: (name, input) =>
      request(`${routes[name].method} ${routes[name].path}`, input).then(() => 'done', nameOf),
    call: async (name, input) => {
      const ack = await ask(name, input)
      return ack.ok ? 'done' : nameOf(ack.error)
    },
    async topic(topic) {
      const ack = await ask('topic:join', { topics: [{ topic }] })
      if (!ack.ok) return nameOf(ack.error)
      const [joined] = (ack.data as { topics: { error?: { code: string } }[] }).topics
      await ask('topic:leave', { topics: [topic] })
      return joined?.error ? nameOf(joined.error) : 'done'
    },
  }
}

const socketAsker = async (app: TestApp, api: Api) => {
  const token = async () => (await api.request('post /api/socket-token')).token
  const { ask, close } = await rawSocket(app, { token })
  return { asker: askerOf(api, ask), ask, close }
}

const details = { category: 'talk', visibility: 'public' } as const
/** An hour from now, as everything that is announced here. */
export const later = () => Date.now() + 3_600_000

/** One of everything for an account; `isLive` with a picture that is really sent and watched. */
async function furnish(app: TestApp, person: Person, isLive: boolean) {
  const { api, connection, account, email } = person
  const announced = { clientId: clientId(), title: 'Later', ...details, scheduledFor: later() }
  const started = isLive
    ? await connection.call('broadcast:start', { clientId: clientId(), title: 'Now', ...details })
    : await connection.call('broadcast:schedule', { ...announced, clientId: clientId() })
  const scheduled = await connection.call('broadcast:schedule', announced)
  await createApi({ baseUrl: app.url }).request('post /api/auth/sign-in', {
    body: { email, password: PASSWORD, session: 'bearer' },
  })
  const { sessions } = await api.request('get /api/account/sessions')
  const body = { name: 'Spare', scopes: ['read' as const], expiresInDays: 1 }
  const { details: token } = await api.request('post /api/account/tokens', { body })
  const passkeyId = randomUUID()
  await using sql = openSql(app)
  await sql`insert into passkeys (id, user_id, name, credential_id, public_key, counter, transports, is_synced)
    values (${passkeyId}, ${account.id}, 'Key', ${randomUUID()}, 'AAAA', 0, '{}', false)`
  const videoId = await plantVideo(sql, { ownerId: account.id })
  const playlistId = await plantPlaylist(sql, { ownerId: account.id, videoIds: [videoId] })
  return {
    ...{ accountId: account.id, handle: account.handle, streamId: account.streamId, videoId, playlistId },
    ...{ broadcastId: started.id, scheduledId: scheduled.id, passkeyId, tokenId: token.id },
    sessionId: sessions.find(({ isCurrent }) => !isCurrent)?.id ?? '',
    ...{ transportId: 'none', consumerId: 'none' },
  }
}

/** The transport and a consumer of somebody who watches, by the ids that signalling names them by. */
async function watch({ call }: { call: Ask }, streamId: string) {
  const opened = await call<{ transportId: string }>('media:open-transport', { streamId, direction: 'recv' })
  const { rtpCapabilities } = await call<{ rtpCapabilities: object }>('media:capabilities', { streamId })
  const { transportId } = opened
  const { consumers } = await call<{ consumers: { consumerId: string }[] }>('media:consume', {
    ...{ transportId, rtpCapabilities },
  })
  return { transportId, consumerId: consumers[0]?.consumerId ?? '' }
}
type Ask = <T>(name: string, input: object) => Promise<T>

/** An owner with one of everything, who is live; everybody else who may ask; and somebody suspended with things of their own. */
export async function createWorld(): Promise<World> {
  const app = await startApp()
  const names = ['owner', 'other', 'moderator', 'admin', 'suspended', 'bystander'] as const
  const entered = await Promise.all(
    names.map(async (name) => [name, await app.person(`the_${name}`)] as const),
  )
  const people = Object.fromEntries(entered) as Record<(typeof names)[number], Person>
  await appoint(app, people.moderator, 'moderator')
  await appoint(app, people.admin, 'admin')
  const owners = await furnish(app, people.owner, true)
  const sender = await sendMedia(app, people.owner)
  const suspendeds = await furnish(app, people.suspended, false)
  await people.admin.api.request('put /api/admin/people/{accountId}/sanction', {
    ...about(people.suspended),
    body: { kind: 'suspended', reason: 'For the test' },
  })
  await people.bystander.api.request('post /api/account/upgrades', { body: { kind: 'advertiser', note: '' } })
  await using sql = openSql(app)
  await sql`insert into follow_requests (requester_id, target_id)
    values (${people.bystander.account.id}, ${people.owner.account.id})`

  const anonymous = await app.visitor()
  const tokenFor = (scopes: ['read'] | ['chat:write']) =>
    people.owner.api
      .request('post /api/account/tokens', { body: { name: 'Other scope', scopes, expiresInDays: 1 } })
      .then(({ token }) => apiOf(app, token))
  const apis = {
    ...{ anonymous: anonymous.api, other: people.other.api, owner: people.owner.api },
    ...{ moderator: people.moderator.api, admin: people.admin.api, suspended: people.suspended.api },
    ...{ reader: await tokenFor(['read']), writer: await tokenFor(['chat:write']) },
  }
  const opened = await Promise.all(
    Object.entries(apis).map(async ([name, api]) => [name, await socketAsker(app, api)] as const),
  )
  const askers = Object.fromEntries(opened) as Record<keyof typeof apis, (typeof opened)[number][1]>
  const call: Ask = async <T>(name: string, input: object) => {
    const ack = await askers.owner.ask(name, input)
    if (!ack.ok) throw new Error(`${name} was refused: ${ack.error.code}`)
    return ack.data as T
  }
  const ofOwner = { ...owners, ...(await watch({ call }, owners.streamId)) }
  return {
    asker: (role, needs) => askers[role !== 'token' ? role : needs === 'read' ? 'writer' : 'reader'].asker,
    subject: (role) => (role === 'suspended' ? suspendeds : ofOwner),
    bystander: { accountId: people.bystander.account.id, handle: people.bystander.account.handle },
    picture: new Uint8Array(await pictureOf('png')),
    async [Symbol.asyncDispose]() {
      for (const [, { close }] of opened) close()
      await sender[Symbol.asyncDispose]()
      await app[Symbol.asyncDispose]()
    },
  }
}
