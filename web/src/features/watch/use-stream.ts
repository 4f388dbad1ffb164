import { useApp } from '../../data/app.tsx'
import { apiQuery, useApi } from '../../data/use-api.ts'
import { useTopic } from '../../data/use-topic.ts'
import { applyStreamEvents, type Stream, type StreamEvent } from './stream-state.ts'

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
    onStart: (values) => setViewers(values.at(-1)?.viewers),
    onItems: (values) => setViewers(values.at(-1)?.viewers),
  })
  const setViewers = (viewers: number | undefined) => {
    if (viewers !== undefined)
      queryClient.setQueryData(queryKey, (known) => known && { stream: { ...known.stream, viewers } })
  }
  return query
}
