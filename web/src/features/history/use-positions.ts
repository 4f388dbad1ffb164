import { useQuery } from '@tanstack/react-query'
import { useApp } from '../../data/app.tsx'
import type { Response } from '../../data/use-api.ts'
import { useAccount } from '../../data/use-session.ts'

type Position = Response<'get /api/history/positions'>['positions'][number]

/** As many as the server answers at once. */
const ASKED_MAX = 60

/** How far one came in videos, by their ids; empty without an account. */
export function usePositions(videoIds: readonly string[]): ReadonlyMap<string, Position> {
  const { api } = useApp()
  const account = useAccount()
  const { data } = useQuery({
    queryKey: ['get /api/history/positions', ...videoIds],
    enabled: account != null && videoIds.length > 0,
    placeholderData: (former: Map<string, Position> | undefined) => former,
    queryFn: async () => {
      const parts = []
      for (let i = 0; i < videoIds.length; i += ASKED_MAX) parts.push(videoIds.slice(i, i + ASKED_MAX))
      const answers = await Promise.all(
        parts.map((ids) => api.request('get /api/history/positions', { query: { videoIds: ids.join() } })),
      )
      return new Map(answers.flatMap(({ positions }) => positions.map((one) => [one.videoId, one] as const)))
    },
  })
  return data ?? NONE
}

const NONE: ReadonlyMap<string, Position> = new Map()

/** How much of a video was watched, from 0 to 1; undefined where it was not begun. */
export function shareOf(position: Position | undefined): number | undefined {
  if (!position) return undefined
  if (position.isFinished) return 1
  return position.positionMs ? position.positionMs / position.durationMs : undefined
}
