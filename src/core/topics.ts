/** The delivery promise of a topic; see the AsyncAPI document for what each one means to a subscriber. */
export type TopicClass = 'durable' | 'live' | 'latest'

/**
 * Where a subscriber is in a topic. Offsets are comparable only within one epoch: a `durable` topic has one epoch for
 * its life, a `live` or `latest` one has a new epoch whenever its store starts anew.
 */
export type Position = { epoch: string; offset: number }

/** The frame pushed as `topic:items`. `offset` is that of the last item; items are contiguous but for `skipped`. */
export type ItemsFrame<T = unknown> = {
  topic: string
  epoch: string
  offset: number
  items: T[]
  /** Inclusive range of offsets left out under overload; it counts as seen and can be fetched as history. */
  skipped?: [from: number, to: number]
}

/** What `topic:join` answers per topic. */
export type JoinedTopic<T = unknown> = {
  topic: string
  class: TopicClass
  position: Position
  /** True when `items` is all that happened after `since`; false when the view must be loaded anew. */
  recovered: boolean
  items: T[]
}
