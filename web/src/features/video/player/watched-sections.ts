/** From, to, in milliseconds of the video. */
export type Section = [fromMs: number, toMs: number]

/** As many as the server takes at once. */
const SECTIONS_MAX = 60
const SECOND_MS = 1000
/** Between two looks at a player four times a second at most this much is played, also at double speed on a slow machine. */
const STEP_MAX_S = 4

/**
 * Collects what is played. It is told where the player is, several times a second; what lies between two places is watched when
 * it is no more than can be played meanwhile, and else somebody sought.
 */
export function createWatchedSections() {
  let sections: Section[] = []
  let open: { fromS: number; toS: number } | undefined

  const close = () => {
    if (open && open.toS > open.fromS)
      sections.push([Math.round(open.fromS * SECOND_MS), Math.round(open.toS * SECOND_MS)])
    open = undefined
  }

  return {
    at(atS: number): void {
      const step = open ? atS - open.toS : Number.NaN
      if (open && step >= 0 && step <= STEP_MAX_S) {
        open.toS = atS
        return
      }
      close()
      open = { fromS: atS, toS: atS }
    },
    /** What comes next does not follow what was before: somebody seeks. */
    cut: close,
    /** What was watched since the last time this was asked. */
    take(): Section[] {
      const last = open?.toS
      close()
      if (last !== undefined) open = { fromS: last, toS: last }
      // What was not told for so long is told from its end: the rest could not be taken.
      const taken = sections.slice(-SECTIONS_MAX)
      sections = []
      return taken
    },
    /** It could not be told, and is told with what follows. */
    putBack(former: readonly Section[]): void {
      sections = [...former, ...sections]
    },
  }
}
