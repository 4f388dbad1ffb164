import type { MembershipHook, TopicRights, Verdict } from '../../realtime/members/subscriptions.ts'
import type { OnlineBook } from '../../realtime/presence/online.ts'
import type { DurableSource } from '../../realtime/topics/durable.ts'
import type { TopicItem } from '../contract/index.ts'
import { can, owns } from '../core/access/permissions.ts'
import { AppError } from '../core/errors.ts'
import { isUuid } from '../core/ids.ts'
import type { Presence } from '../core/ports.ts'
import { isShown, streamTopic, type View } from '../features/streams/streams.service.ts'
import type { Services } from './services.ts'

const PREFIXES = [
  'stream:',
  'chat:',
  'counters:stream:',
  'counters:account:',
  'counters:video:',
  'premiere:',
  'directory:',
]

/** The topics that the rights on a stream, an account or the list `live` are about; the id of one is never that of another. */
export const topicsOf = (subjectId: string): string[] => PREFIXES.map((prefix) => `${prefix}${subjectId}`)

/** Who may join which topics. */
export function topicRights(
  { streams, social, notifications, feed, views, videos }: Services,
  online: Pick<OnlineBook, 'confirmed'>,
): Record<string, TopicRights> {
  const ofOneself =
    (sift?: (userId: string, items: readonly never[]) => Promise<readonly unknown[]>): TopicRights =>
    async (viewers, userIds) => {
      // Before the position is read: who pushes asks who is online, and what comes after the position must be pushed. Where
      // it can't be had, Redis is away, and topics that need it answer that themselves.
      for (const { account } of viewers) if (account) await online.confirmed(account.id).catch(() => {})
      const own = new Set(userIds)
      return (viewer, userId) => ({
        ...verdict(can(viewer, 'own:follow', { ownerId: userId }) && own.has(userId)),
        ...(sift && { sift: (items) => sift(userId, items as readonly never[]) }),
      })
    }
  return {
    'stream:{streamId}': streamRights(streams, isForView),
    'chat:{streamId}': streamRights(streams, (item, { chatHiddenUpTo }) => seqOf(item) > chatHiddenUpTo),
    'counters:stream:{streamId}': streamRights(streams),
    'counters:account:{accountId}': async (viewers, accountIds) => {
      const isVisible = await social.visible(
        viewers.map(({ id }) => id),
        accountIds,
      )
      return ({ id }, accountId) => verdict(isVisible(id, accountId))
    },
    'directory:live': directoryRights(streams),
    // What is kept was told before: since then somebody may have been blocked or muted.
    'notifications:{userId}': ofOneself(notifications.sift),
    'notification-state:{userId}': ofOneself(),
    'feed:{userId}': ofOneself(feed.sift),
    'video-manager:{userId}': ofOneself(),
    'follow-answers:{userId}': ofOneself(social.siftAnswers),
    'counters:video:{videoId}': async (viewers, videoIds) => {
      const isVisible = await views.visible(viewers, videoIds.filter(isUuid))
      return ({ id }, videoId) => verdict(isVisible(id, videoId))
    },
    'premiere:{videoId}': async (viewers, videoIds) => {
      const isSeen = await videos.pagesSeen(viewers, videoIds.filter(isUuid))
      return ({ id }, videoId) => verdict(isSeen(id, videoId))
    },
    // Its scope is judged before: also who is leaving sees it.
    'account-data:{userId}': async () => (viewer, userId) =>
      verdict(viewer.account !== undefined && owns(viewer, { ownerId: userId })),
  }
}

/** One judgement for all viewers and streams, and for kept items what of them a viewer may see. */
const streamRights =
  (streams: Services['streams'], isForThem?: (item: unknown, view: View) => boolean): TopicRights =>
  async (viewers, streamIds) => {
    const judgement = await streams.doors.enter(
      viewers.map(({ id }) => id),
      streamIds,
    )
    return ({ id }, streamId) => {
      const view = judgement(id, streamId)
      return {
        refusal: view.refusal,
        ...(isForThem && { isForThem: (item) => isForThem(item, view) }),
      }
    }
  }

/** Everybody is told the same, but for streams that somebody is not to hear of: to them, these are always gone. */
const directoryRights =
  (streams: Services['streams']): TopicRights =>
  async (viewers) => {
    const unheard = await streams.unheardStreams(viewers.flatMap(({ account }) => account?.id ?? []))
    return ({ account }) => {
      const streamIds = account && unheard.get(account.id)
      return {
        ...{ refusal: undefined, sift: (items) => withoutPrivate(streams, items) },
        ...(streamIds && { alter: (item) => withoutStreams(item, streamIds) }),
      }
    }
  }

/** What is kept was told before: since then an account may have become private. */
async function withoutPrivate(
  streams: Services['streams'],
  items: readonly unknown[],
): Promise<readonly unknown[]> {
  const events = items as readonly TopicItem<'directory:live'>[]
  const shown = events.flatMap((event) => (event.type === 'upsert' ? [event.stream.streamId] : []))
  const hidden = await streams.privateStreams([...new Set(shown)])
  return events.map((event) => withoutStreams(event, hidden))
}

function withoutStreams(item: unknown, streamIds: ReadonlySet<string>): TopicItem<'directory:live'> {
  const event = item as TopicItem<'directory:live'>
  if (event.type === 'remove' || !streamIds.has(event.stream.streamId)) return event
  return { type: 'remove', streamId: event.stream.streamId }
}

const verdict = (isAllowed: boolean): Verdict => ({
  refusal: isAllowed ? undefined : new AppError('not_found'),
})

/** What was said of a broadcast for followers is kept in the topic after the stream is open again. */
const isForView = (item: unknown, view: View): boolean => {
  const { broadcast } = item as TopicItem<'stream:'> & { broadcast?: Parameters<typeof isShown>[0] }
  return !broadcast || isShown(broadcast, view)
}

const seqOf = (item: unknown): number => (item as TopicItem<'chat:'>).seq

/** Where the items of durable topics are read. */
export const topicSources = ({ chat, notifications }: Services): Record<string, DurableSource> => ({
  'chat:{streamId}': chat.source,
  'notifications:{userId}': notifications.source,
})

/** What else happens when somebody joins or leaves: viewers are counted, and counters shown to who comes first. */
export function topicHooks(
  presence: Presence,
  { streams, social, notifications, exports, videos, views }: Services,
): Record<string, MembershipHook> {
  return {
    'stream:{streamId}': viewerHook(presence, streams),
    'counters:stream:{streamId}': onJoin(streams.showCounters),
    'counters:account:{accountId}': onJoin(social.showFollowers),
    'notification-state:{userId}': onJoin(notifications.showState),
    'account-data:{userId}': onJoin(exports.show),
    'video-manager:{userId}': onJoin(videos.show),
    'premiere:{videoId}': onJoin(videos.showPremiere),
    'counters:video:{videoId}': onJoin(views.showCounters),
  }
}

const onJoin = (show: (param: string) => void): MembershipHook => ({
  joined: (_session, param) => show(param),
  left() {},
})

/** Being in the topic of a stream is watching it; its owner does not count. */
function viewerHook(presence: Presence, streams: Services['streams']): MembershipHook {
  return {
    joined({ id, viewer }, streamId) {
      const isOwner = owns(viewer, { ownerId: streams.visibility.knownOwner(streamId) })
      if (!isOwner) presence.enter(streamTopic(streamId), viewer.id, id)
    },
    left: ({ id }, streamId) => presence.leave(streamTopic(streamId), id),
  }
}
