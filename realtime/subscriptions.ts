import type { z } from 'zod'
import type { Calls } from '../src/contract/index.ts'
import { TOPICS_PER_SOCKET } from '../src/contract/system.ts'
import { AppError, toWireError } from '../src/core/errors.ts'
import { newId } from '../src/core/ids.ts'
import type { Logger } from '../src/core/log.ts'
import type { TopicCloseCode } from '../src/core/ports.ts'
import type { Viewer } from '../src/core/viewer.ts'
import { translateOutage } from '../src/infra/outage.ts'
import type { Session, Sessions } from './session.ts'
import type { TopicHub } from './topics/hub.ts'
import type { ParsedTopic } from './topics/names.ts'

/** Which of these parameters a viewer may join the topic with; one question for all of them. */
export type TopicRights = (viewer: Viewer, params: readonly string[]) => Promise<ReadonlySet<string>>

/** What else happens when somebody joins or leaves a topic of a pattern (being counted, for one). */
export type MembershipHook = {
  joined(session: Session, param: string): void
  left(session: Session, param: string): void
}

type JoinRequest = z.output<Calls['topic:join']['input']>['topics'][number]
type JoinAnswer = z.output<Calls['topic:join']['output']>['topics'][number]

type Deps = {
  hub: TopicHub
  names: (name: string) => ParsedTopic | undefined
  /** Per pattern; a pattern without an entry may be joined by everybody. */
  rights: Readonly<Record<string, TopicRights>>
  hooks: Readonly<Record<string, MembershipHook>>
  sessions: Sessions
  log: Logger
}

/**
 * Who is in which topic. Order of a join: rights → the socket is subscribed → the position is read → answer; somebody who
 * was put out meanwhile gets `not_found` although the reading had begun.
 */
export function createSubscriptions({ hub, names, rights, hooks, sessions, log }: Deps) {
  async function join(session: Session, requests: readonly JoinRequest[]): Promise<JoinAnswer[]> {
    const parsed = requests.map(({ topic }) => names(topic))
    const allowed = await judge(
      session.viewer,
      parsed.filter((topic) => topic !== undefined),
    )
    return Promise.all(
      requests.map(async ({ topic, since }, i) => {
        // Each mention would be replayed anew: a short question with an answer of many megabytes.
        if (requests.findIndex((other) => other.topic === topic) < i) return refusal(topic, namedTwice())
        const found = parsed[i]
        if (!found || !allowed.has(found.name)) return refusal(topic, new AppError('not_found'))
        return joinOne(session, found, since).catch((error: unknown) => refusal(topic, error))
      }),
    )
  }

  async function judge(viewer: Viewer, wanted: readonly ParsedTopic[]): Promise<Set<string>> {
    const allowed = new Set<string>()
    for (const pattern of new Set(wanted.map((topic) => topic.pattern))) {
      const list = wanted.filter((topic) => topic.pattern === pattern)
      const judgeParams = rights[pattern]
      const params = list.map(({ param }) => param ?? '')
      const admitted = judgeParams ? await judgeParams(viewer, params) : new Set(params)
      for (const { name, param } of list) if (admitted.has(param ?? '')) allowed.add(name)
    }
    return allowed
  }

  async function joinOne(
    session: Session,
    topic: ParsedTopic,
    since: JoinRequest['since'],
  ): Promise<JoinAnswer> {
    if (!session.socket.connected) throw new AppError('unavailable')
    if (session.topics.has(topic.name)) return rejoin(session, topic, since)
    if (session.topics.size >= TOPICS_PER_SOCKET) {
      throw new AppError(
        'conflict',
        `A socket may be in ${TOPICS_PER_SOCKET} topics at once; leave some first.`,
      )
    }
    session.topics.set(topic.name, topic)
    void session.socket.join(topic.name)
    hooks[topic.pattern]?.joined(session, topic.param ?? '')
    const answer = await hub.join(topic, since).catch((error: unknown) => {
      // Who has left and joined again meanwhile is in by that join, not by this one.
      if (session.topics.get(topic.name) === topic) leave(session, topic.name)
      throw error
    })
    return stillIn(session, topic, answer)
  }

  /** A second join of the same socket only asks for what was missed; it must not count twice. */
  async function rejoin(
    session: Session,
    topic: ParsedTopic,
    since: JoinRequest['since'],
  ): Promise<JoinAnswer> {
    try {
      return stillIn(session, topic, await hub.join(topic, since))
    } finally {
      hub.left(topic)
    }
  }

  function stillIn(session: Session, topic: ParsedTopic, answer: JoinAnswer): JoinAnswer {
    if (!session.topics.has(topic.name)) throw new AppError('not_found')
    return answer
  }

  function refusal(topic: string, error: unknown): JoinAnswer {
    const requestId = newId()
    if (!(error instanceof AppError)) log.error({ topic, error, requestId }, 'A topic could not be joined')
    return { topic, error: toWireError(translateOutage(error), requestId) }
  }

  function unsubscribe(session: Session, topic: ParsedTopic): void {
    void session.socket.leave(topic.name)
    hooks[topic.pattern]?.left(session, topic.param ?? '')
  }

  function leave(session: Session, name: string): void {
    const topic = session.topics.get(name)
    if (!topic) return
    session.topics.delete(name)
    unsubscribe(session, topic)
    hub.left(topic)
  }

  return {
    join,
    leave,

    leaveAll(session: Session): void {
      for (const name of [...session.topics.keys()]) leave(session, name)
    },

    /** Puts members out; without `viewers`, everybody. */
    close(name: string, code: TopicCloseCode, viewers?: readonly string[]): void {
      const touched = viewers ? viewers.flatMap((viewer) => [...sessions.of(viewer)]) : [...sessions.all()]
      for (const session of touched) {
        if (!session.topics.has(name)) continue
        leave(session, name)
        session.socket.emit('topic:closed', { topic: name, code })
      }
    },
  }
}

const namedTwice = () => new AppError('conflict', 'Name each topic once per call.')
