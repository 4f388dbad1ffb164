import { useState } from 'react'
import { useApp } from '../../data/app.tsx'
import { useTopic } from '../../data/use-topic.ts'
import type { StreamCard } from '../home/directory.ts'
import { type Standings, withDirectory } from './standing.ts'

/** Which streams came on air, changed or went since this is shown, by push. */
export function useStandings(): Standings {
  const { api } = useApp()
  const [standings, setStandings] = useState<Standings>(new Map())
  useTopic('directory:live', {
    // The pushes tell changes alone; how many watch what was on air before is read. What is pushed meanwhile is newer.
    onStart: () => {
      setStandings(new Map())
      api.request('get /api/streams/live').then(
        ({ streams }) =>
          setStandings((pushed) => new Map([...withDirectory(new Map(), upserts(streams)), ...pushed])),
        // The entries themselves say who is live; only the numbers are missing.
        () => {},
      )
    },
    onItems: (events) => setStandings((known) => withDirectory(known, events)),
  })
  return standings
}

const upserts = (streams: readonly StreamCard[]) =>
  streams.map((stream) => ({ type: 'upsert' as const, stream }))
