import { useApp } from '../../data/app.tsx'
import { apiQuery, useApi } from '../../data/use-api.ts'
import { useTopic } from '../../data/use-topic.ts'
import { applyDirectory } from './directory.ts'

/** The public streams on air, kept up to date by push. */
export function useDirectory() {
  const { api, queryClient } = useApp()
  const { queryKey } = apiQuery(api, 'get /api/streams/live')
  useTopic('directory:live', {
    // What changed before the topic was joined is not pushed, so the list is read once more after each start.
    onStart: () => void queryClient.invalidateQueries({ queryKey }),
    onItems: (events) => {
      queryClient.setQueryData(
        queryKey,
        (known) => known && { streams: applyDirectory(known.streams, events) },
      )
      // An answer that is on its way may be older than these events: ask anew.
      if (queryClient.isFetching({ queryKey }) > 0) void queryClient.invalidateQueries({ queryKey })
    },
  })
  return useApi('get /api/streams/live')
}
