/** A caption as it is edited: its times as they are typed. */
export type CueRow = { id: string; start: string; end: string; text: string; settings: string }
export type Cue = { startMs: number; endMs: number; settings: string; text: string }
export type CueProblem = { id: string; field: 'start' | 'end' | 'text'; rule: Rule }
type Rule = 'timeRule' | 'endRule' | 'lateRule' | 'textRule'

const TIME = /^(?:(\d{1,2}):)?([0-5]?\d):([0-5]?\d)(?:[.,](\d{1,3}))?$|^(\d{1,5})(?:[.,](\d{1,3}))?$/

/** Milliseconds of `1:02:03.5`, `2:03` or `63.25`; undefined where it is none of these. */
export function readTime(text: string): number | undefined {
  const found = TIME.exec(text.trim())
  if (!found) return undefined
  const [, hours = 0, minutes = 0, seconds, fraction, alone = 0, ofAlone] = found
  const ms = Number((fraction ?? ofAlone ?? '').padEnd(3, '0'))
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? alone)) * 1000 + ms
}

/** `1:02:03.500`, `2:03.000`. */
export function writeTime(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const [hours, minutes] = [Math.floor(ms / 3_600_000), (ms / 60_000) % 60]
  const rest = `${two((ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${Math.floor(minutes)}:${rest}`
}

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&nbsp;': ' ', '&amp;': '&' }

/** Captions to be edited; entities become what they stand for. */
export const toRows = (cues: readonly Cue[], newId: () => string): CueRow[] =>
  cues.map(({ startMs, endMs, text, settings }) => ({
    ...{ id: newId(), start: writeTime(startMs), end: writeTime(endMs), settings },
    text: text.replace(/&(?:lt|gt|nbsp|amp);/g, (entity) => ENTITIES[entity] ?? entity),
  }))

/** What is wrong with captions, in their order; `durationMs` is undefined while it is not known. */
export function problemsOf(rows: readonly CueRow[], durationMs: number | undefined): CueProblem[] {
  return rows.flatMap(({ id, start, end, text }): CueProblem[] => {
    const [startMs, endMs] = [readTime(start), readTime(end)]
    const isLate = startMs !== undefined && durationMs !== undefined && startMs >= durationMs
    const isBackwards = startMs !== undefined && endMs !== undefined && endMs <= startMs
    return [
      ...(startMs === undefined ? [{ id, field: 'start', rule: 'timeRule' } as const] : []),
      ...(isLate ? [{ id, field: 'start', rule: 'lateRule' } as const] : []),
      ...(endMs === undefined ? [{ id, field: 'end', rule: 'timeRule' } as const] : []),
      ...(isBackwards ? [{ id, field: 'end', rule: 'endRule' } as const] : []),
      ...(text.trim() === '' ? [{ id, field: 'text', rule: 'textRule' } as const] : []),
    ]
  })
}

/** WebVTT of captions that have no problems; the server cleans what is in them. */
export function toVtt(rows: readonly CueRow[]): string {
  const stamp = (text: string) => {
    const ms = readTime(text) ?? 0
    return `${Math.floor(ms / 3_600_000)}`.padStart(2, '0') + new Date(ms).toISOString().slice(13, 23)
  }
  const blocks = rows.map(({ start, end, text, settings }) => {
    // An empty line would end it.
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
    return `${[stamp(start), '-->', stamp(end), settings].join(' ').trim()}\n${lines.join('\n')}\n`
  })
  return ['WEBVTT\n', ...blocks].join('\n')
}

/** Where the next caption goes: right after one, and two seconds long, as most are. */
export function rowAfter(former: CueRow | undefined, newId: () => string): CueRow {
  const startMs = former ? (readTime(former.end) ?? readTime(former.start) ?? 0) : 0
  return { id: newId(), start: writeTime(startMs), end: writeTime(startMs + 2000), text: '', settings: '' }
}
