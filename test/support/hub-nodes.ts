import { createSubscriber } from '../../client/subscriber.ts'
import { streams, topicHeads, users } from '../../drizzle/schema/index.ts'
import { createTopicHub, type TopicHub } from '../../realtime/topics/hub.ts'
import { createTopicNames, type ParsedTopic } from '../../realtime/topics/names.ts'
import { createWire } from '../../realtime/topics/shared/wire.ts'
import { topics as topicSpecs } from '../../src/contract/index.ts'
import { newId } from '../../src/core/ids.ts'
import type { ItemsFrame, JoinedTopic } from '../../src/core/topics.ts'
import { createChatRepo } from '../../src/features/chat/chat.repo.ts'
import { type ChatService, createChatService } from '../../src/features/chat/chat.service.ts'
import { relationOf } from '../../src/features/safety/visibility.service.ts'
import { type Database, openDatabase } from '../../src/infra/db.ts'
import { createLog } from '../../src/infra/log/log.ts'
import type { RedisLink } from '../../src/infra/redis/client.ts'
import { type Recorder, recorder } from './delivery.ts'
import { clientId } from './person.ts'
import { createTestDatabase } from './postgres.ts'

/** The topics of one gateway with the chat's table behind them, without its sockets. */
export type HubNode = {
  hub: TopicHub
  chat: ChatService
  link: RedisLink | undefined
  /** Frames that came out, and how many items came in from other nodes. */
  frames: ItemsFrame[]
  received(): number
  /** Says a line in the chat that all share; answers its seq. */
  say(text: string): Promise<number>
  clients: Set<{ frame(frame: ItemsFrame): void }>
}

export type HubNodes = AsyncDisposable & { nodes: HubNode[]; streamId: string; chatTopic: string }

const log = createLog({ LOG_LEVEL: 'silent' })
const names = createTopicNames(topicSpecs)
export const parsed = (name: string) => names(name) as ParsedTopic

/** One node for each link on one database; `undefined` is a process that is alone. */
export async function startHubNodes(links: readonly (RedisLink | undefined)[]): Promise<HubNodes> {
  const database = await createTestDatabase()
  const db = openDatabase({ url: database.appUrl, pool: 4, log })
  const { account, streamId } = await plantChat(db)
  const nodes = links.map((link) => startNode({ link, db, account, streamId }))
  return {
    ...{ nodes, streamId, chatTopic: `chat:${streamId}` },
    async [Symbol.asyncDispose]() {
      for (const { hub } of nodes) hub.stop()
      for (const link of links) await link?.[Symbol.asyncDispose]()
      await db[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

async function plantChat({ orm }: Database) {
  const account = { id: newId(), handle: 'author', displayName: 'Author', role: 'member' as const }
  const streamId = newId()
  await orm.insert(users).values(account)
  await orm.insert(streams).values({ id: streamId, ownerId: account.id })
  await orm.insert(topicHeads).values({ topic: `chat:${streamId}`, seq: 0, epoch: 'of the test' })
  return { account, streamId }
}

type Start = {
  link: RedisLink | undefined
  db: Database
  account: Awaited<ReturnType<typeof plantChat>>['account']
  streamId: string
}

function startNode({ link, db, account, streamId }: Start): HubNode {
  let received = 0
  const frames: ItemsFrame[] = []
  const clients: HubNode['clients'] = new Set()
  const sources: Parameters<typeof createTopicHub>[0]['sources'] = {
    get 'chat:{streamId}'() {
      return chat.source
    },
  }
  const hub = createTopicHub({
    ...{ names, sources, log, pacing: { level: () => 0, report() {} } },
    nowMs: () => performance.now(),
    wire: link && createWire(link, (_topic, items) => (received += items)),
    emit(frame) {
      frames.push(frame)
      for (const client of clients) client.frame(structuredClone(frame))
    },
  })
  const chat = createChatService({
    repo: createChatRepo(db),
    topics: { ...hub.publisher, close() {}, rejudge: async () => {} },
    mustWrite: async () => ({ isOwner: false }),
    mustSee: async () => ({
      ...{ refusal: undefined, isInside: true, isHeard: true, mayWriteAlways: false, chatHiddenUpTo: 0 },
    }),
    relations: { read: async () => () => relationOf({}) },
    crashPoint() {},
  })
  return {
    ...{ hub, chat, link, frames, clients, received: () => received },
    say: async (text) => (await chat.send({ clientId: clientId(), streamId, text, account })).seq,
  }
}

/** The client package's part of topics, joined to one node at a time, without a socket between. */
export function createHubClient(first: HubNode) {
  let node: HubNode | undefined
  let rooms = new Set<string>()
  const answers: JoinedTopic[] = []
  const subscriber = createSubscriber({
    isOnline: () => node !== undefined,
    leave: (topics) => topics.forEach(leaveOne),
    join: (requests) => Promise.all(requests.map(({ topic, since }) => joinOne(topic, since))),
  })
  const member = {
    frame: (frame: ItemsFrame) => void (rooms.has(frame.topic) && subscriber.frame(frame)),
  }

  async function joinOne(topic: string, since: Parameters<TopicHub['join']>[1]) {
    const there = node
    if (!there) throw new Error('There is no connection.')
    const isNew = !rooms.has(topic)
    rooms.add(topic)
    const answer = await there.hub.join(parsed(topic), since)
    if (!isNew) there.hub.left(parsed(topic))
    if (there !== node) throw new Error('The connection went meanwhile.')
    answers.push(answer)
    return structuredClone(answer)
  }

  function leaveOne(topic: string): void {
    if (rooms.delete(topic)) node?.hub.left(parsed(topic))
  }

  function cut(): void {
    for (const topic of rooms) node?.hub.left(parsed(topic))
    node?.clients.delete(member)
    rooms = new Set()
    node = undefined
    subscriber.pause()
  }

  function enter(next: HubNode): void {
    cut()
    node = next
    next.clients.add(member)
    subscriber.resume()
  }
  enter(first)

  return {
    ...{ cut, enter },
    /** Every answer to a join so far. */
    answers,
    follow<Item>(topic: string, toLine: Parameters<typeof recorder<Item>>[0]): Recorder<Item> {
      const record = recorder(toLine)
      subscriber.add(topic, record.listener as Parameters<typeof subscriber.add>[1])
      return record
    },
  }
}
