import { useState } from 'react'
import { CallError } from '../../../../client/types.ts'
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

/**
 * The live page of an account, kept up to date by push; following it counts as watching. Whoever is put out of it reads it
 * again: the answer says why, as `error`, or that it is open once more. `round` grows with each time they were.
 */
export function useStream(handle: string) {
  const { api, queryClient } = useApp()
  const [round, setRound] = useState(0)
  const query = useApi('get /api/streams/{handle}', { params: { handle } })
  const { queryKey } = apiQuery(api, 'get /api/streams/{handle}', { params: { handle } })
  const streamId = isShut(query.error) ? undefined : query.data?.stream.id
  const readAnew = () => queryClient.invalidateQueries({ queryKey })
  const update = (change: (stream: Stream) => Stream) => {
    queryClient.setQueryData(queryKey, (known) => known && { stream: change(known.stream) })
    // An answer that is on its way may be older than what was pushed: ask anew.
    if (queryClient.isFetching({ queryKey }) > 0) void readAnew()
  }
  useTopic(
    streamId === undefined ? undefined : `stream:${streamId}`,
    {
      // The page was read before the topic was joined; what happened between is found by reading once more.
      onStart: () => void readAnew(),
      onItems: (events: StreamEvent[]) => {
        update((stream) => applyStreamEvents(stream, events))
        if (events.some(({ type }) => type === 'changed')) void readAnew()
      },
      onClosed: () => void readAnew().then(() => setRound((before) => before + 1)),
    },
    round,
  )
  useTopic(
    streamId === undefined ? undefined : `counters:stream:${streamId}`,
    {
      onStart: (values) => setCounters(values.at(-1)),
      onItems: (values) => setCounters(values.at(-1)),
    },
    round,
  )
  const setCounters = (counters: StreamCounters | undefined) => {
    if (counters)
      queryClient.setQueryData(queryKey, (known) => known && { stream: withCounters(known.stream, counters) })
  }
  return { ...query, round }
}

/** Whether a live page is none that this viewer may see; what was read of it before is not shown any more. */
export const isShut = (error: unknown): error is CallError =>
  error instanceof CallError && ['not_found', 'forbidden', 'invalid_input'].includes(error.code)
