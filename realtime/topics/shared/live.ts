import { AppError } from '../../../src/core/errors.ts'
import type { Logger } from '../../../src/core/log.ts'
import type { ItemsFrame, JoinedTopic, Position } from '../../../src/core/topics.ts'
import type { ParsedTopic } from '../names.ts'
import { joinLive, type LiveTopics } from '../own/live.ts'
import type { Pacing } from '../pace/pacing.ts'
import { Topic } from '../topic.ts'
import { createOutbox, HISTORY_ITEMS, LIFE_MS } from './outbox.ts'
import { listKey, metaKey, type TopicScripts } from './scripts.ts'
import type { Wire, WireMessage } from './wire.ts'

type Deps = {
  wire: Wire
  scripts: TopicScripts
  emit: (frame: ItemsFrame) => void
  pacing: Pacing
  log: Logger
  nowMs: () => number
}

type Entry = {
  loaded: Promise<Topic>
  /** What is known here; replaced when the topic begins a new epoch. Undefined until it is loaded. */
  topic: Topic | undefined
  early: WireMessage[]
  members: number
  isReading: boolean
  isStale: boolean
}

/** Topics with traffic are compared with their head this often; a push that was lost is found then. */
const ACTIVE_CHECK_MS = 2000
/** All topics with members: it also keeps them alive in Redis. */
const FULL_CHECK_MS = 30_000

/**
 * Live topics that all gateways share. Redis gives offsets and keeps the history; what is here is a copy for the local
 * members, read once when the first of them joins and kept by the wire.
 *
 *   loading ──channel confirmed, head and items read──▶ ready ──a hole, another epoch, a return of Redis──▶ reading ──▶ ready
 *
 * While Redis is away, members hear nothing new and joins are answered from the copy, or with `unavailable` without one.
 */
