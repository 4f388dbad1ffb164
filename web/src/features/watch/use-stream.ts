import { useApp } from '../../data/app.tsx'
import { apiQuery, useApi } from '../../data/use-api.ts'
import { useTopic } from '../../data/use-topic.ts'
import {
  applyStreamEvents,
  type Stream,
  type StreamCounters,
  type StreamEvent,
  withCounters,
} from './stream-state.ts'

/** The live page of an account, kept up to date by push; following it counts as watching. */
export function useStream(handle: string) {
  const { api, queryClient } = useApp()
  const query = useApi('get /api/streams/{handle}', { params: { handle } })
  const { queryKey } = apiQuery(api, 'get /api/streams/{handle}', { params: { handle } })
  const streamId = query.data?.stream.id
  const update = (change: (stream: Stream) => Stream) => {
    queryClient.setQueryData(queryKey, (known) => known && { stream: change(known.stream) })
    // An answer that is on its way may be older than what was pushed: ask anew.
    if (queryClient.isFetching({ queryKey }) > 0) void queryClient.invalidateQueries({ queryKey })
  }
  useTopic(streamId === undefined ? undefined : `stream:${streamId}`, {
    // The page was read before the topic was joined; what happened between is found by reading once more.
    onStart: () => void queryClient.invalidateQueries({ queryKey }),
    onItems: (events: StreamEvent[]) => update((stream) => applyStreamEvents(stream, events)),
  })
  useTopic(streamId === undefined ? undefined : `counters:stream:${streamId}`, {
    onStart: (values) => setCounters(values.at(-1)),
    onItems: (values) => setCounters(values.at(-1)),
  })
  const setCounters = (counters: StreamCounters | undefined) => {
    if (counters)
      queryClient.setQueryData(queryKey, (known) => known && { stream: withCounters(known.stream, counters) })
  }
  return query
}
