import { owns } from '../../core/access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import { isUuid } from '../../core/ids.ts'
import { createBatcher } from '../../core/running/batch.ts'
import { mayHear, type Relation, refusalBy, relationOf, sightOf } from '../safety/visibility.service.ts'
import type { Pair, RightsRepo, StreamRights } from './rights.repo.ts'
import type { Broadcast, OwnedBroadcast, StreamsRepo } from './streams.repo.ts'

/** How somebody sees a stream. */
export type View = {
  /** Why they do not: `not_found`, or `forbidden` with `{ reason: 'banned', untilMs }` or `{ reason: 'blocked' }`. */
  refusal: AppError | undefined
  /** The owner, followers and staff: they also see what is for followers, on air and later. */
  isInside: boolean
  /** They may be told of it without having asked: they have not muted the owner. */
  isHeard: boolean
  /** The owner and staff: they write in the chat whoever else may. */
  mayWriteAlways: boolean
  /** Lines of the chat up to this seq are not for them. */
  chatHiddenUpTo: number
}

/** A viewer is an account's id or whatever an anonymous visitor is called; a stream id may be any word. */
export type Judgement = (viewerId: string, streamId: string) => View

type Ask = { viewerIds: readonly string[]; streamIds: readonly string[] }

/** So many asks share a query; each is of one viewer with a few streams, or of one stream with all its viewers. */
const ASKS_MAX = 500
/** Owners never change; the memory for them is let go of at this size. */
const OWNERS_MAX = 10_000

/**
 * Who may see which streams and broadcasts; the one place that reads, calls, joins, pushes and media ask. What is asked
 * for in the same moment shares one query, as joins come in storms.
 */
export function createVisibility(
  repo: Pick<StreamsRepo, 'owners' | 'byIds'>,
  rights: Pick<RightsRepo, 'read'>,
) {
  const owners = new Map<string, string>()
  const reads = createBatcher<Ask, ReadonlyMap<string, StreamRights>>({
    maxItems: ASKS_MAX,
    async run(asks) {
      const streamIds = [...new Set(asks.flatMap((ask) => ask.streamIds))]
      const found = await rights.read(streamIds, asks.flatMap(pairsOf))
      rememberOwners(found)
      return asks.map(() => found)
    },
  })

  const rememberOwner = (streamId: string, ownerId: string): void => {
    if (owners.size > OWNERS_MAX) owners.clear()
    owners.set(streamId, ownerId)
  }

  function rememberOwners(found: ReadonlyMap<string, { ownerId: string }>): void {
    for (const [streamId, { ownerId }] of found) rememberOwner(streamId, ownerId)
  }

  /** One judgement over all these viewers and streams, as the database is now. */
  async function judge(viewerIds: readonly string[], streamIds: readonly string[]): Promise<Judgement> {
    const ids = streamIds.filter(isUuid)
    const found = ids.length > 0 ? await reads.add({ viewerIds, streamIds: ids }) : undefined
    // As the database writes it: a topic by another spelling would be one that nobody is put out of.
    return (viewerId, streamId) => viewOf(found?.get(streamId), viewerId)
  }

  /** How somebody sees a stream; throws its refusal. */
  async function mustSee(viewerId: string, streamId: string): Promise<View> {
    const view = (await judge([viewerId], [streamId]))(viewerId, streamId)
    if (view.refusal) throw view.refusal
    return view
  }

  return {
    judge,
    mustSee,
    rememberOwner,

    /** Throws `not_found` or `forbidden` where a broadcast is none that they may see. */
    async mustSeeBroadcast(viewerId: string, broadcastId: string): Promise<void> {
      const [found] = await repo.byIds([broadcastId])
      if (!found) throw new AppError('not_found')
      const view = await mustSee(viewerId, found.broadcast.streamId)
      if (!isShown(found.broadcast, view)) throw new AppError('not_found')
    },

    /** Those of the broadcasts that may be told of to somebody who was not given their address, in two reads. */
    async listed(viewerIds: readonly string[], broadcastIds: readonly string[]) {
      const read = broadcastIds.length === 0 ? [] : await repo.byIds(broadcastIds)
      const found = new Map(read.filter(isListed).map((owned) => [owned.broadcast.id, owned]))
      const streamIds = [...new Set([...found.values()].map(({ broadcast }) => broadcast.streamId))]
      const views = await judge(viewerIds, streamIds)
      return (viewerId: string, broadcastId: string): OwnedBroadcast | undefined => {
        const owned = found.get(broadcastId)
        if (!owned) return undefined
        const view = views(viewerId, owned.broadcast.streamId)
        return view.isHeard && isShown(owned.broadcast, view) ? owned : undefined
      }
    },

    /** Whose broadcast it is, where followers may be told of it at all. */
    async ownerOfAnnounced(broadcastId: string): Promise<string | undefined> {
      return (await repo.byIds([broadcastId])).find(isListed)?.owner.id
    },

    /** The owner as far as it is remembered, for whoever has just asked and can't wait. */
    knownOwner: (streamId: string): string | undefined => owners.get(streamId),

    async ownerOf(streamId: string): Promise<string | undefined> {
      const known = owners.get(streamId)
      if (known !== undefined || !isUuid(streamId)) return known
      const found = await repo.owners([streamId])
      for (const [id, ownerId] of found) owners.set(id, ownerId)
      return found.get(streamId)
    },
  }
}

