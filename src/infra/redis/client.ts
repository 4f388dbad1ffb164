import { Cluster, Redis, type RedisOptions } from 'ioredis'
import type { Logger } from '../../core/log.ts'
import { createBatcher } from '../../core/running/batch.ts'
import { StartError } from '../../core/running/start-error.ts'
import { sleep } from '../../core/time.ts'
import { judgeServer, optionsOf, shownAddress } from './server.ts'

export type RedisClient = Redis | Cluster

/** What a process needs of Redis: commands, subscriptions that survive outages, and whether it is there. */
export type RedisLink = AsyncDisposable & {
  /** Commands of one turn of the event loop share a round trip. While Redis is away they fail at once; none is repeated. */
  commands: RedisClient
  /** Whether Redis answers and every subscription is confirmed. */
  isUp(): boolean
  /** Called at every return, with all subscriptions confirmed: what was published meanwhile is lost and must be read. */
  onUp(listener: () => void): () => void
  onDown(listener: () => void): () => void
  /** A command failed: whether Redis is there is asked at once, and `onUp` follows when it is (again). */
  suspect(): void
  /** Follows a sharded channel; resolves when Redis has confirmed it. Rejects while Redis is away, and goes on following. */
  subscribe(channel: string, listener: (message: string) => void): Promise<void>
  unsubscribe(channel: string): void
  /** One round trip to every server. */
  ping(): Promise<void>
}

/** A start waits for so long for a Redis that is starting too. */
const START_LIMIT_MS = 15_000
/** A server that does not answer within this counts as away: far above what any command here takes. */
const COMMAND_TIMEOUT_MS = 2000
const CHECK_MS = 1000
/** Local servers connect within a few of these. */
const FIRST_CHECK_MS = 50
const START_RETRY_MS = 200
/** Channels in one command: Redis answers each by itself, and others wait meanwhile. */
const CHANNELS_MAX = 500
/** The longest pause between attempts to connect: people wait behind it. */
const RETRY_MAX_MS = 1000

const retryStrategy = (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 10), RETRY_MAX_MS)

const COMMON = {
  // Redis 7.0 does not know CLIENT SETINFO.
  disableClientInfo: true,
  connectTimeout: COMMAND_TIMEOUT_MS,
  commandTimeout: COMMAND_TIMEOUT_MS,
  // Whoever sent a command knows whether it may be repeated; ioredis does not.
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  // Subscribed again by `check`, which must know when that is done.
  autoResubscribe: false,
} satisfies RedisOptions

/**
 * Connects to REDIS_URL. Throws a StartError where nothing answers, or what answers is too old.
 *
 *   away ──every server answers, every channel is confirmed──▶ up ──a connection ends, a check fails──▶ away
 *
 * Connections are retried for ever; an outage is logged once at its beginning and once at its end.
 */
