import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { CallError } from '../../../../../../client/types.ts'
import { useApp } from '../../../../data/app.tsx'
import { apiQuery, type Response } from '../../../../data/use-api.ts'

export type Playback = Response<'get /api/videos/{videoId}/playback'>

/** The shortest grants that a server may be set to live for two seconds. */
const REFRESH_MIN_MS = 1000
/** After a failure that may pass; players have more than this in store. */
const RETRY_MS = 3000

/** Pages that wait for a premiere ask in the moment of its beginning, and some a moment before. */
const EARLY_RETRY_MS = 250
/** For so long, times that. */
const EARLY_TRIES = 40
const RETRIES = 2
/** As the cache waits by itself. */
const BACK_OFF_MS = 1000
const isEarly = (error: unknown) => error instanceof CallError && error.details?.reason === 'premiere'

/**
 * Where the files of a video are; while its grant lasts only for a time, the next one is there before it ends. Once they are
 * refused, `refusal` says why, and there are none any more.
 */
export function usePlayback(videoId: string) {
  const { api } = useApp()
  const query = useQuery({
    ...apiQuery(api, 'get /api/videos/{videoId}/playback', { params: { videoId } }),
    retry: (count, error) =>
      isEarly(error) ? count < EARLY_TRIES : count < RETRIES && error instanceof CallError && error.retry,
    retryDelay: (count, error) => (isEarly(error) ? EARLY_RETRY_MS : BACK_OFF_MS * 2 ** count),
    refetchInterval: ({ state: { data, error } }) => {
      if (error) return error instanceof CallError && error.retry && RETRY_MS
      return typeof data?.expiresInMs === 'number' && Math.max(REFRESH_MIN_MS, data.expiresInMs / 2)
    },
    // Also of a player in another window or with sound alone.
    refetchIntervalInBackground: true,
    // What was granted to a page that was left may have ended when somebody comes back.
    gcTime: 0,
  })
  const refusal = refusalIn(query.error)
  const data = refusal ? undefined : query.data
  const newest = useRef(data)
  useEffect(() => {
    newest.current = data
  })
  /** What it brings is the newest when it is through, and not only once the page was drawn anew. */
  const refetch = async () => {
    const found = await query.refetch()
    newest.current = refusalIn(found.error) ? undefined : found.data
  }
  return { data, refusal, error: query.error, refetch, newest }
}

const refusalIn = (error: Error | null): CallError | undefined =>
  error instanceof CallError && !error.retry ? error : undefined
