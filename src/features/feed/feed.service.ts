import type { z } from 'zod'
import type { FeedItem as FeedItemSchema } from '../../contract/feed.ts'
import type { Logger } from '../../core/log.ts'
import { fromCursor, toPage } from '../../core/paging/cursor.ts'
import type { Online, Topics } from '../../core/ports.ts'
import type { Tx } from '../../infra/db.ts'
import { mayHear, type Relations } from '../safety/visibility.service.ts'
import type { SocialService } from '../social/social.service.ts'
import type { OwnedBroadcast, StreamsService } from '../streams/streams.service.ts'
import type { Activity, ActivityKind, FeedRepo } from './feed.repo.ts'

export type FeedItem = z.output<typeof FeedItemSchema>

const feedTopic = (userId: string) => `feed:${userId}`
const PAGE_ROWS = 30

type Deps = {
  repo: FeedRepo
  topics: Topics
  online: Online
  streams: Pick<StreamsService, 'listed'>
  social: Pick<SocialService, 'followersAmong'>
  relations: Pick<Relations, 'read'>
  /** Begins to tell all followers that a broadcast is live. */
  queueLive: (tx: Tx, broadcastId: string, until: Date) => Promise<void>
  log: Logger
}

/**
 * What followed people do. It is recorded once and merged when somebody reads; pushed only to the followers who are
 * there, as whoever comes later reads it.
 */
export function createFeedService(deps: Deps) {
  const { repo, topics, online, streams, social, relations, queueLive, log } = deps

  async function push(activity: Activity, owned: OwnedBroadcast): Promise<void> {
    const present = await online.all()
    if (present.length === 0) return
    const item = toItem(activity, owned)
    const followers = await social.followersAmong(owned.owner.id, present)
    const seen = await streams.listed(followers, [owned.broadcast.id])
    for (const id of followers) if (seen(id, owned.broadcast.id)) topics.append(feedTopic(id), [item])
  }

  return {
    /** A broadcast has a new state: records what followers may want to know of it, the first time it is so. */
    async broadcastMoved(tx: Tx, owned: OwnedBroadcast): Promise<void> {
      const { broadcast, owner } = owned
      const kind = kindOf(owned)
      if (!kind) return
      const activity = await repo.insert(tx, { actorId: owner.id, kind, subjectId: broadcast.id })
      if (!activity) return
      if (kind === 'broadcast_live') await queueLive(tx, broadcast.id, activity.createdAt)
      tx.afterCommit(() => {
        push(activity, owned).catch((error: unknown) =>
          log.warn({ error }, 'Followers who are there could not be told; their next page shows it'),
        )
      })
    },

    /** Those of items pushed before that their reader may be told of now. */
    async sift(userId: string, items: readonly FeedItem[]): Promise<FeedItem[]> {
      const relation = await relations.read(
        items.map(({ actor }) => ({ viewerId: userId, subjectId: actor.id })),
      )
      return items.filter(({ actor }) => mayHear(relation(userId, actor.id), 'all'))
    },

    /** One page: ids, then broadcasts with their owners in one read, then what may be seen. Errors: `invalid_input`. */
    async page(viewerId: string, cursor: string | undefined) {
      const found = await repo.ofFollowed(viewerId, fromCursor(cursor), PAGE_ROWS + 1)
      const { rows, nextCursor } = toPage(found, PAGE_ROWS, ({ createdAt, id }) => ({ at: createdAt, id }))
      const seen = await streams.listed([viewerId], [...new Set(rows.map(({ subjectId }) => subjectId))])
      const items = rows.flatMap((activity) => {
        const owned = seen(viewerId, activity.subjectId)
        return owned && isCurrent(activity, owned) ? [toItem(activity, owned)] : []
      })
      return { items, nextCursor }
    },
  }
}

export type FeedService = ReturnType<typeof createFeedService>

/** What of a broadcast's state is told; unlisted ones are told of never. */
function kindOf({ broadcast: { visibility, state } }: OwnedBroadcast): ActivityKind | undefined {
  if (visibility === 'unlisted') return undefined
  if (state === 'live') return 'broadcast_live'
  return state === 'scheduled' ? 'broadcast_scheduled' : undefined
}

/** An announcement is over once its broadcast has begun: that it is live is told on its own. */
const isCurrent = ({ kind }: Activity, { broadcast }: OwnedBroadcast) =>
  kind === 'broadcast_live' || broadcast.state === 'scheduled'

const toItem = ({ id, kind, createdAt }: Activity, { broadcast, owner }: OwnedBroadcast): FeedItem => ({
  ...{ id, kind, broadcast, createdAt: createdAt.getTime() },
  actor: owner,
})
