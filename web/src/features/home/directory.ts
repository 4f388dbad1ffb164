import type { RouteResponse, TopicItem } from '../../../../src/contract/index.ts'

export type StreamCard = RouteResponse<'listLive'>['streams'][number]
export type DirectoryEvent = TopicItem<'directory:live'>

/**
 * The list after what was pushed. A stream keeps its place when it changes and a new one comes last, so that no card
 * moves away under the pointer; the order by viewers comes with the next load.
 */
export function applyDirectory(
  streams: readonly StreamCard[],
  events: readonly DirectoryEvent[],
): StreamCard[] {
  const byId = new Map(streams.map((stream) => [stream.streamId, stream]))
  for (const event of events) {
    if (event.type === 'remove') byId.delete(event.streamId)
    else byId.set(event.stream.streamId, event.stream)
  }
  return [...byId.values()]
}
