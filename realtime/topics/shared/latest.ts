import type { ItemsFrame, Position } from '../../../src/core/topics.ts'
import { LATEST_REPEAT_MS, type LatestTopics } from '../own/latest-topics.ts'
import { lockKey, metaKey, type TopicScripts } from './scripts.ts'
import { channelOf, type Wire, type WireMessage } from './wire.ts'

type Deps = { wire: Wire; scripts: TopicScripts; emit: (frame: ItemsFrame) => void; nowMs: () => number }

type Entry = {
  loaded: Promise<void>
  position: Position
  /** The value as the one item of an answer; empty before the first. */
  items: readonly unknown[]
  members: number
  touchedAtMs: number
}

/** Of all nodes one value per topic passes in this time: counters that change many times a second are shown often enough. */
const TICK_MS = 250
/** Values that nobody asks for are forgotten; whoever counts sets them again. */
const LIFE_MS = 60 * 60_000
const UNKNOWN: Position = { epoch: '', offset: 0 }

/**
 * Latest topics that all gateways share. The value is kept in Redis with its version, so that a joining gateway has it at
 * once; of those who set it within a tick one is elected, the others try again in the next one unless a newer value stands.
 * What is newer is decided by the time that comes with it, or by the clock of Redis. While Redis is away the newest value waits.
 */
export function createSharedLatest({ wire, scripts, emit, nowMs }: Deps): LatestTopics {
  const { link } = wire
  const entries = new Map<string, Entry>()
  const wanted = new Map<string, { json: string; asOfMs: number | undefined; sinceMs: number }>()
  let timer: NodeJS.Timeout | undefined

  function open(name: string): Entry {
    const found = entries.get(name)
    if (found) return found
    const entry: Entry = {
      ...{ loaded: Promise.resolve(), position: UNKNOWN, items: [], members: 0, touchedAtMs: nowMs() },
    }
    entries.set(name, entry)
    // Without Redis there is no value yet; it follows as a push.
    entry.loaded = wire
      .follow(name, (message) => incoming(name, message))
      .then(() => read(name))
      .catch(() => {})
    return entry
  }

  function incoming(name: string, { e: epoch = '', r: runs }: WireMessage): void {
    for (const [offset, items] of runs) take(name, { epoch, offset }, items)
  }

  function take(name: string, at: Position, items: readonly unknown[]): void {
    const entry = entries.get(name)
    if (!entry || (at.epoch === entry.position.epoch && at.offset <= entry.position.offset)) return
    entry.position = at
    entry.items = items
    show(name, entry)
  }

  function show(name: string, { members, position, items }: Entry): void {
    if (members > 0 && items.length > 0) emit({ topic: name, ...position, items: [...items] })
  }

  async function read(name: string): Promise<void> {
    const answer = await scripts.get([metaKey(name), lockKey(name)], [LIFE_MS])
    const [epoch, offset, json] = answer as [string, number, string]
    take(name, { epoch, offset }, json === '' ? [] : [JSON.parse(json)])
  }

  async function send(name: string): Promise<void> {
    const value = wanted.get(name)
    if (!value || !link.isUp()) return
    const keys = [metaKey(name), lockKey(name), channelOf(name)]
    try {
      const waitedMs = Math.round(nowMs() - value.sinceMs)
      const options = [value.asOfMs ?? '', waitedMs, TICK_MS, LIFE_MS]
      const answer = await scripts.set(keys, [wire.node, value.json, ...options])
      const [epoch, offset, json] = answer as [string, number, string]
      if (offset < 0) return later()
      if (wanted.get(name) === value) wanted.delete(name)
      else later()
      take(name, { epoch, offset }, [JSON.parse(json)])
    } catch {
      link.suspect()
    }
  }

  function later(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      for (const name of wanted.keys()) void send(name)
    }, TICK_MS)
  }

  function repeat(): void {
    if (!link.isUp()) return
    for (const [name, entry] of entries) {
      if (entry.members === 0) continue
      const before = entry.position
      const again = () => entry.position === before && show(name, entry)
      read(name).then(again, () => link.suspect())
    }
  }
  const repeater = setInterval(repeat, LATEST_REPEAT_MS)
  const unfollow = link.onUp(() => {
    repeat()
    for (const name of wanted.keys()) void send(name)
  })

  return {
    set(name, value, asOfMs) {
      const before = wanted.get(name)
      if (before?.asOfMs !== undefined && asOfMs !== undefined && before.asOfMs > asOfMs) return
      wanted.set(name, { json: JSON.stringify(value), asOfMs, sinceMs: nowMs() })
      if (!before) void send(name)
    },
    async join({ name }) {
      const entry = open(name)
      entry.members++
      await entry.loaded
      const { position, items } = entry
      return { topic: name, class: 'latest', position, recovered: true, items: [...items] }
    },
    left({ name }) {
      const entry = entries.get(name)
      if (!entry) return
      entry.members--
      entry.touchedAtMs = nowMs()
    },
    sweep(keepMs) {
      for (const [name, { members, touchedAtMs }] of entries) {
        if (members > 0 || nowMs() - touchedAtMs < keepMs) continue
        entries.delete(name)
        wire.unfollow(name)
      }
    },
    names: () => entries.keys(),
    size: () => entries.size,
    stop() {
      clearInterval(repeater)
      clearTimeout(timer)
      unfollow()
    },
  }
}
