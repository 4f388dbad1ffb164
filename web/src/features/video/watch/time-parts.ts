export type TimePart = { text: string; atMs?: number }

/** A time as people write it, which is part of no longer number: `1:05`, `01:02:03`. */
const TIME = /(?<![\d:.,])(?:\d{1,2}:)?\d{1,2}:[0-5]\d(?![\d:]|[.,]\d)/g

/** Splits a text into what is plain and the times in it that lie within a video. */
export function timeParts(text: string, durationMs: number): TimePart[] {
  const parts: TimePart[] = []
  let end = 0
  for (const match of text.matchAll(TIME)) {
    const atMs = match[0].split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0) * 1000
    if (atMs >= durationMs) continue
    if (match.index > end) parts.push({ text: text.slice(end, match.index) })
    parts.push({ text: match[0], atMs })
    end = match.index + match[0].length
  }
  if (end < text.length) parts.push({ text: text.slice(end) })
  return parts
}
