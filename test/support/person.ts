import { randomUUID } from 'node:crypto'
import { createConnection } from '../../client/connection.ts'
import { type Api, createApi } from '../../client/http.ts'
import type { Connection } from '../../client/types.ts'
import type { AnyTopicName, RouteResponse, TopicItem } from '../../src/contract/index.ts'
import { until } from './until.ts'

type Account = NonNullable<RouteResponse<'me'>['account']>

/** Somebody with a client: the real client package over HTTP and a socket. */
export type Person = {
  api: Api
  connection: Connection
  bearer: string | undefined
  email: string
  /** Signed-in people only. */
  account: Account
  /** Follows a topic and keeps everything it was told. */
  follow<N extends AnyTopicName>(topic: N): Followed<TopicItem<N>>
}

export type Followed<Item> = {
  items: Item[]
  gaps: number
  closed: string[]
  stop(): void
}

/** Of everybody in tests. */
export const PASSWORD = 'a long password'

/** Registers, takes the link from the development inbox, verifies and signs in, as a person would. */
export async function signUp(baseUrl: string, handle: string): Promise<Person> {
  const anonymous = createApi({ baseUrl })
  const email = emailOf(handle)
  const body = { handle, displayName: handle, email, password: PASSWORD }
  await anonymous.request('post /api/auth/register', { body })
  const token = await until(`a mail to ${email}`, async () => {
    const { mails } = await anonymous.request('get /api/dev/inbox')
    return mails.find((mail) => mail.to === email)?.text.match(/token=([\w-]+)/)?.[1]
  })
  const signedIn = await anonymous.request('post /api/auth/verify', { body: { token, session: 'bearer' } })
  return person(baseUrl, signedIn.bearer, signedIn.account)
}

export async function visitor(baseUrl: string): Promise<Person> {
  return person(baseUrl, undefined, undefined)
}

/** The api and connection of somebody whose login session is known; anonymous without a bearer. */
export function personWith(baseUrl: string, bearer: string | undefined, account?: Account): Person {
  return person(baseUrl, bearer, account)
}

const emailOf = (handle: string) => `${handle}@example.com`

function person(baseUrl: string, bearer: string | undefined, account: Account | undefined): Person {
  const api = createApi({ baseUrl, bearer: () => bearer })
  const connection = createConnection({
    origin: baseUrl,
    getConfig: () => api.request('get /api/config'),
    getToken: async () => (await api.request('post /api/socket-token')).token,
  })
  const email = emailOf(account?.handle ?? 'nobody')
  const own = { api, connection, bearer, email, account: account as Account }
  return { ...own, follow: (topic) => follow(connection, topic) }
}

function follow<N extends AnyTopicName>(connection: Connection, topic: N): Followed<TopicItem<N>> {
  const followed: Followed<TopicItem<N>> = { items: [], gaps: 0, closed: [], stop: () => {} }
  followed.stop = connection.subscribe(topic, {
    onItems: (items) => void followed.items.push(...items),
    onStart: (items, _at, isGap) => {
      followed.items.push(...items)
      if (isGap) followed.gaps++
    },
    onClosed: (code) => void followed.closed.push(code),
  })
  return followed
}

export const clientId = (): string => randomUUID()
