import { newId } from '../../src/core/ids.ts'
import type { RedisLink } from '../../src/infra/redis/client.ts'
import { defineScript } from '../../src/infra/redis/script.ts'
import { type CountOptions, createSettling, createViewerBook, type StoppablePresence } from './own.ts'

/** A node that was silent for so long is dead; its viewers stop counting. */
export const LEASE_MS = 30_000
/** Three tries before a lease ends. */
const RENEW_MS = LEASE_MS / 3
/** People who come and go within this share a round trip. */
const TICK_MS = 50
/** A script works on so many viewers at most: a fraction of a millisecond, while all others wait. */
const BATCH_MAX_VIEWERS = 500
/** A count that was asked for lately is shown again rather than asked for again. */
const FRESH_MS = 1000

/**
 * KEYS: viewer → number of nodes it is on; nodes by the end of their lease. Beside them, one set of viewers per node.
 * ARGV: node (empty: only count), lease, an earlier name of the node whose lease is over, number of those who enter, then
 * those who enter and those who leave. A viewer is added to its node's set and counted once, however often this is sent.
 * Nodes whose lease is over are swept by whoever comes, in bounded steps. Answers distinct viewers, those of the node, and
 * whether there is more to sweep.
 */
const APPLY = `
local viewers, nodes, node, lease = KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function setOf(name) return viewers .. ':' .. name end
local function gone(viewer)
  if redis.call('HINCRBY', viewers, viewer, -1) <= 0 then redis.call('HDEL', viewers, viewer) end
end
local entering = tonumber(ARGV[4])
for i = 5, #ARGV do
  if i < 5 + entering then
    if redis.call('SADD', setOf(node), ARGV[i]) == 1 then redis.call('HINCRBY', viewers, ARGV[i], 1) end
  elseif redis.call('SREM', setOf(node), ARGV[i]) == 1 then gone(ARGV[i]) end
end
local own = 0
if node ~= '' then
  if ARGV[3] ~= '' then redis.call('ZADD', nodes, 'XX', 0, ARGV[3]) end
  own = redis.call('SCARD', setOf(node))
  if own > 0 then redis.call('ZADD', nodes, now + lease, node) else redis.call('ZREM', nodes, node) end
end
local steps, more = ${BATCH_MAX_VIEWERS}, 0
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', nodes, 0, now, 'LIMIT', 0, 10)) do
  local left = redis.call('SPOP', setOf(dead), steps)
  for _, viewer in ipairs(left) do gone(viewer) end
  steps = steps - #left
  if redis.call('EXISTS', setOf(dead)) == 0 then redis.call('ZREM', nodes, dead) end
  if steps <= 0 then more = 1 break end
end
if node ~= '' then
  for _, key in ipairs({ viewers, nodes, setOf(node) }) do redis.call('PEXPIRE', key, lease * 20) end
end
return { redis.call('HLEN', viewers), own, more }`

type Subject = {
  /** Viewers whose coming (true) or going Redis has not confirmed yet. */
  pending: Map<string, boolean>
  /** Grows when what Redis has of this node can't be trusted: the node begins anew under another name. */
  life: number
  /** Name of the life before, until Redis has ended it. */
  former: string
  confirmed: number
  count: number
  countedAtMs: number
  isBusy: boolean
}

/**
 * Counts distinct viewers over all nodes. Comings and goings of a tick are one script per subject; nothing is sent for a
 * viewer's further sockets. While Redis is away counts stay as they were, and this node's part is told anew afterwards.
 */
