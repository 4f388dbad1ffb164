import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { CallError } from '../../../../../../client/types.ts'
import { useApp } from '../../../../data/app.tsx'
import { apiQuery, type Response } from '../../../../data/use-api.ts'

export type Playback = Response<'get /api/videos/{videoId}/playback'>

/** A grant that ends sooner is asked for again no more often than this. */
const REFRESH_MIN_MS = 5000

/** Pages that wait for a premiere ask in the moment of its beginning, and some a moment before. */
const EARLY_RETRY_MS = 250
/** For so long, times that. */
const EARLY_TRIES = 40
const RETRIES = 2
/** As the cache waits by itself. */
const BACK_OFF_MS = 1000
const isEarly = (error: unknown) => error instanceof CallError && error.details?.reason === 'premiere'

/** Where the files of a video are; while its grant lasts only for a time, the next one is there before it ends. */
export function usePlayback(videoId: string) {
  const { api } = useApp()
  const query = useQuery({
    ...apiQuery(api, 'get /api/videos/{videoId}/playback', { params: { videoId } }),
    retry: (count, error) =>
      isEarly(error) ? count < EARLY_TRIES : count < RETRIES && error instanceof CallError && error.retry,
    retryDelay: (count, error) => (isEarly(error) ? EARLY_RETRY_MS : BACK_OFF_MS * 2 ** count),
    refetchInterval: ({ state: { data } }) =>
      typeof data?.expiresAt === 'number' && Math.max(REFRESH_MIN_MS, (data.expiresAt - Date.now()) / 2),
    // Also of a player in another window or with sound alone.
    refetchIntervalInBackground: true,
  })
  const newest = useRef(query.data)
  useEffect(() => {
    newest.current = query.data
  })
  return { ...query, newest }
}
