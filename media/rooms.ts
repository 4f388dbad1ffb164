import { AppError } from '../src/core/errors.ts'
import type { Logger } from '../src/core/log.ts'
import type { Clock } from '../src/core/time.ts'
import type { MediaEvent } from './client/control.ts'
import type { Engine } from './engine.ts'
import type { Registry } from './member.ts'
import { Room } from './room.ts'
import type { PoolWorker } from './workers.ts'

/** The rooms of a node, made when they are first asked for. */
export type Rooms = {
  /** The room of a stream. Throws `unavailable` while no worker is there. */
  obtain(id: string): Promise<Room>
  all(): Room[]
  close(id: string): Promise<void>
  /** Tells everybody on a worker that died. */
  lose(lost: PoolWorker): void
  /** Reads flows, closes what has been left. */
  tick(): void
}

type Deps = {
  log: Logger
  clock: Clock
  registry: Registry
  engine: Engine
  emit(event: MediaEvent): void
}

export function createRooms(deps: Deps): Rooms {
  const { log, clock, registry, engine, emit } = deps
  const nextGeneration = createGenerations(clock)
  const rooms = new Map<string, Room>()
  const opening = new Map<string, Promise<Room>>()

  const open = async (id: string): Promise<Room> => {
    const worker = engine.worker()
    const nowMs = () => clock.nowMs()
    const room = await Room.create({ id, worker, registry, log, nextGeneration, emit, nowMs })
    if (room.isClosed) throw new AppError('unavailable', engine.status().message)
    rooms.set(id, room)
    return room
  }

  return {
    async obtain(id) {
      const room = rooms.get(id)
      if (room) return room
      const started = opening.get(id) ?? open(id).finally(() => opening.delete(id))
      opening.set(id, started)
      return started
    },
    all: () => [...rooms.values()],
    async close(id) {
      // One that fails to open needs no closing.
      await opening.get(id)?.catch(() => undefined)
      const room = rooms.get(id)
      rooms.delete(id)
      room?.[Symbol.dispose]()
    },
    lose(lost) {
      for (const [id, room] of rooms) {
        if (room.worker !== lost) continue
        rooms.delete(id)
        emit({ type: 'lost', room: id, generation: room.abandon() })
      }
    },
    tick() {
      for (const [id, room] of rooms) {
        void room.sampleFlow()
        if (!room.sweep()) continue
        rooms.delete(id)
        room[Symbol.dispose]()
      }
    },
  }
}

/**
 * Numbers that grow over everything: rooms that come again, workers that die, nodes that restart or hand a room to another
 * node. Hence the clock (milliseconds) as their floor.
 */
function createGenerations(clock: Clock): () => number {
  let last = 0
  return () => {
    last = Math.max(last + 1, clock.nowMs())
    return last
  }
}