export function createSharedPresence(
  options: CountOptions & { link: RedisLink; leaseMs?: number },
): StoppablePresence {
  const { link, leaseMs = LEASE_MS } = options
  const instance = newId().slice(-12)
  const apply = defineScript(link, 'flowPresence', 2, APPLY)
  const book = createViewerBook()
  const subjects = new Map<string, Subject>()
  const dirty = new Set<string>()
  const count = (name: string) => subjects.get(name)?.count ?? 0
  const settled = createSettling({ settleMs: options.settleMs, onCount: (name) => void tell(name) }, count)
  let timer: NodeJS.Timeout | undefined

  /** Counts anew first: others came and went since, and the last one to tell must tell what is true. */
  async function tell(name: string): Promise<void> {
    if (link.isUp()) {
      const subject = subjectOf(name)
      subject.count = await recount(name).catch(() => subject.count)
    }
    options.onCount(name, count(name))
  }

  async function recount(name: string): Promise<number> {
    const [viewers] = (await apply(keysOf(name), ['', leaseMs, '', 0])) as [number]
    subjectOf(name).countedAtMs = performance.now()
    return viewers
  }

  const nodeName = ({ life }: Subject) => `${instance}.${life}`

  function subjectOf(name: string): Subject {
    const found = subjects.get(name)
    if (found) return found
    const made: Subject = {
      ...{ pending: new Map(), life: 1, former: '', confirmed: 0, count: 0 },
      ...{ countedAtMs: Number.NEGATIVE_INFINITY, isBusy: false },
    }
    subjects.set(name, made)
    return made
  }

  function change(name: string, viewerId: string, isHere: boolean): void {
    subjectOf(name).pending.set(viewerId, isHere)
    touch(name)
  }

  function touch(name: string): void {
    dirty.add(name)
    timer ??= setTimeout(flushAll, TICK_MS)
  }

  function flushAll(): void {
    timer = undefined
    if (!link.isUp()) return
    const names = [...dirty]
    dirty.clear()
    for (const name of names) void flush(name)
  }

  async function flush(name: string): Promise<void> {
    const subject = subjectOf(name)
    if (subject.isBusy) return touch(name)
    subject.isBusy = true
    const batch = [...subject.pending].slice(0, BATCH_MAX_VIEWERS)
    for (const [viewerId] of batch) subject.pending.delete(viewerId)
    const life = subject.life
    try {
      const more = await send(name, subject, batch)
      if (life === subject.life && !isAsExpected(name, subject)) beginAnew(name, subject)
      if (more || subject.pending.size > 0) touch(name)
    } catch {
      // What was not confirmed is told again, unless something newer is to be told of the same viewer.
      for (const [viewerId, isHere] of batch)
        if (!subject.pending.has(viewerId)) subject.pending.set(viewerId, isHere)
      dirty.add(name)
      link.suspect()
    } finally {
      subject.isBusy = false
    }
  }

  async function send(name: string, subject: Subject, batch: readonly [string, boolean][]): Promise<boolean> {
    const entering = batch.filter(([, isHere]) => isHere).map(([viewerId]) => viewerId)
    const leaving = batch.filter(([, isHere]) => !isHere).map(([viewerId]) => viewerId)
    const former = subject.former
    const args = [nodeName(subject), leaseMs, former, entering.length, ...entering, ...leaving]
    const [viewers, own, more] = (await apply(keysOf(name), args)) as [number, number, number]
    if (subject.former === former) subject.former = ''
    subject.confirmed = own
    counted(name, subject, viewers)
    return more === 1
  }

  function counted(name: string, subject: Subject, viewers: number): void {
    subject.countedAtMs = performance.now()
    if (subject.count === viewers) return
    subject.count = viewers
    settled.announce(name)
  }

  /** A node that was swept while it slept, or a Redis that forgot, has another number of viewers than were told. */
  const isAsExpected = (name: string, subject: Subject) =>
    subject.pending.size > 0 || subject.confirmed === book.viewers(name).size

  function beginAnew(name: string, subject: Subject): void {
    subject.former = nodeName(subject)
    subject.life++
    subject.pending = new Map([...book.viewers(name).keys()].map((viewerId) => [viewerId, true]))
    touch(name)
  }

  /** Renews leases, finds what others left behind, and forgets subjects that nobody asked for lately. */
  function renew(): void {
    for (const [name, subject] of subjects) {
      if (book.viewers(name).size > 0) touch(name)
      else if (
        subject.pending.size === 0 &&
        !subject.isBusy &&
        performance.now() - subject.countedAtMs > leaseMs
      )
        subjects.delete(name)
    }
  }
  const renewer = setInterval(renew, Math.min(RENEW_MS, leaseMs / 3))
  const unfollow = link.onUp(() => {
    // Redis may be another one, or an earlier one: what it has of this node is not trusted.
    for (const [name, subject] of subjects) beginAnew(name, subject)
  })

  async function refreshOne(name: string): Promise<void> {
    const subject = subjectOf(name)
    if (performance.now() - subject.countedAtMs < FRESH_MS) return
    counted(name, subject, await recount(name))
  }

  return {
    enter(subject, viewerId, socketId) {
      if (book.enter(subject, viewerId, socketId)) change(subject, viewerId, true)
    },
    leave(subject, socketId) {
      const viewerId = book.leave(subject, socketId)
      if (viewerId !== undefined) change(subject, viewerId, false)
    },
    count,
    async refresh(names) {
      if (!link.isUp()) return
      await Promise.all(names.map(refreshOne)).catch(() => link.suspect())
    },
    stop() {
      unfollow()
      clearTimeout(timer)
      clearInterval(renewer)
      settled.stop()
    },
  }
}

const keysOf = (subject: string) => [`flow:{presence:${subject}}:viewers`, `flow:{presence:${subject}}:nodes`]
