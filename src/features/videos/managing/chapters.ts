export type Chapter = { startMs: number; title: string }

/** A time that begins a line, and what is named by it: `0:00 Intro`, `1:02:03 – The end`, `[12:30] Questions`. */
const LINE = /^\s*[[(]?((?:\d{1,2}:)?\d{1,2}:[0-5]\d)(?!:?\d)[\])]?\s*[-–—:.|]?\s*(\S.*)$/
/** Fewer are times that somebody mentions, as on the other sites where people write them. */
const CHAPTERS_MIN = 3
/** More are seen neither in the bar nor in a list. */
const CHAPTERS_MAX = 100
const TITLE_MAX = 100

/**
 * The parts of a video that its description names, one on a line each. They count where the first begins at 0:00, each
 * begins after the one before it, none behind the end, and there are three at least; else there are none.
 */
export function chaptersIn(description: string, durationMs: number): Chapter[] {
  const chapters = description.split('\n').flatMap((line): Chapter[] => {
    const [, time, title] = LINE.exec(line) ?? []
    return time && title ? [{ startMs: msOf(time), title: cut(title) }] : []
  })
  const isOrdered = chapters.every(({ startMs }, i) =>
    i === 0 ? startMs === 0 : startMs > (chapters[i - 1]?.startMs ?? 0),
  )
  const isWithin = (chapters.at(-1)?.startMs ?? 0) < durationMs
  const isEnough = chapters.length >= CHAPTERS_MIN && chapters.length <= CHAPTERS_MAX
  return isOrdered && isWithin && isEnough ? chapters : []
}

const msOf = (time: string): number =>
  time.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0) * 1000

/** By characters as people count them: half of one is none. */
const cut = (title: string): string => [...title.trim()].slice(0, TITLE_MAX).join('')
