/** One small picture of a storyboard: where it lies in which sheet, and when it is of. */
export type Frame = {
  startS: number
  endS: number
  url: string
  x: number
  y: number
  width: number
  height: number
}

const CUE = /^(?<start>[\d:.]+) --> (?<end>[\d:.]+)[^\n]*\n(?<file>[\w./-]+)#xywh=(?<box>\d+,\d+,\d+,\d+)$/gm

/** Reads the index of a storyboard (WebVTT whose cues are parts of pictures); names are relative to `indexUrl`. */
export function parseStoryboard(text: string, indexUrl: string): Frame[] {
  return [...text.replaceAll('\r\n', '\n').matchAll(CUE)].map(({ groups }) => {
    const { start = '', end = '', file = '', box = '' } = groups ?? {}
    const [x = 0, y = 0, width = 0, height = 0] = box.split(',').map(Number)
    const url = indexUrl.slice(0, indexUrl.lastIndexOf('/') + 1) + file
    return { startS: secondsOf(start), endS: secondsOf(end), url, x, y, width, height }
  })
}

/** `1:02:03.5` or `02:03.500` in seconds. */
const secondsOf = (time: string): number =>
  time.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0)

/** The picture of a moment; the last one also of what is behind it. */
export const frameAt = (frames: readonly Frame[], atS: number): Frame | undefined =>
  frames.find(({ endS }) => atS < endS) ?? frames.at(-1)
