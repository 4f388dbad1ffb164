import { randomUUID } from 'node:crypto'
import { io, type Socket } from 'socket.io-client'
import type { TopicItem } from '../../src/contract/index.ts'
import type { Ack } from '../../src/core/errors.ts'
import { systemClock } from '../../src/core/time.ts'
import type { ItemsFrame } from '../../src/core/topics.ts'
import { createSocketTokens } from '../../src/infra/access/tokens/socket-tokens.ts'
import type { TestApp } from './app.ts'
import { CROWD_SECRET } from './crowd.ts'
import { socketUrl } from './raw-socket.ts'

type Line = TopicItem<`chat:${string}`>

/** A plain socket that takes everything it is sent, as a program would that ignores that it was put out. */
export type Member = {
  socket: Socket
  /** Lines of chats that reached it. */
  lines: { text: string; atMs: number }[]
  /** Topics it was put out of. */
  closed: { topic: string; code: string; atMs: number }[]
  ask(call: string, input: object): Promise<Ack<unknown>>
}

/** Longer than an answer takes while a thousand others are being answered. */
const ANSWER_MS = 30_000

/** The token of somebody without an account, of an app with the secret of crowds. */
export async function visitorToken(): Promise<string> {
  const tokens = createSocketTokens({ secretKey: CROWD_SECRET, clock: systemClock })
  return (await tokens.sign({ id: `anon:${randomUUID()}` })).token
}

export async function openMember(app: TestApp, token: string): Promise<Member> {
  const socket = io(socketUrl(app), { auth: { token }, transports: ['websocket'], forceNew: true })
  const member: Member = {
    ...{ socket, lines: [], closed: [] },
    ask: (call, input) => socket.timeout(ANSWER_MS).emitWithAck(call, input),
  }
  socket.on('topic:items', ({ topic, items }: ItemsFrame<Line>) => {
    if (topic.startsWith('chat:')) member.lines.push(...items.map(({ text }) => ({ text, atMs: Date.now() })))
  })
  socket.on('topic:closed', (closed: { topic: string; code: string }) => {
    member.closed.push({ ...closed, atMs: Date.now() })
  })
  await new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(undefined))
    socket.once('connect_error', reject)
  })
  return member
}

/** Joins topics; answers `in` or the code of the refusal for each. */
export async function joinAll({ ask }: Pick<Member, 'ask'>, topics: readonly string[]): Promise<string[]> {
  type Answers = { topics: { error?: { code: string } }[] }
  const ack = (await ask('topic:join', { topics: topics.map((topic) => ({ topic })) })) as Ack<Answers>
  if (!ack.ok) throw new Error(`The join failed with ${ack.error.code}.`)
  return ack.data.topics.map(({ error }) => error?.code ?? 'in')
}
