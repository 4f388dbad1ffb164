import type { AudioRecord, ChunkRecord, Plan, Rung } from '../model.ts'

/** A rendition of which every segment is there. */
export type WholeRung = { rung: Rung; codec: string; segmentBytes: number[]; bandwidth: Bandwidth }
export type WholeAudio = { record: AudioRecord; bandwidth: Bandwidth }

/** Bits per second of the largest segment and of all, as RFC 8216, section 4.3.4.2, means them. */
export type Bandwidth = { peakBps: number; averageBps: number }

const BITS = 8

export function bandwidthOf(segments: readonly { seconds: number; sizeBytes: number }[]): Bandwidth {
  const total = segments.reduce((sum, { seconds, sizeBytes }) => ({
    seconds: sum.seconds + seconds,
    sizeBytes: sum.sizeBytes + sizeBytes,
  }))
  const averageBps = Math.ceil((total.sizeBytes * BITS) / total.seconds)
  // RFC 8216 takes the peak over parts of at least half a segment: a short last one says little.
  const longest = Math.max(...segments.map(({ seconds }) => seconds))
  const full = segments.filter(({ seconds }) => seconds >= longest / 2)
  const peakBps = Math.ceil(Math.max(...full.map(({ seconds, sizeBytes }) => (sizeBytes * BITS) / seconds)))
  return { peakBps: Math.max(peakBps, averageBps), averageBps }
}

/** Frames of the rung's own rate in each of its segments. */
export function segmentFramesOf(plan: Plan, rung: Rung): number[] {
  return Array.from({ length: plan.segments }, (_, number) => {
    const start = number * plan.segmentFrames
    return Math.ceil((Math.min(start + plan.segmentFrames, plan.frames) - start) / rung.step)
  })
}

/** The rungs of which all chunks are there, from the smallest to the largest. Throws where chunks of one do not fit together. */
export function wholeRungs(plan: Plan, chunks: readonly ChunkRecord[]): WholeRung[] {
  return plan.rungs.flatMap((rung) => {
    const own = new Map(
      chunks.filter(({ rung: name }) => name === rung.name).map((record) => [record.chunk, record]),
    )
    const inOrder = Array.from({ length: plan.chunks }, (_, chunk) => own.get(chunk))
    const [first] = inOrder
    if (!first || inOrder.includes(undefined)) return []
    const segmentBytes = inOrder.flatMap((record) => record?.segmentBytes ?? [])
    const isOfOneKind = inOrder.every((record) => record?.initSha256 === first.initSha256)
    if (!isOfOneKind || segmentBytes.length !== plan.segments)
      throw new Error(`The chunks of ${rung.name} do not fit together.`)
    const frameS = rung.rate.den / rung.rate.num
    const seconds = segmentFramesOf(plan, rung).map((frames) => frames * frameS)
    const sizes = segmentBytes.map((sizeBytes, i) => ({ sizeBytes, seconds: seconds[i] ?? 0 }))
    return [{ rung, codec: first.codec, segmentBytes, bandwidth: bandwidthOf(sizes) }]
  })
}

export const wholeAudio = (record: AudioRecord): WholeAudio => ({
  record,
  bandwidth: bandwidthOf(
    record.segments.map(({ duration, sizeBytes }) => ({ sizeBytes, seconds: duration / record.timescale })),
  ),
})

/** What people read in a menu of tracks. Names must differ from each other. */
export function audioLabels(tracks: readonly WholeAudio[]): string[] {
  const taken = new Set<string>()
  return tracks.map(({ record: { title, language, track } }) => {
    const label = title ?? languageName(language) ?? `Track ${track + 1}`
    const unique = taken.has(label) ? `${label} (${track + 1})` : label
    taken.add(unique)
    return unique
  })
}

function languageName(language: string | undefined): string | undefined {
  try {
    return language && new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }).of(language)
  } catch {
    return undefined
  }
}

/** The one that plays unless somebody chooses: the file's own default, else the first. */
export const defaultTrack = (tracks: readonly WholeAudio[]): number =>
  Math.max(
    tracks.findIndex(({ record }) => record.isDefault),
    0,
  )
