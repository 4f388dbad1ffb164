/**
 * What a room may cost at each level of the node's load (0: calm … 3: the worst; see `node-load.ts`). A frame costs one
 * delivery per member – some 10 µs of a core, nearly all of it the kernel's – whether it has one item or ten.
 */
type Allowance = {
  /** From an item until its frame has left for the last member, as far as waiting and sending decide it. */
  waitMaxMs: number
  /** Deliveries of frames per second (frames × members) from which on a room collects. */
  framesPerS: number
  /** Deliveries of items per second (items × members); what is more is skipped where the topic allows it. */
  itemsPerS: number
}

/**
 * 46 ms are not noticed in a chat and leave half of the 100 ms that a line may take; 200 lines a second make frames of ten.
 * 2 000 deliveries a second are 2 % of a core. Frames of ten lines reach 900 000 deliveries of lines per second and core:
 * the third level leaves one room a third of that, the last one a ninth.
 */
const ALLOWANCES = [
  { waitMaxMs: 46, framesPerS: 2000, itemsPerS: Number.POSITIVE_INFINITY },
  { waitMaxMs: 250, framesPerS: 1000, itemsPerS: Number.POSITIVE_INFINITY },
  { waitMaxMs: 500, framesPerS: 1000, itemsPerS: 300_000 },
  { waitMaxMs: 1000, framesPerS: 500, itemsPerS: 100_000 },
] as const satisfies readonly Allowance[]

export const LEVEL_MAX = ALLOWANCES.length - 1
/** An item never waits longer while the node is calm; where one does, the room is slowed. */
export const CALM_WAIT_MS = ALLOWANCES[0].waitMaxMs
/** What a frame takes to leave for one member: in a large room the last one waits for all the others. */
const SEND_MS = 0.016
/** However long sending takes, this part of the time is left to collect in: else a huge room would have a frame for each line. */
const COLLECT_SHARE_MIN = 0.6
/** Waiting that brings less than this many further items into the frame saves too little to be late for. */
const WORTH_ITEMS = 0.5
/** However large a room is, this many lines a second stay: about as many as somebody can follow. */
const ITEMS_PER_S_MIN = 5

const at = (level: number): Allowance => ALLOWANCES[Math.min(level, LEVEL_MAX)] ?? ALLOWANCES[0]

/**
 * How long the first item of a frame waits for others, in milliseconds: as long as the room then keeps to its allowance,
 * and not at all where next to nothing is to be expected.
 */
export function waitMsOf(level: number, members: number, itemsPerS: number): number {
  const { waitMaxMs, framesPerS } = at(level)
  const collectMaxMs = Math.max(waitMaxMs * COLLECT_SHARE_MIN, waitMaxMs - members * SEND_MS)
  // Frames that are `members / framesPerS` apart keep to it; 1 / rate of that passes by itself.
  const waitMs = Math.min(collectMaxMs, 1000 * (members / framesPerS - 1 / itemsPerS))
  return (waitMs * itemsPerS) / 1000 < WORTH_ITEMS ? 0 : waitMs
}

/** How many items per second a room of so many may be sent; infinite where nothing is skipped. */
export function itemsPerSOf(level: number, members: number): number {
  return Math.max(ITEMS_PER_S_MIN, at(level).itemsPerS / Math.max(1, members))
}
