import type { z } from 'zod'
import type { Calls } from '../../src/contract/index.ts'
import { TOPICS_PER_SOCKET } from '../../src/contract/system.ts'
import { scopeRefusal } from '../../src/core/access/scopes.ts'
import { AppError, toWireError } from '../../src/core/errors.ts'
import { newId } from '../../src/core/ids.ts'
import type { Logger } from '../../src/core/log.ts'
import type { TopicCloseCode } from '../../src/core/ports.ts'
import type { ItemsFrame } from '../../src/core/topics.ts'
import type { Viewer } from '../../src/core/viewer.ts'
import { translateOutage } from '../../src/infra/postgres/outage.ts'
import type { Session, Sessions } from '../session.ts'
import type { TopicHub } from '../topics/hub.ts'
import type { ParsedTopic } from '../topics/names.ts'

/** What somebody may do with a topic. */
export type Verdict = {
  /** Why they may not be in it; undefined admits. */
  refusal: AppError | undefined
  /** Which of the kept items are for them; all where it is left out. */
  isForThem?: (item: unknown) => boolean
  /** What of the kept items is for them, where that must be asked; only of who missed some. */
  sift?: (items: readonly unknown[]) => Promise<readonly unknown[]>
  /** How they get an item that the others in the topic get as it is, so that places stay; only for few. */
  alter?: Alter
}

export type Alter = (item: unknown) => unknown

/** Judges these viewers on a topic with these parameters; one question for all of them. */
export type TopicRights = (
  viewers: readonly Viewer[],
  params: readonly string[],
) => Promise<(viewer: Viewer, param: string) => Verdict>

/** What else happens when somebody joins or leaves a topic of a pattern (being counted, for one). */
export type MembershipHook = {
  joined(session: Session, param: string): void
  left(session: Session, param: string): void
}

type JoinRequest = z.output<Calls['topic:join']['input']>['topics'][number]
type JoinAnswer = z.output<Calls['topic:join']['output']>['topics'][number]

/** A join between the question who may and the subscription: what changes meanwhile is not lost on it. */
type Joining = {
  viewerId: string
  names: ReadonlySet<string>
  isStale: boolean
  closed: Map<string, TopicCloseCode>
}

type Deps = {
  hub: TopicHub
  names: (name: string) => ParsedTopic | undefined
  /** Per pattern; a pattern without an entry may be joined by everybody. */
  rights: Readonly<Record<string, TopicRights>>
  hooks: Readonly<Record<string, MembershipHook>>
  sessions: Sessions
  log: Logger
  /** The clock that suspensions end by. */
  nowMs: () => number
}

/**
 * Who is in which topic. Order of a join: rights → the socket is subscribed → the position is read → answer. Rights that
 * change before the subscription are asked for again; whoever is put out after it gets `not_found` although the reading
 * had begun. So of a join and a change that race, the change stands.
 */
