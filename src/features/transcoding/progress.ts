/** What is left of a run: pieces by the work that they are, and whether its sound is there. */
export type Parts = { done: number; all: number; soundDone: number; soundAll: number }

/** Looking at the file, as a share of everything. */
const PREPARED = 3
/** Of the rest, what sound takes compared with all pieces of picture. */
const SOUND_SHARE = 0.05

/** 0 to 99 while something is left: 100 is for what was published. */
export function percentOf({ done, all, soundDone, soundAll }: Parts): number {
  const picture = all === 0 ? 0 : done / all
  const sound = soundAll === 0 ? 1 : soundDone / soundAll
  const share = soundAll === 0 ? picture : picture * (1 - SOUND_SHARE) + sound * SOUND_SHARE
  return Math.min(99, Math.floor(PREPARED + share * (100 - PREPARED)))
}
