import type { Logger } from '../../src/core/log.ts'
import { type Batcher, createBatcher } from '../../src/core/running/batch.ts'
import type { ItemsFrame, JoinedTopic, Position } from '../../src/core/topics.ts'
import type { ParsedTopic } from './names.ts'
import type { Pacing } from './pace/pacing.ts'
import type { Wire, WireMessage } from './shared/wire.ts'
import { Topic } from './topic.ts'

type Head = { epoch: string; seq: number }

/** Where a feature keeps the items of its durable topics. Topic names and parameters are those of its pattern. */
export type DurableSource = {
  /**
   * Items are also written by processes that can't push here (jobs run apart from gateways): the head of every topic that
   * somebody is in is compared, not only of those with traffic.
   */
  isFedFromElsewhere?: boolean
  heads(topics: readonly string[]): Promise<Map<string, Head>>
  after(param: string, offset: number, limit: number): Promise<unknown[]>
  upTo(param: string, offset: number, limit: number): Promise<unknown[]>
}

type Deps = {
  names: (name: string) => ParsedTopic | undefined
  sources: Readonly<Record<string, DurableSource>>
  emit: (frame: ItemsFrame) => void
  pacing: Pacing
  /** The way to other gateways; absent where there are none. */
  wire?: Wire | undefined
  log: Logger
  nowMs: () => number
}

type Loaded = { topic: Topic; source: DurableSource; param: string; filling: Promise<void> | undefined }
type Entry = {
  /** Absent where loading has failed: the next join tries again. */
  loaded: Promise<Loaded> | undefined
  ready: Loaded | undefined
  early: [number, readonly unknown[]][]
  members: number
}

const RING_ITEMS = 500
/** Heads read by one query. */
const HEADS_MAX = 500
/** More than this was missed: loading the view anew is cheaper for both sides. */
const REPLAY_MAX_ITEMS = 1000
/** How often topics with traffic are compared with their head in the database, one query a pattern; what was lost on the way is found then. */
const HEAD_CHECK_MS = 2000
/** How often all joined topics are: what another gateway committed and died before it could tell is found then. */
const FULL_CHECK_MS = 10_000

