import type { OnlineBook } from '../../realtime/presence/online.ts'
import type { MembershipHook, TopicRights } from '../../realtime/subscriptions.ts'
import type { DurableSource } from '../../realtime/topics/durable.ts'
import type { Presence } from '../core/ports.ts'
import type { Viewer } from '../core/viewer.ts'
import { streamTopic } from '../features/streams/streams.service.ts'
import type { Services } from './services.ts'

/** Who may join which topics. */
export function topicRights(
  { streams, social }: Services,
  online: Pick<OnlineBook, 'confirmed'>,
): Record<string, TopicRights> {
  const ofStream = (_viewer: Viewer, streamIds: readonly string[]) => streams.visibility.visible(streamIds)
  const ofOneself = async ({ account }: Viewer, userIds: readonly string[]) => {
    // Before the position is read: who pushes asks who is online, and what comes after the position must be pushed. Where
    // it can't be had, Redis is away, and topics that need it answer that themselves.
    if (account) await online.confirmed(account.id).catch(() => {})
    return new Set(userIds.filter((id) => id === account?.id))
  }
  return {
    'stream:{streamId}': ofStream,
    'chat:{streamId}': ofStream,
    'counters:stream:{streamId}': ofStream,
    'counters:account:{accountId}': (_viewer, accountIds) => social.visible(accountIds),
    'notifications:{userId}': ofOneself,
    'notification-state:{userId}': ofOneself,
    'feed:{userId}': ofOneself,
  }
}

/** Where the items of durable topics are read. */
export const topicSources = ({ chat, notifications }: Services): Record<string, DurableSource> => ({
  'chat:{streamId}': chat.source,
  'notifications:{userId}': notifications.source,
})

/** What else happens when somebody joins or leaves: viewers are counted, and counters shown to who comes first. */
export function topicHooks(
  presence: Presence,
  { streams, social, notifications }: Services,
): Record<string, MembershipHook> {
  return {
    'stream:{streamId}': viewerHook(presence, streams),
    'counters:stream:{streamId}': onJoin(streams.showCounters),
    'counters:account:{accountId}': onJoin(social.showFollowers),
    'notification-state:{userId}': onJoin(notifications.showState),
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
      const isOwner =
        viewer.account?.id !== undefined && viewer.account.id === streams.visibility.knownOwner(streamId)
      if (!isOwner) presence.enter(streamTopic(streamId), viewer.id, id)
    },
    left: ({ id }, streamId) => presence.leave(streamTopic(streamId), id),
  }
}
