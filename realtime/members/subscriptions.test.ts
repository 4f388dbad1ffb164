import { describe, expect, test } from 'vitest'
import { AppError } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/log.ts'
import type { Viewer } from '../../src/core/viewer.ts'
import { createSession, createSessions, type Session } from '../session.ts'
import type { TopicHub } from '../topics/hub.ts'
import { createTopicNames } from '../topics/names.ts'
import { createRejudging } from './rejudging.ts'
import { createSubscriptions, type TopicRights } from './subscriptions.ts'

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }
const names = createTopicNames({
  'chat:{id}': { summary: '', class: 'durable', item: {} as never },
  'stream:{id}': { summary: '', class: 'live', item: {} as never },
})
const TOPICS = ['chat:x', 'stream:x']
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Members of two topics whose rights the test decides: `mayEnter` is what the database says, `answer` lets a question through. */
function setUp() {
  const mayEnter = new Map<string, boolean>()
  const waiting: (() => void)[] = []
  const questions: number[] = []
  let isHeld = false
  const judge: TopicRights = async (viewers) => {
    questions.push(viewers.length)
    // What is read stands before the answer arrives.
    const allowed = new Map(viewers.map(({ id }) => [id, mayEnter.get(id)]))
    if (isHeld) await new Promise<void>((resolve) => waiting.push(resolve))
    return ({ id }) => ({ refusal: allowed.get(id) ? undefined : new AppError('not_found') })
  }
  const sessions = createSessions()
  const inside = new Map<string, Set<string>>()
  const hub = {
    join: async ({ name }: { name: string }) => ({
      ...{ topic: name, class: 'live', position: { epoch: 'e', offset: 0 }, recovered: true, items: [] },
    }),
    left() {},
  } as unknown as TopicHub
  const subscriptions = createSubscriptions({
    nowMs: () => 0,
    ...{ hub, names, sessions, log: silent, hooks: {} },
    rights: { 'chat:{id}': judge, 'stream:{id}': judge },
  })
  const closed: string[] = []
  const add = (id: string): Session => {
    const rooms = new Set<string>()
    inside.set(id, rooms)
    mayEnter.set(id, true)
    const socket = {
      ...{ id, connected: true },
      join: (room: string) => void rooms.add(room),
      leave: (room: string) => void rooms.delete(room),
      emit: (_event: string, { topic, code }: { topic: string; code: string }) =>
        void closed.push(`${id} ${topic} ${code}`),
    }
    const session = createSession(socket as never, { id } as Viewer)
    sessions.add(session)
    return session
  }
  return {
    ...{ subscriptions, mayEnter, questions, closed, add },
    roomsOf: (id: string) => [...(inside.get(id) ?? [])],
    join: async (session: Session) => {
      const answers = await subscriptions.join(
        session,
        TOPICS.map((topic) => ({ topic })),
      )
      return answers.map((answer) => ('error' in answer ? answer.error.code : 'in'))
    },
    hold: () => {
      isHeld = true
    },
    release: () => {
      isHeld = false
      for (const go of waiting.splice(0)) go()
    },
  }
}

describe('a change of rights during a join', () => {
  test('that comes while rights are read makes them be read again', async () => {
    const { subscriptions, mayEnter, add, join, hold, release, roomsOf } = setUp()
    const bob = add('bob')
    hold()
    const joined = join(bob)
    await turn()
    mayEnter.set('bob', false)
    await subscriptions.rejudge(TOPICS)
    release()
    expect(await joined).toEqual(['not_found', 'not_found'])
    expect(roomsOf('bob')).toEqual([])
  })

  test('that is about others does not ask again', async () => {
    const { subscriptions, add, join, hold, release, questions } = setUp()
    const bob = add('bob')
    hold()
    const joined = join(bob)
    await turn()
    await subscriptions.rejudge(TOPICS, ['somebody else'])
    release()
    expect(await joined).toEqual(['in', 'in'])
    expect(questions).toHaveLength(TOPICS.length)
  })

  test('a topic that is closed between the question and the subscription stays closed to them', async () => {
    const { subscriptions, add, join, hold, release, roomsOf } = setUp()
    const bob = add('bob')
    hold()
    const joined = join(bob)
    await turn()
    subscriptions.close('chat:x', 'forbidden', ['bob'])
    release()
    expect(await joined).toEqual(['not_found', 'in'])
    expect(roomsOf('bob')).toEqual(['stream:x'])
  })

  // Before, between and after the turns of the promises that an answer takes.
  test.each(Array.from({ length: 16 }, (_, turns) => turns))(
    'that comes %i turns after the answer of the database puts them out',
    async (turns) => {
      const { subscriptions, mayEnter, add, join, hold, release, roomsOf } = setUp()
      const bob = add('bob')
      hold()
      const joined = join(bob)
      await turn()
      release()
      for (let i = 0; i < turns; i++) await Promise.resolve()
      mayEnter.set('bob', false)
      await subscriptions.rejudge(TOPICS)
      await joined
      expect(roomsOf('bob')).toEqual([])
    },
  )
})

test('a thousand members are judged in one question a topic, and only those who may not stay are put out', async () => {
  const { subscriptions, mayEnter, add, join, questions, closed, roomsOf } = setUp()
  const ids = Array.from({ length: 1000 }, (_, i) => `m${i}`)
  for (const id of ids) await join(add(id))
  questions.length = 0
  const outsiders = ids.filter((_, i) => i % 10 !== 0)
  for (const id of outsiders) mayEnter.set(id, false)
  await subscriptions.rejudge(TOPICS)
  expect(questions).toEqual([1000, 1000])
  expect(closed).toHaveLength(outsiders.length * TOPICS.length)
  expect(ids.filter((id) => roomsOf(id).length > 0)).toHaveLength(100)
})

test('who joins anew although they may no longer is put out by that', async () => {
  const { mayEnter, add, join, roomsOf } = setUp()
  const bob = add('bob')
  expect(await join(bob)).toEqual(['in', 'in'])
  mayEnter.set('bob', false)
  expect(await join(bob)).toEqual(['not_found', 'not_found'])
  expect(roomsOf('bob')).toEqual([])
})

test('what could not be judged is judged again until it could', async () => {
  let failures = 2
  const judged: string[] = []
  let onDone = () => {}
  const done = new Promise<void>((resolve) => {
    onDone = resolve
  })
  const flaky = async (streamId: string) => {
    if (failures-- > 0) throw new Error('The database is away.')
    judged.push(streamId)
    onDone()
  }
  const sound = async (streamId: string) => void judged.push(`${streamId} at once`)
  await createRejudging({ parts: [flaky, sound], log: silent })('x')
  expect(judged).toEqual(['x at once'])
  await done
  expect(judged).toEqual(['x at once', 'x'])
})