/** The durable topics that somebody here is in (or was, lately). The database is the truth, this a cache with a wire. */
export function createDurableTopics(deps: Deps) {
  const { wire } = deps
  const entries = new Map<string, Entry>()
  const active = new Set<string>()
  const headReaders = new Map<string, Batcher<string, Head>>()

  /** Of all topics that begin at once, as after the death of a gateway, heads are read together. */
  function heads(pattern: string, source: DurableSource): Batcher<string, Head> {
    const found = headReaders.get(pattern)
    if (found) return found
    const batcher = createBatcher<string, Head>({
      maxItems: HEADS_MAX,
      async run(names) {
        const read = await source.heads(names)
        return names.map((name) => read.get(name) ?? { epoch: '0', seq: 0 })
      },
    })
    headReaders.set(pattern, batcher)
    return batcher
  }

  function open(parsed: ParsedTopic): Entry & { loaded: Promise<Loaded> } {
    const entry: Entry = entries.get(parsed.name) ?? {
      loaded: undefined,
      ready: undefined,
      early: [],
      members: 0,
    }
    entries.set(parsed.name, entry)
    entry.loaded ??= begin(parsed, entry)
    return entry as Entry & { loaded: Promise<Loaded> }
  }

  /** Loads into an entry. It stays the topic's one entry when that fails, so that who leaves is counted out where they were counted in. */
  function begin(parsed: ParsedTopic, entry: Entry): Promise<Loaded> {
    const loaded = load(parsed)
    loaded.then(
      (ready) => {
        entry.ready = ready
        ready.topic.members = entry.members
        for (const [first, items] of entry.early.splice(0)) take(ready, first, items)
      },
      () => {
        entry.loaded = undefined
        entry.early = []
        if (entry.members === 0) forget(parsed.name)
      },
    )
    return loaded
  }

  async function load({ name, pattern, spec, param = '' }: ParsedTopic): Promise<Loaded> {
    const source = deps.sources[pattern]
    if (!source) throw new Error(`No source was given for the durable topic ${pattern}.`)
    // The position is read after the subscription is confirmed. Without Redis it is read all the same: what is committed
    // elsewhere meanwhile is delivered on its return.
    if (wire) await wire.follow(name, (message) => incoming(name, message)).catch(() => {})
    const head = await heads(pattern, source).add(name)
    const options = {
      name,
      epoch: head.epoch,
      head: head.seq,
      capacity: RING_ITEMS,
      nowMs: deps.nowMs(),
      ...{ emit: deps.emit, pacing: deps.pacing, isSkippable: spec.isSkippable },
    }
    return { topic: new Topic(options), source, param, filling: undefined }
  }

  function forget(name: string): void {
    entries.get(name)?.ready?.topic.stop()
    entries.delete(name)
    wire?.unfollow(name)
  }

  function incoming(name: string, { r: runs }: WireMessage): void {
    for (const [first, items] of runs) arrived(name, first, items)
  }

  function arrived(name: string, firstSeq: number, items: readonly unknown[]): void {
    const entry = entries.get(name)
    if (!entry) return
    active.add(name)
    if (entry.ready) take(entry.ready, firstSeq, items)
    else if (entry.loaded) entry.early.push([firstSeq, items])
  }

  function take(loaded: Loaded, firstOffset: number, items: readonly unknown[]): void {
    if (loaded.topic.accept(firstOffset, items)) void fill(loaded)
  }

  /** One read for a hole, however many items wait behind it. */
  function fill(loaded: Loaded): Promise<void> {
    loaded.filling ??= readOn(loaded).finally(() => {
      loaded.filling = undefined
    })
    return loaded.filling
  }

  async function readOn(loaded: Loaded): Promise<void> {
    try {
      const from = loaded.topic.position.offset
      const items = await loaded.source.after(loaded.param, from, REPLAY_MAX_ITEMS)
      loaded.topic.accept(from + 1, items)
      // More came meanwhile, or one read was not enough: the next head check goes on.
      active.add(loaded.topic.name)
    } catch (error) {
      active.add(loaded.topic.name)
      deps.log.warn(
        { topic: loaded.topic.name, error },
        'A hole could not be filled; the next head check tries again',
      )
    }
  }

  /** Who comes from a node that was told more than this one so far: what they have seen is there to be read. */
  async function catchUp({ pattern, name }: ParsedTopic, loaded: Loaded, since: Position): Promise<void> {
    const { topic, source } = loaded
    const isBehind = () => since.epoch === topic.epoch && since.offset > topic.position.offset
    if (!isBehind() || (await heads(pattern, source).add(name)).seq < since.offset) return
    // One that was under way may have begun before.
    for (let reads = 0; reads < 2 && isBehind(); reads++) await fill(loaded)
  }

  async function checkHeads(): Promise<void> {
    const names = [...active]
    active.clear()
    try {
      await compareHeads(names)
    } catch (error) {
      for (const name of names) active.add(name)
      throw error
    }
  }

  /** One query per pattern. */
  async function compareHeads(names: readonly string[]): Promise<void> {
    const joined = wire ? names : [...entries].flatMap(([name, { members }]) => (members > 0 ? [name] : []))
    for (const [pattern, source] of Object.entries(deps.sources)) {
      const mine = (source.isFedFromElsewhere ? joined : names).filter(
        (name) => deps.names(name)?.pattern === pattern && entries.get(name)?.ready,
      )
      if (mine.length === 0) continue
      for (const [name, { seq }] of await source.heads(mine)) {
        const loaded = entries.get(name)?.ready
        if (loaded && seq > loaded.topic.position.offset) await fill(loaded)
      }
    }
  }
  function check(): void {
    checkHeads().catch((error: unknown) => deps.log.warn({ error }, 'The heads of topics could not be read'))
  }
  function checkAll(): void {
    for (const [name, { members }] of entries) if (members > 0) active.add(name)
    check()
  }
  const checker = setInterval(check, HEAD_CHECK_MS)
  const fullChecker = wire && setInterval(checkAll, FULL_CHECK_MS)
  const unfollow = wire?.link.onUp(checkAll)

  return {
    committed(name: string, firstSeq: number, items: readonly unknown[]): void {
      arrived(name, firstSeq, items)
      wire?.announce(name, firstSeq, items)
    },

    async join(parsed: ParsedTopic, since: Position | undefined): Promise<JoinedTopic> {
      const entry = open(parsed)
      entry.members++
      if (entry.ready) entry.ready.topic.members = entry.members
      const loaded = await entry.loaded
      if (since) await catchUp(parsed, loaded, since)
      return joinAt(loaded, since, parsed.spec.historyOnJoin ?? 0)
    },

    left(name: string): void {
      const entry = entries.get(name)
      if (!entry) return
      entry.members--
      if (entry.members === 0 && !entry.loaded) forget(name)
      if (!entry.ready) return
      entry.ready.topic.members = entry.members
      entry.ready.topic.touchedAtMs = deps.nowMs()
    },

    sweep(keepMs: number): void {
      for (const [name, { members, ready }] of entries) {
        if (members > 0 || !ready || deps.nowMs() - ready.topic.touchedAtMs < keepMs) continue
        forget(name)
      }
    },

    size: () => entries.size,

    stop(): void {
      clearInterval(checker)
      clearInterval(fullChecker)
      unfollow?.()
      for (const { ready } of entries.values()) ready?.topic.stop()
    },
  }
}

/** What a new member gets: what it missed since its position, or the newest items; from memory where they are kept. */
async function joinAt(
  { topic, source, param }: Loaded,
  since: Position | undefined,
  history: number,
): Promise<JoinedTopic> {
  const position = topic.position
  const answer = { topic: topic.name, class: 'durable' as const, position, recovered: true }
  const wanted = since ? position.offset - since.offset : Math.min(history, position.offset)
  const isUnknown = since !== undefined && (since.epoch !== position.epoch || since.offset > position.offset)
  if (isUnknown || wanted > REPLAY_MAX_ITEMS) return { ...answer, recovered: false, items: [] }
  if (wanted === 0) return { ...answer, items: [] }
  const kept = topic.after(position.offset - wanted)
  if (kept) return { ...answer, items: kept }
  const read = await source.upTo(param, position.offset, wanted)
  // Items may have been made unreadable since; what is there counts as all there is.
  return { ...answer, items: read }
}
