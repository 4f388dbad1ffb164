import type { FeedItem } from './feed-pages.ts'

/** An entry of tests, about a broadcast of its own that is live. */
export function feedItem(number: number, more: Partial<FeedItem> = {}): FeedItem {
  return {
    id: `${number}`,
    kind: 'broadcast_live',
    actor: {
      id: `person ${number}`,
      handle: `person${number}`,
      displayName: `Person ${number}`,
      avatar: null,
    },
    broadcast: {
      id: `broadcast ${number}`,
      streamId: `stream ${number}`,
      title: `Broadcast ${number}`,
      category: 'talk',
      visibility: 'public',
      state: 'live',
      scheduledFor: null,
      startedAt: number,
      interruptedAt: null,
      graceEndsAt: null,
      endedAt: null,
      endReason: null,
      likes: 0,
    },
    createdAt: number,
    ...more,
  }
}
