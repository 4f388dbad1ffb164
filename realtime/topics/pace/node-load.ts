import type { Logger } from '../../../src/core/log.ts'
import { LEVEL_MAX } from './allowance.ts'

/** How a node fared since it was last asked. */
export type NodeFigures = {
  /** Share of the time that the event loop had work. */
  utilization: number
  /** How late timers were on average. */
  lagMs: number
  /** Share of the sockets that do not take what is sent to them; all at once means the network, not the readers. */
  behindShare: number
}

/** From here on what arrives in a moment finds no room any more. */
const UTILIZATION_MAX = 0.9
/** Half of the time that a line of chat may take. */
const LAG_MAX_MS = 50
/** Slow readers are a few; a tenth of all is the way out being full. An attacker would need as many sockets. */
const BEHIND_SHARE_MAX = 0.1
/** Below this part of the limits there is room for what a level less brings. */
const CALM_AT = 0.6
/** One busy second is not an overload. */
const LOOKS_TO_RISE = 2
/** A wave of arrivals is over in a moment; what was only that should not hold up the rooms for long. */
const LOOKS_TO_FALL = 3
/** A level that is left and needed again is held for longer each time, so that rooms do not swing; two minutes at most. */
const LOOKS_TO_FALL_MAX = 120

/**
 * The load of the node as a level, moved one step at a time by one look a second:
 *
 *   n ──over a limit at 2 looks in a row──▶ n + 1        n ──well below all of them for 3 (6, 12 …) looks──▶ n − 1
 *
 * In between it stays. It is never below 0 or above LEVEL_MAX.
 */
export function createNodeLoad(log: Logger) {
  let level = 0
  let over = 0
  let calm = 0
  let looksToFall = LOOKS_TO_FALL
  let hasFallen = false
  let looksAtGround = 0

  function move(to: number, figures: NodeFigures): void {
    const isRise = to > level
    if (isRise && hasFallen) looksToFall = Math.min(LOOKS_TO_FALL_MAX, looksToFall * 2)
    hasFallen = !isRise
    ;[level, over, calm, looksAtGround] = [to, 0, 0, 0]
    if (isRise) log.warn({ level, ...figures }, 'This node is overloaded: large rooms are sent to less often')
    else log.info({ level, ...figures }, 'The overload of this node eases')
  }

  return {
    level: () => level,
    look(figures: NodeFigures): void {
      const pressure = pressureOf(figures)
      over = pressure >= 1 ? over + 1 : 0
      calm = pressure < CALM_AT ? calm + 1 : 0
      if (over >= LOOKS_TO_RISE && level < LEVEL_MAX) move(level + 1, figures)
      else if (calm >= looksToFall && level > 0) move(level - 1, figures)
      else if (level === 0 && ++looksAtGround >= LOOKS_TO_FALL_MAX) {
        looksToFall = LOOKS_TO_FALL
        hasFallen = false
      }
    },
  }
}

/** 1 where one of the limits is reached. */
const pressureOf = ({ utilization, lagMs, behindShare }: NodeFigures): number =>
  Math.max(utilization / UTILIZATION_MAX, lagMs / LAG_MAX_MS, behindShare / BEHIND_SHARE_MAX)
