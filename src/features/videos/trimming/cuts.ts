import { AppError } from '../../../core/errors.ts'
import type { Cut } from '../../../infra/transcoding/model.ts'
import type { RunRow, VideoRow } from '../videos.repo.ts'

/** Shorter ones are slips of the hand, and players have nothing to show of them. */
const LENGTH_MIN_MS = 1000
/** Of videos of which it is not known. */
const USUAL_FPS = 30

/** What of its file a video shows; undefined where that is all of it. */
export const cutOf = ({
  cutStartMs,
  durationMs,
}: Pick<VideoRow, 'cutStartMs' | 'durationMs'>): Cut | undefined =>
  cutStartMs === null || durationMs === null
    ? undefined
    : { startMs: cutStartMs, endMs: cutStartMs + durationMs }

/** What of its file a run is to show, as its owner said it; undefined for all of it. */
export const cutOfRun = ({
  cutStartMs,
  cutEndMs,
}: Pick<RunRow, 'cutStartMs' | 'cutEndMs'>): Cut | undefined =>
  cutStartMs === null || cutEndMs === null ? undefined : { startMs: cutStartMs, endMs: cutEndMs }

export const isSameCut = (one: Cut | undefined, other: Cut | undefined): boolean =>
  one?.startMs === other?.startMs && one?.endMs === other?.endMs

type Whole = { wholeMs: number; fps: number | null }

/** Whether no frame would go: what is less than half of one rounds to none. */
export function isWhole({ startMs, endMs }: Cut, { wholeMs, fps }: Whole): boolean {
  const halfFrameMs = 500 / (fps ?? USUAL_FPS)
  return startMs < halfFrameMs && wholeMs - endMs < halfFrameMs
}

/** Errors: `invalid_input` where it is not within the file, or shorter than a second. */
export function mustBeWithin({ startMs, endMs }: Cut, wholeMs: number): void {
  if (endMs > wholeMs) throw refused('endMs', 'It must end before the file does.')
  if (endMs - startMs < LENGTH_MIN_MS) throw refused('endMs', 'What is left must last a second at least.')
}

const refused = (path: string, message: string) =>
  new AppError('invalid_input', message, { issues: [{ path, message }] })
