import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useApp } from '../../../../data/app.tsx'
import { apiQuery, type Response } from '../../../../data/use-api.ts'

export type Playback = Response<'get /api/videos/{videoId}/playback'>

/** A grant that ends sooner is asked for again no more often than this. */
const REFRESH_MIN_MS = 5000

/** Where the files of a video are; while its grant lasts only for a time, the next one is there before it ends. */
export function usePlayback(videoId: string) {
  const { api } = useApp()
  const query = useQuery({
    ...apiQuery(api, 'get /api/videos/{videoId}/playback', { params: { videoId } }),
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
