import { owns } from '../../core/access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import { isUuid } from '../../core/ids.ts'
import { createBatcher } from '../../core/running/batch.ts'
import { type Clock, steadyMs } from '../../core/time.ts'
import type { Relation } from '../safety/visibility.service.ts'
import type { RightsRepo, StreamDoor } from './rights.repo.ts'
import { type Judgement, viewOf } from './streams.visibility.ts'

/** A change that this process was not told of is seen after this at the latest. */
const REMEMBER_MS = 10_000
/** Streams remembered; beyond it the memory begins anew. */
const DOORS_MAX = 10_000
/** Streams whose doors share a query. */
const BATCH_MAX = 500

type Remembered = { door: StreamDoor; untilMs: number }

type Deps = {
  rights: Pick<RightsRepo, 'doors'>
  judge: (viewerIds: readonly string[], streamIds: readonly string[]) => Promise<Judgement>
  /** Whether this process hears of every change of rights now; it remembers nothing otherwise. */
  isTold: () => boolean
  /** Told of every owner that was read. */
  onOwner: (streamId: string, ownerId: string) => void
  /** The owner, as far as it was read. */
  knownOwner: (streamId: string) => string | undefined
  clock: Clock
}

const NOBODY: ReadonlyMap<string, Relation> = new Map()

/**
 * Who may enter streams, for joins and chat: the hot paths. Most streams are open to everybody but a few who are banned;
 * those are judged from memory, so that a crowd that returns asks the database nothing. All others are judged as everywhere.
 */
export function createDoors({ rights, judge, isTold, onOwner, knownOwner, clock }: Deps) {
  const remembered = new Map<string, Remembered>()
  /** Counts what was forgotten, so that what was read before is not remembered after it. */
  let changes = 0
  const reads = createBatcher<string, StreamDoor | undefined>({
    maxItems: BATCH_MAX,
    async run(streamIds) {
      const before = changes
      const found = await rights.doors([...new Set(streamIds)])
      for (const [id, door] of found) onOwner(id, door.ownerId)
      if (before === changes) for (const [id, door] of found) remember(id, door)
      return streamIds.map((id) => found.get(id))
    },
  })

  function remember(streamId: string, door: StreamDoor): void {
    if (remembered.size >= DOORS_MAX) remembered.clear()
    remembered.set(streamId, { door, untilMs: steadyMs() + REMEMBER_MS })
  }

  async function doorOf(streamId: string): Promise<[string, StreamDoor | undefined]> {
    const found = remembered.get(streamId)
    return [streamId, found && found.untilMs > steadyMs() ? found.door : await reads.add(streamId)]
  }

  /** How these viewers may enter these streams. What only followers see is not theirs by this view. */
  async function enter(viewerIds: readonly string[], streamIds: readonly string[]): Promise<Judgement> {
    if (!isTold()) return judge(viewerIds, streamIds)
    const doors = new Map(await Promise.all([...new Set(streamIds.filter(isUuid))].map(doorOf)))
    const isOpenTo = (id: string, viewerId: string) => {
      const door = doors.get(id)
      return door?.isOpen === true && !door.blocked.has(viewerId)
    }
    const others = streamIds.filter((id) => viewerIds.some((viewerId) => !isOpenTo(id, viewerId)))
    const judgement = others.length > 0 ? await judge(viewerIds, others) : undefined
    return (viewerId, streamId) => {
      const door = doors.get(streamId)
      if (!door || !isOpenTo(streamId, viewerId))
        return judgement?.(viewerId, streamId) ?? viewOf(undefined, viewerId)
      const bans = inForce(door.bans, viewerId, clock.nowMs())
      return viewOf({ ...door, isClosed: false, chatHiddenUpTo: 0, relations: NOBODY, bans }, viewerId)
    }
  }

  async function mustBeAmong(
    audience: 'followers' | 'nobody',
    viewerId: string,
    streamId: string,
  ): Promise<void> {
    const view = (await judge([viewerId], [streamId]))(viewerId, streamId)
    if (view.mayWriteAlways || (audience === 'followers' && view.isInside)) return
    throw new AppError('forbidden', SENTENCES[audience], { reason: 'audience', audience })
  }

  return {
    enter,

    /** Throws why somebody may not write in the chat of a stream: what keeps them out of it, or `forbidden` with `{ reason: 'audience', audience }`. */
    async mustWrite(viewerId: string, streamId: string): Promise<{ isOwner: boolean }> {
      const { refusal } = (await enter([viewerId], [streamId]))(viewerId, streamId)
      if (refusal) throw refusal
      const door = isTold() ? (await doorOf(streamId))[1] : await reads.add(streamId)
      if (door && door.comments !== 'everyone') await mustBeAmong(door.comments, viewerId, streamId)
      return { isOwner: owns({ id: viewerId }, { ownerId: knownOwner(streamId) }) }
    },

    /** Rights on a stream have changed. */
    forget(streamId: string): void {
      changes++
      remembered.delete(streamId)
    },
  }
}

const SENTENCES = {
  followers: 'Only followers write here.',
  nobody: 'Nobody else writes here at the moment.',
} as const

/** A ban that ended while it was remembered is none. */
function inForce(bans: StreamDoor['bans'], viewerId: string, nowMs: number): StreamDoor['bans'] {
  const untilMs = bans.get(viewerId)
  return typeof untilMs === 'number' && untilMs <= nowMs ? new Map() : bans
}
