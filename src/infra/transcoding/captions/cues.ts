import { AppError } from '../../../core/errors.ts'

/** A caption: lines of text that WebVTT allows, shown from `startMs` until `endMs`. */
export type Cue = { startMs: number; endMs: number; settings: string; text: string }

/** A film of three hours has 3 000 captions and 200 KB. */
const TEXT_MAX_CHARS = 2 * 1024 * 1024
const CUES_MAX = 20_000
const CUE_MAX_CHARS = 2000

const TIME = '((?:\\d{1,3}:)?[0-5]?\\d:[0-5]?\\d[.,]\\d{1,3})'
const TIMING = new RegExp(`^\\s*${TIME}\\s*-->\\s*${TIME}(.*)$`)
/** Where on the picture (WebVTT, section 4.4); everything else is dropped. */
const SETTING =
  /^(?:vertical:(?:rl|lr)|line:-?\d{1,3}(?:\.\d+)?%?(?:,(?:start|center|end))?|position:\d{1,3}(?:\.\d+)?%(?:,(?:line-left|center|line-right))?|size:\d{1,3}(?:\.\d+)?%|align:(?:start|center|end|left|right))$/
/** The tags of WebVTT, without what styles them, and times within a cue. */
const TAG =
  /^<\/?(?:b|i|u|c|ruby|rt|v|lang)(?:\.[\w-]+)*(?: [^<>&\n]{1,100})?>$|^<\d{2,3}:\d{2}:\d{2}\.\d{3}>$/

/**
 * Reads WebVTT or SubRip, in UTF-8, UTF-16 with its mark, or Windows-1252. What is no cue (styles, regions, notes) and
 * what is no text of captions (HTML, marks of other formats) is left out. Errors: `invalid_input`.
 */
export function readCues(bytes: Uint8Array): Cue[] {
  const text = decode(bytes)
  if (text.length > TEXT_MAX_CHARS) throw refused('Captions may have two million characters at most.')
  const cues: Cue[] = []
  for (const block of text.replace(/\r\n?/g, '\n').split(/\n{2,}/)) {
    const lines = block.split('\n')
    const at = lines.findIndex((line) => TIMING.test(line))
    const [, start = '', end = '', settings = ''] = TIMING.exec(lines[at] ?? '') ?? []
    // Before the times there is a number or a name at most.
    if (at < 0 || at > 1 || (at === 1 && /^(?:STYLE|REGION|NOTE)\b/.test(lines[0] ?? ''))) continue
    const [startMs, endMs] = [readTime(start), readTime(end)]
    const shown = cleanText(lines.slice(at + 1).join('\n'))
    if (endMs <= startMs || !shown) continue
    const kept = settings.split(/\s+/).filter((setting) => SETTING.test(setting))
    cues.push({ startMs, endMs, settings: kept.join(' '), text: shown })
    if (cues.length > CUES_MAX) throw refused('There may be 20 000 captions at most.')
  }
  if (cues.length === 0 && !/^\uFEFF?WEBVTT(?:[ \t\n\r]|$)/.test(text))
    throw refused('This file has no captions in it; WebVTT and SubRip (SRT) can be read.')
  return cues.sort((a, b) => a.startMs - b.startMs)
}

/** WebVTT with a map for HLS (RFC 8216, section 3.5), as the segments beside it begin at zero. */
export function writeCues(cues: readonly Cue[]): string {
  const blocks = cues.map(({ startMs, endMs, settings, text }) => {
    const timing = `${writeTime(startMs)} --> ${writeTime(endMs)}${settings && ` ${settings}`}`
    return `${timing}\n${text}\n`
  })
  return ['WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n', ...blocks].join('\n')
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

function readTime(text: string): number {
  const [seconds = '0', minutes = '0', hours = '0'] = text.replace(',', '.').split(':').reverse()
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000)
}

function writeTime(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const rest = String(ms % 1000).padStart(3, '0')
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${rest}`
}

/** Tags that are known stay; every other `<`, `>` and `&` becomes text, so that nothing of it is ever markup. */
function cleanText(text: string): string {
  const clean = text
    .slice(0, CUE_MAX_CHARS)
    // Positions and styles of SubStation Alpha, as found in SubRip.
    .replace(/\{\\[^{}\n]*\}/g, '')
    .replace(/[^\P{Cc}\n]/gu, '')
    .replaceAll('-->', '→')
    .split(/(<[^<>\n]*>)/)
    .map((part) => (TAG.test(part) ? part : isTag(part) ? '' : escapeText(part)))
    .join('')
  // An empty line would end the cue.
  return clean
    .split('\n')
    .filter((line) => line.trim() !== '')
    .join('\n')
}

/** Tags of HTML and fonts of SubRip have no place in captions; `a < b` is text. */
const isTag = (part: string) => /^<\/?[a-z!]/i.test(part) && part.endsWith('>')

const escapeText = (text: string) =>
  text
    .replace(/&(?!(?:amp|lt|gt|nbsp|lrm|rlm);)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')

const refused = (message: string) =>
  new AppError('invalid_input', message, { issues: [{ path: 'captions', message }] })
