import type { OwnVideo } from '../use-own-videos.ts'

/** What the form says now; `at`: null where no time is chosen. */
export type Wish = { isPremiere: boolean; at: number | null; visibility: OwnVideo['visibility'] }

type Planned = Pick<OwnVideo, 'isPremiere' | 'scheduledFor'>

/** The key of the sentence that says what happens when a form is saved so. */
export function sentenceOf(before: Planned, { isPremiere, at, visibility }: Wish, nowMs: number) {
  if (at === null) return before.isPremiere ? 'calledOffNow' : 'plainNone'
  const isToCome = at > nowMs
  if (!isPremiere) return before.isPremiere ? 'calledOff' : isToCome ? 'plainLater' : 'plainNone'
  if (!isToCome) return 'needsTime'
  if (visibility === 'private') return 'needsAudience'
  if (!before.isPremiere) return 'planned'
  return at === before.scheduledFor ? 'kept' : 'moved'
}

/** Whether there is still something to choose: a premiere is for what nobody has seen. */
export const isOut = ({ state, publishedAt }: OwnVideo, nowMs: number): boolean =>
  state === 'ready' && publishedAt !== null && publishedAt <= nowMs