export function createSharedLive({ wire, scripts, emit, pacing, log, nowMs }: Deps): LiveTopics {
  const { link } = wire
  const entries = new Map<string, Entry>()
  const active = new Set<string>()
  const outbox = createOutbox({
    ...{ wire, scripts },
    onAppended: (name, epoch, first, items) => incoming(name, { e: epoch, r: [[first, items]] }),
  })

  function open(name: string): Entry {
    const found = entries.get(name)
    if (found) return found
    const entry: Entry = {
      ...{ loaded: load(name), topic: undefined, early: [], members: 0, isReading: false, isStale: false },
    }
    entries.set(name, entry)
    entry.loaded.then(
      (topic) => {
        entry.topic = topic
        topic.members = entry.members
        for (const message of entry.early.splice(0)) incoming(name, message)
      },
      () => forget(name, entry),
    )
    return entry
  }

  async function load(name: string): Promise<Topic> {
    try {
      await wire.follow(name, (message) => incoming(name, message))
      return make(name, await read(name, { epoch: '', offset: 0 }))
    } catch (cause) {
      log.debug({ topic: name, error: cause }, 'A topic could not be loaded')
      throw new AppError('unavailable', undefined, undefined, { cause })
    }
  }

  async function read(name: string, { epoch, offset }: Position) {
    const keys = [metaKey(name), listKey(name)]
    const answer = (await scripts.read(keys, [epoch, offset, LIFE_MS])) as [string, number, string[]]
    return { epoch: answer[0], head: answer[1], items: answer[2].map((json) => JSON.parse(json) as unknown) }
  }

  type Read = Awaited<ReturnType<typeof read>>

  function make(name: string, { epoch, head, items }: Read): Topic {
    const options = { name, epoch, head, seed: items, capacity: HISTORY_ITEMS }
    return new Topic({ ...options, nowMs: nowMs(), emit, pacing })
  }

  function incoming(name: string, message: WireMessage): void {
    const entry = entries.get(name)
    if (!entry) return
    active.add(name)
    const { topic } = entry
    if (!topic) return void entry.early.push(message)
    if (message.e !== topic.epoch) return void bringUpToDate(name, entry)
    for (const [first, items] of message.r) if (topic.accept(first, items)) void bringUpToDate(name, entry)
  }

  /** One read at a time, however many holes there are. */
  async function bringUpToDate(name: string, entry: Entry): Promise<void> {
    if (entry.isReading || !entry.topic) {
      entry.isStale = true
      return
    }
    entry.isReading = true
    entry.isStale = false
    try {
      const known = entry.topic.position
      apply(name, entry, await read(name, known), known)
    } catch {
      link.suspect()
    } finally {
      entry.isReading = false
    }
    if (entry.isStale && link.isUp()) await bringUpToDate(name, entry)
  }

  function apply(name: string, entry: Entry, found: Read, known: Position): void {
    const { topic } = entry
    if (!topic || topic.epoch !== known.epoch) return
    const isWhole = found.epoch === known.epoch && found.items.length >= found.head - known.offset
    if (isWhole) return void topic.accept(known.offset + 1, found.items)
    // What was missed can't be had. A frame that does not fit makes every member ask, and be told that there is a gap.
    topic.stop()
    entry.topic = make(name, found)
    entry.topic.members = entry.members
    entry.loaded = Promise.resolve(entry.topic)
    log.info({ topic: name, from: known.epoch, to: found.epoch }, 'A topic begins anew')
    if (entry.members > 0)
      emit({ topic: name, epoch: found.epoch, offset: found.head, items: found.items.slice(-1) })
  }

  /** Who comes from a node that was told more than this one so far: what they have seen is there to be read. */
  async function catchUp(name: string, { topic }: Entry, since: Position): Promise<void> {
    const known = topic?.position
    if (!known || since.epoch !== known.epoch || since.offset <= known.offset || !link.isUp()) return
    const entry = entries.get(name)
    const found = await read(name, known).catch(() => link.suspect())
    if (found && entry) apply(name, entry, found, known)
  }

  function forget(name: string, entry: Entry): void {
    if (entries.get(name) !== entry) return
    entry.topic?.stop()
    entries.delete(name)
    active.delete(name)
    wire.unfollow(name)
  }

  function check(names: Iterable<string>): void {
    if (!link.isUp()) return
    for (const name of names) {
      const entry = entries.get(name)
      if (entry?.topic && entry.members > 0) void bringUpToDate(name, entry)
    }
  }
  const activeChecker = setInterval(() => {
    const names = [...active]
    active.clear()
    check(names)
  }, ACTIVE_CHECK_MS)
  const fullChecker = setInterval(() => check(entries.keys()), FULL_CHECK_MS)
  const unfollowLink = link.onUp(() => check(entries.keys()))

  return {
    append: outbox.append,

    async join(parsed: ParsedTopic, since: Position | undefined): Promise<JoinedTopic> {
      const entry = open(parsed.name)
      entry.members++
      if (entry.topic) entry.topic.members = entry.members
      await entry.loaded
      if (since) await catchUp(parsed.name, entry, since)
      // The newest: it may have been replaced while this one waited.
      return joinLive(entry.topic ?? (await entry.loaded), since)
    },

    left(name: string): void {
      const entry = entries.get(name)
      if (!entry) return
      entry.members--
      if (!entry.topic) return
      entry.topic.members = entry.members
      entry.topic.touchedAtMs = nowMs()
    },

    sweep(keepMs: number): void {
      for (const [name, entry] of entries) {
        const isIdle = entry.members <= 0 && entry.topic && nowMs() - entry.topic.touchedAtMs >= keepMs
        if (isIdle) forget(name, entry)
      }
    },

    size: () => entries.size,

    stop(): void {
      clearInterval(activeChecker)
      clearInterval(fullChecker)
      unfollowLink()
      outbox.stop()
      for (const { topic } of entries.values()) topic?.stop()
    },
  }
}