export function createSubscriptions({ hub, names, rights, hooks, sessions, log, nowMs }: Deps) {
  const joins = new Set<Joining>()
  /** Members who are in no room, as they get items of their own: frames are sent to each of them. */
  const apart = new Map<string, Map<Session, Alter>>()

  async function join(session: Session, requests: readonly JoinRequest[]): Promise<JoinAnswer[]> {
    const parsed = requests.map(({ topic }) => names(topic))
    const wanted = parsed.filter((topic) => topic !== undefined)
    const { id: viewerId } = session.viewer
    const joining: Joining = {
      ...{ viewerId, isStale: true, closed: new Map() },
      names: new Set(wanted.map(({ name }) => name)),
    }
    joins.add(joining)
    try {
      let verdicts = new Map<string, Verdict>()
      while (joining.isStale) {
        joining.isStale = false
        verdicts = await judge(session.viewer, wanted)
      }
      for (const name of joining.closed.keys()) verdicts.set(name, { refusal: new AppError('not_found') })
      // Up to the subscription nothing waits: what changes from now on finds its member.
      const answers = requests.map(async ({ topic, since }, i) => {
        // Each mention would be replayed anew: a short question with an answer of many megabytes.
        if (requests.findIndex((other) => other.topic === topic) < i) return refusal(topic, namedTwice())
        const found = parsed[i]
        const verdict = found && verdicts.get(found.name)
        if (!verdict) return refusal(topic, new AppError('not_found'))
        if (verdict.refusal) leave(session, topic)
        if (verdict.refusal) return refusal(topic, verdict.refusal)
        return joinOne(session, found, since, verdict.alter)
          .then((answer) => forThem(answer, verdict))
          .catch((error: unknown) => refusal(topic, error))
      })
      return Promise.all(answers)
    } finally {
      joins.delete(joining)
    }
  }

  async function judge(viewer: Viewer, wanted: readonly ParsedTopic[]): Promise<Map<string, Verdict>> {
    const verdicts = new Map<string, Verdict>()
    const ofPattern = async (pattern: string) => {
      const list = wanted.filter((topic) => topic.pattern === pattern)
      const params = list.map(({ param }) => param ?? '')
      const judgement = await rights[pattern]?.([viewer], params)
      for (const { name, param, spec } of list) {
        const refusal = scopeRefusal(viewer, spec.readScope, nowMs(), spec.whileLeaving)
        verdicts.set(
          name,
          refusal ? { refusal } : (judgement?.(viewer, param ?? '') ?? { refusal: undefined }),
        )
      }
    }
    await Promise.all([...new Set(wanted.map((topic) => topic.pattern))].map(ofPattern))
    return verdicts
  }

  async function joinOne(
    session: Session,
    topic: ParsedTopic,
    since: JoinRequest['since'],
    alter: Alter | undefined,
  ): Promise<JoinAnswer> {
    if (!session.socket.connected) throw new AppError('unavailable')
    if (session.topics.has(topic.name)) {
      subscribe(session, topic.name, alter)
      return rejoin(session, topic, since)
    }
    if (session.topics.size >= TOPICS_PER_SOCKET) {
      throw new AppError(
        'conflict',
        `A socket may be in ${TOPICS_PER_SOCKET} topics at once; leave some first.`,
      )
    }
    session.topics.set(topic.name, topic)
    subscribe(session, topic.name, alter)
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

  /** In the room of a topic, or apart from it; from the one to the other where it was otherwise. */
  function subscribe(session: Session, name: string, alter: Alter | undefined): void {
    if (!alter) {
      standApart(session, name, undefined)
      void session.socket.join(name)
      return
    }
    void session.socket.leave(name)
    standApart(session, name, alter)
  }

  function standApart(session: Session, name: string, alter: Alter | undefined): void {
    const members = apart.get(name) ?? new Map<Session, Alter>()
    if (alter) members.set(session, alter)
    else members.delete(session)
    if (members.size > 0) apart.set(name, members)
    else apart.delete(name)
  }

  function unsubscribe(session: Session, topic: ParsedTopic): void {
    standApart(session, topic.name, undefined)
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

    /** Sends a frame to who stands apart from the room of its topic. */
    publishApart(frame: ItemsFrame): void {
      for (const [{ socket }, alter] of apart.get(frame.topic) ?? [])
        socket.emit('topic:items', { ...frame, items: frame.items.map(alter) })
    },

    /** Puts members out; without `viewers`, everybody. */
    close(name: string, code: TopicCloseCode, viewers?: readonly string[]): void {
      for (const joining of joiningOf(viewers)) if (joining.names.has(name)) joining.closed.set(name, code)
      for (const session of sessionsOf(viewers)) putOut(session, name, code)
    },

    /** Judges the members of these topics anew, in one question a pattern, and puts out who may not stay. */
    async rejudge(topicNames: readonly string[], viewers?: readonly string[]): Promise<void> {
      for (const joining of joiningOf(viewers))
        if (topicNames.some((name) => joining.names.has(name))) joining.isStale = true
      const judged = sessionsOf(viewers)
      const ofTopic = async (name: string) => {
        const members = judged.filter(({ topics }) => topics.has(name))
        if (members.length === 0) return
        const asked = [...new Map(members.map(({ viewer }) => [viewer.id, viewer])).values()]
        const { pattern = '', param = '' } = names(name) ?? {}
        const judgement = await rights[pattern]?.(asked, [param])
        for (const session of members) {
          if (!session.topics.has(name)) continue
          const { refusal: refused, alter } = judgement?.(session.viewer, param) ?? {}
          if (!refused) subscribe(session, name, alter)
          if (refused) putOut(session, name, refused.code === 'forbidden' ? 'forbidden' : 'not_found')
        }
      }
      await Promise.all(topicNames.map(ofTopic))
    },
  }

  function sessionsOf(viewers: readonly string[] | undefined): Session[] {
    return viewers ? viewers.flatMap((viewer) => [...sessions.of(viewer)]) : [...sessions.all()]
  }

  function joiningOf(viewers: readonly string[] | undefined): Joining[] {
    return [...joins].filter(({ viewerId }) => !viewers || viewers.includes(viewerId))
  }

  function putOut(session: Session, name: string, code: TopicCloseCode): void {
    if (!session.topics.has(name)) return
    leave(session, name)
    session.socket.emit('topic:closed', { topic: name, code })
  }
}

async function forThem(
  answer: JoinAnswer,
  { isForThem = () => true, sift, alter = (item) => item }: Verdict,
): Promise<JoinAnswer> {
  if (!('items' in answer) || answer.items.length === 0) return answer
  const items = answer.items.filter(isForThem).map(alter)
  return { ...answer, items: sift ? [...(await sift(items))] : items }
}

const namedTwice = () => new AppError('conflict', 'Name each topic once per call.')
