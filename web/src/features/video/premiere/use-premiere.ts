import { useEffect, useState } from 'react'
import type { TopicItem } from '../../../../../src/contract/index.ts'
import { useTopic } from '../../../data/use-topic.ts'
import type { Video } from '../watch/use-video.ts'
import type { Phase, PremiereTimes } from './phases.ts'
import { usePhase } from './use-phase.ts'

/** Pages that wait hear of a change in the same moment: they read it anew over as long, so that they do not all ask at once. */
const SPREAD_MS = 1500
/** As long for what is there once a premiere plays, which nobody waits for. */
const SPREAD_AFTER_START_MS = 8000

/** A premiere as its page shows it now. */
export type PremiereNow = PremiereTimes & {
  phase: Phase
  chatStreamId: string | null
  /** How far the clock of the server is ahead of this page's steady one. */
  aheadMs: number
}

type Page = { video: Video; aheadMs: number; refetch: () => void; reset: () => void }

/** Follows the premiere of a video: its times as they are pushed, and its phases as they come. Undefined where it has none. */
export function usePremiere({ video, aheadMs, refetch, reset }: Page): PremiereNow | undefined {
  const { premiere } = video
  const [told, setTold] = useState<TopicItem<'premiere:'>>()
  const news = premiere && told?.version !== premiere.version ? told : undefined
  const times = (news && timesIn(news)) ?? premiere ?? undefined
  const phase = usePhase(times, aheadMs)
  const isOn = phase === 'waiting' || phase === 'playing'
  const hear = (items: readonly TopicItem<'premiere:'>[]) => setTold((before) => items.at(-1) ?? before)
  useTopic(isOn ? `premiere:${video.id}` : undefined, {
    onItems: hear,
    onStart(items, _at, isGap) {
      hear(items)
      // The machine may have slept, and its steady clock with it.
      if (isGap) refetch()
    },
    onClosed: reset,
  })
  useReread(isOn && news !== undefined, news?.version, SPREAD_MS, refetch)
  useReread(phase === 'playing' && video.media === null, phase, SPREAD_AFTER_START_MS, refetch)
  if (!premiere || !times || !phase) return undefined
  return {
    ...{ phase, aheadMs },
    startsAt: times.startsAt,
    endsAt: times.endsAt,
    chatStreamId: premiere.chatStreamId,
  }
}

/** Reads once for each `reason`, some time within `spreadMs`. */
function useReread(isDue: boolean, reason: string | undefined, spreadMs: number, refetch: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: one read a reason.
  useEffect(() => {
    if (!isDue) return
    const timer = setTimeout(refetch, Math.random() * spreadMs)
    return () => clearTimeout(timer)
  }, [isDue, reason, spreadMs])
}

const timesIn = ({ startsAt, endsAt }: TopicItem<'premiere:'>): PremiereTimes | undefined =>
  startsAt === null || endsAt === null ? undefined : { startsAt, endsAt }