/** Whether a broadcast closes its stream to everybody but the owner and followers. */
export const closesStream = ({ visibility, state }: Pick<Broadcast, 'visibility' | 'state'>): boolean =>
  visibility === 'followers' && state !== 'scheduled' && state !== 'ended'

/** Whether somebody who sees a stream sees this broadcast of it. */
export const isShown = (
  { visibility }: Pick<Broadcast, 'visibility'>,
  { refusal, isInside }: View,
): boolean => !refusal && (visibility !== 'followers' || isInside)

/** Whether a broadcast may stand in feeds and notifications: unlisted ones never do, nor what never took place. */
const isListed = ({ broadcast: { visibility, endReason } }: OwnedBroadcast): boolean =>
  visibility !== 'unlisted' && endReason !== 'cancelled' && endReason !== 'never_started'

const pairsOf = ({ viewerIds, streamIds }: Ask): Pair[] => {
  const accountIds = viewerIds.filter(isUuid)
  return streamIds.flatMap((streamId) => accountIds.map((accountId) => ({ accountId, streamId })))
}

/** How somebody sees a stream with these rights; one without any does not exist. */
export function viewOf(rights: StreamRights | undefined, viewerId: string): View {
  if (!rights) return shut(new AppError('not_found'), 0)
  const { ownerId, chatHiddenUpTo } = rights
  const relation =
    rights.relations.get(viewerId) ?? relationOf({ isSelf: owns({ id: viewerId }, { ownerId }) })
  const refusal = refusalOf(rights, viewerId, relation)
  if (refusal) return shut(refusal, chatHiddenUpTo)
  const isInside = isWithin(relation)
  const mayWriteAlways = relation.isSelf || relation.isStaff
  return {
    ...{ refusal, isInside, mayWriteAlways, isHeard: mayHear(relation, 'card') },
    chatHiddenUpTo: isInside ? 0 : chatHiddenUpTo,
  }
}

const shut = (refusal: AppError, chatHiddenUpTo: number): View => ({
  ...{ refusal, isInside: false, mayWriteAlways: false, isHeard: false, chatHiddenUpTo },
})

const isWithin = ({ isSelf, isFollowing, isStaff }: Relation): boolean => isSelf || isFollowing || isStaff

/** Blocks come before bans, so that whoever is blocked by the owner learns nothing of them. */
function refusalOf({ isClosed, bans }: StreamRights, viewerId: string, relation: Relation) {
  const unseen = refusalBy(sightOf(relation))
  if (unseen) return unseen
  const untilMs = bans.get(viewerId)
  if (untilMs !== undefined && !relation.isStaff) return banned(untilMs)
  return isClosed && !isWithin(relation) ? new AppError('not_found') : undefined
}

const banned = (untilMs: number | null) =>
  new AppError('forbidden', 'This channel has banned you.', {
    reason: 'banned',
    untilMs,
  })