export async function openRedis(deps: { addresses: readonly string[]; log: Logger }): Promise<RedisLink> {
  const { addresses, log } = deps
  const { isCluster } = await probe(addresses)
  const connect = () => (isCluster ? connectCluster(addresses) : connectSingle(addresses[0] ?? ''))
  const commands = connect()
  const subscriber = connect()
  const channels = new Map<string, (message: string) => void>()
  const upListeners = new Set<() => void>()
  const downListeners = new Set<() => void>()
  let isUp = false
  let isEnded = false
  let isChecking = false
  /** Grows with every loss, so that a check that began before one does not call Redis up. */
  let losses = 0

  function lost(reason: unknown): void {
    losses++
    if (!isUp || isEnded) return
    isUp = false
    log.warn({ redis: shownAddress(addresses), reason: String(reason) }, 'Redis is away')
    for (const tell of downListeners) tell()
  }

  async function check(): Promise<void> {
    if (isChecking || isEnded) return
    isChecking = true
    const lossesBefore = losses
    try {
      await Promise.all([pingAll(commands), isUp || pingAll(subscriber)])
      if (!isUp) await subscribeAll(subscriber, [...channels.keys()])
      if (lossesBefore === losses && !isEnded) returned()
    } catch (error) {
      lost(error)
    } finally {
      isChecking = false
    }
  }

  function returned(): void {
    if (isUp) return
    isUp = true
    log.info({ redis: shownAddress(addresses) }, 'Redis is there')
    for (const tell of upListeners) tell()
  }

  /** Where thousands come at once, what they follow is asked for together. */
  const joining = createBatcher<string, undefined>({
    maxItems: CHANNELS_MAX,
    async run(names) {
      await subscribeAll(subscriber, names)
      return names.map(() => undefined)
    },
  })

  for (const client of [commands, subscriber]) {
    // Told by `lost`, once for an outage.
    client.on('error', () => {})
    client.on('close', () => lost('connection closed'))
    client.on('-node', () => lost('connection to a server closed'))
    client.on('ready', () => void check())
  }
  subscriber.on('-subscriber', () => lost('subscription closed'))
  subscriber.on('smessage', (channel: string, message: string) => channels.get(channel)?.(message))
  const checker = setInterval(() => void check(), CHECK_MS)
  const listen = (listeners: Set<() => void>) => (listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  await firstUp(check, () => isUp)

  return {
    commands,
    isUp: () => isUp,
    onUp: listen(upListeners),
    onDown: listen(downListeners),
    suspect() {
      lost('a command failed')
      void check()
    },
    async subscribe(channel, listener) {
      channels.set(channel, listener)
      if (!isUp) throw new Error('Redis is away.')
      await joining.add(channel).catch((error: unknown) => {
        lost(error)
        throw error
      })
    },
    unsubscribe(channel) {
      if (channels.delete(channel)) subscriber.sunsubscribe(channel).catch(() => {})
    },
    ping: () => pingAll(commands),
    async [Symbol.asyncDispose]() {
      isEnded = true
      clearInterval(checker)
      commands.disconnect()
      subscriber.disconnect()
    },
  }
}

const connectSingle = (address: string) =>
  new Redis({
    ...optionsOf(address),
    ...COMMON,
    retryStrategy,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
  })

function connectCluster(addresses: readonly string[]): Cluster {
  const nodes = addresses.map(optionsOf)
  const { host: _host, port: _port, ...credentials } = nodes[0] ?? {}
  return new Cluster(
    nodes.map(({ host, port }) => ({ host, port })),
    {
      shardedSubscribers: true,
      enableAutoPipelining: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: retryStrategy,
      // Slots move to another server only where a person or a failover moves them.
      slotsRefreshInterval: 2000,
      retryDelayOnFailover: 0,
      redisOptions: { ...credentials, ...COMMON },
    },
  )
}

async function pingAll(client: RedisClient): Promise<void> {
  if (!(client instanceof Cluster)) return void (await client.ping())
  const masters = client.nodes('master')
  const infos = await Promise.all(masters.map((master) => master.cluster('INFO')))
  // A server that can't be reached is dropped from the list: those that are left know how many there should be.
  const size = Math.max(1, ...infos.map((info) => Number(/cluster_size:(\d+)/.exec(info)?.[1])))
  if (masters.length < size || !infos.every((info) => info.includes('cluster_state:ok'))) {
    client.refreshSlotsCache()
    throw new Error('The cluster is not whole.')
  }
}

/** In a Cluster one command may name channels of one slot only, so each goes for itself; they still share packets. */
async function subscribeAll(subscriber: RedisClient, channels: readonly string[]): Promise<void> {
  if (subscriber instanceof Cluster) {
    await Promise.all(channels.map((channel) => subscriber.ssubscribe(channel)))
    return
  }
  for (let i = 0; i < channels.length; i += CHANNELS_MAX)
    await subscriber.ssubscribe(...channels.slice(i, i + CHANNELS_MAX))
}

async function firstUp(check: () => Promise<void>, isUp: () => boolean): Promise<void> {
  for (const deadlineMs = Date.now() + START_LIMIT_MS; !isUp(); ) {
    await check()
    if (Date.now() > deadlineMs) throw new StartError('REDIS_URL: the servers of the cluster do not answer.')
    await sleep(FIRST_CHECK_MS)
  }
}

/** Asks the first server that answers what it is; throws a StartError where none of them will do. */
async function probe(addresses: readonly string[]): Promise<{ isCluster: boolean }> {
  const deadlineMs = Date.now() + START_LIMIT_MS
  for (let i = 0; ; i++) {
    let reason = ''
    const client = new Redis({
      ...optionsOf(addresses[i % addresses.length] ?? ''),
      ...COMMON,
      ...{ lazyConnect: true, retryStrategy: () => null },
    })
    client.on('error', (error: Error) => {
      reason = error.message
    })
    try {
      await client.connect()
      const { isCluster } = judgeServer(await client.info('server'))
      return { isCluster: isCluster || addresses.length > 1 }
    } catch (error) {
      if (error instanceof StartError) throw error
      reason ||= String(error)
    } finally {
      client.disconnect()
    }
    if (/NOAUTH|WRONGPASS|NOPERM/.test(reason))
      throw new StartError(`REDIS_URL: the server refuses: ${reason}`)
    if (Date.now() > deadlineMs)
      throw new StartError(`REDIS_URL: no Redis answers at ${shownAddress(addresses)} (${reason}).`)
    await sleep(START_RETRY_MS)
  }
}
