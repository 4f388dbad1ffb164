import type { types } from 'mediasoup'
import type { Config } from '../src/config.ts'
import type { Logger } from '../src/core/log.ts'
import { type Clock, SECOND_MS, systemClock } from '../src/core/time.ts'
import type { MediaControl, MediaEvent } from './client/control.ts'
import { createEngine } from './engine.ts'
import type { Member, Registry } from './member.ts'
import { askWorker, noSuch } from './refusals.ts'
import { createRooms, type Rooms } from './rooms.ts'
import { createWorkerBinary, type WorkerBinary } from './worker-binary/worker-binary.ts'
import type { PoolWorker } from './workers.ts'

export type MediaNodeDeps = {
  config: Config
  log: Logger
  clock?: Clock
  /** Folder of per-user caches (`XDG_CACHE_HOME`); `~/.cache` where nothing is given. */
  cacheHome?: string | undefined
  /** Where the worker's binary comes from; found, downloaded or built where nothing is given. */
  workerBinary?: WorkerBinary
}

/** Figures of this moment. */
export type MediaStats = {
  workers: number
  rooms: number
  transports: number
  producers: number
  consumers: number
  /** CPU time of the living workers since each began, in seconds. */
  workerCpuSeconds: number
}

/** The SFU of this process: every room, near at hand. Ends its workers on disposal. */
export type MediaNode = MediaControl & AsyncDisposable & { stats(): Promise<MediaStats> }

/** How often flows are read and rooms swept: well below the 3 s after which silence is told. */
const TICK_MS = SECOND_MS

/** Returns at once; binary and workers follow in the background and are told as `status` events. */
export function createMediaNode(deps: MediaNodeDeps): MediaNode {
  const { config, log, cacheHome, clock = systemClock } = deps
  const workerBinary = deps.workerBinary ?? createWorkerBinary({ config, log, cacheHome })
  const events = createEvents(log)
  const registry: Registry = { members: new Map(), consumers: new Map() }
  const engine = createEngine({
    config,
    log,
    workerBinary,
    onStatus: (status) => events.emit({ type: 'status', status }),
    onLost: (lost) => rooms.lose(lost),
  })
  const rooms = createRooms({ log, clock, registry, engine, emit: events.emit })
  engine.begin()
  const timer = setInterval(rooms.tick, TICK_MS)
  timer.unref()

  return {
    ...roomCalls(rooms),
    ...transportCalls(registry),
    ...consumerCalls(registry),
    status: engine.status,
    onEvent: events.listen,
    async stats() {
      const workers = engine.workers()
      const all = rooms.all()
      return {
        workers: workers.length,
        rooms: all.length,
        transports: registry.members.size,
        producers: all.reduce((sum, room) => sum + room.producerCount, 0),
        consumers: registry.consumers.size,
        workerCpuSeconds: await cpuSecondsOf(workers),
      }
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      events.end()
      await engine[Symbol.asyncDispose]()
    },
  }
}

type Calls<Name extends keyof MediaControl> = Pick<MediaControl, Name>

const roomCalls = (rooms: Rooms): Calls<'capabilities' | 'openTransport' | 'closeRoom' | 'rooms'> => ({
  async capabilities(room) {
    return (await rooms.obtain(room)).capabilities
  },
  async openTransport({ room, peer, direction }) {
    return (await rooms.obtain(room)).openTransport(peer, direction)
  },
  closeRoom: rooms.close,
  async rooms() {
    return rooms.all().map((room) => room.info)
  },
})

type TransportCall =
  | 'claimTransport'
  | 'connectTransport'
  | 'restartIce'
  | 'closeTransport'
  | 'produce'
  | 'consume'

function transportCalls(registry: Registry): Calls<TransportCall> {
  const find = (transportId: string): Member => {
    const member = registry.members.get(transportId)
    if (!member) throw noSuch('transport')
    return member
  }
  return {
    async claimTransport({ transportId, peer }) {
      const { room, direction, peer: owner } = find(transportId)
      if (owner !== peer) throw noSuch('transport')
      return { room: room.id, direction }
    },
    async connectTransport({ transportId, dtlsParameters }) {
      const { room, transport } = find(transportId)
      await askWorker(room.worker.worker, () => transport.connect({ dtlsParameters }), transport)
    },
    async restartIce(transportId) {
      const { room, transport } = find(transportId)
      return askWorker(room.worker.worker, () => transport.restartIce(), transport)
    },
    async closeTransport(transportId) {
      find(transportId).transport.close()
    },
    async produce(request) {
      const member = find(request.transportId)
      return member.room.produce(member, request)
    },
    async consume({ transportId, rtpCapabilities }) {
      const member = find(transportId)
      return member.room.consume(member, rtpCapabilities)
    },
  }
}

function consumerCalls(registry: Registry): Calls<'resumeConsumer' | 'pauseConsumer' | 'setLayers'> {
  const ask = async (consumerId: string, run: (consumer: types.Consumer) => Promise<void>) => {
    const consumer = registry.consumers.get(consumerId)
    if (!consumer) throw noSuch('consumer')
    try {
      await askWorker(consumer, () => run(consumer))
    } catch (error) {
      if (consumer.closed) throw noSuch('consumer')
      throw error
    }
  }
  return {
    resumeConsumer: (consumerId) =>
      ask(consumerId, async (consumer) => {
        await consumer.resume()
        if (consumer.kind === 'video') await consumer.requestKeyFrame()
      }),
    pauseConsumer: (consumerId) => ask(consumerId, (consumer) => consumer.pause()),
    setLayers: ({ consumerId, spatialLayer }) =>
      ask(consumerId, (consumer) => consumer.setPreferredLayers({ spatialLayer })),
  }
}

async function cpuSecondsOf(workers: PoolWorker[]): Promise<number> {
  // A worker that dies while it is asked counts as none.
  const usages = await Promise.allSettled(workers.map(({ worker }) => worker.getResourceUsage()))
  const milliseconds = usages.reduce(
    (sum, usage) => sum + (usage.status === 'fulfilled' ? usage.value.ru_utime + usage.value.ru_stime : 0),
    0,
  )
  return milliseconds / SECOND_MS
}

type Events = {
  emit(event: MediaEvent): void
  listen: MediaControl['onEvent']
  end(): void
}

function createEvents(log: Logger): Events {
  const listeners = new Set<(event: MediaEvent) => void>()
  return {
    emit(event) {
      for (const listener of listeners) {
        try {
          listener(event)
        } catch (error) {
          log.error({ error, type: event.type }, 'A listener for media events failed.')
        }
      }
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    end: () => listeners.clear(),
  }
}
