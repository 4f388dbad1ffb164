import type { AudioTrack, Container, PictureFacts, SourceFacts, TextTrack } from '../model.ts'
import type { Report, StreamReport } from './report.ts'
import type { Scan } from './scan.ts'

/** Subtitles that are text; pictures of text can't be shown as captions. */
const TEXT_CODECS = new Set(['mov_text', 'subrip', 'ass', 'webvtt', 'text'])
/** Below these, a header that claims more than there is was only rounded. */
const TRUNCATED_S = 2
const TRUNCATED_SHARE = 0.05
/** A container's own length is believed for the sound only so far behind the picture: headers of broken files claim anything. */
const SOUND_ONLY_MAX_S = 600

/** The first picture that is not a cover; that which the file prefers comes first. */
export function pickPicture(streams: readonly StreamReport[]): StreamReport | undefined {
  const pictures = streams.filter(
    ({ codec_type, disposition }) => codec_type === 'video' && !disposition.attached_pic,
  )
  return pictures.find(({ disposition }) => disposition.default) ?? pictures[0]
}

/** What is known from headers and packets together. `hasInterlacedFrames` comes from the first decoded frames. */
export function factsOf(parts: {
  container: Container
  sizeBytes: number
  report: Report
  picture: StreamReport
  scan: Scan
  hasInterlacedFrames: boolean
}): SourceFacts {
  const { container, sizeBytes, report, picture, scan } = parts
  const originS = report.format.start_time ?? 0
  const pictureEndS = scan.endS - originS
  const claimedS = picture.duration ?? report.format.duration ?? 0
  const isTruncated = claimedS - (scan.endS - scan.firstS) > Math.max(TRUNCATED_S, claimedS * TRUNCATED_SHARE)
  const durationS = isTruncated ? pictureEndS : Math.max(pictureEndS, soundEndS(report, originS, pictureEndS))
  return {
    container,
    sizeBytes,
    durationMs: Math.max(Math.round(durationS * 1000), 1),
    isTruncated,
    picture: pictureFacts(picture, scan, parts.hasInterlacedFrames),
    audio: audioTracks(report.streams),
    texts: textTracks(report.streams),
  }
}

function soundEndS(report: Report, originS: number, pictureEndS: number): number {
  const ends = report.streams
    .filter(({ codec_type, codec_name }) => codec_type === 'audio' && codec_name)
    .map(({ start_time = originS, duration = 0 }) => start_time - originS + duration)
  return Math.min(Math.max(0, ...ends), pictureEndS + SOUND_ONLY_MAX_S)
}

function pictureFacts(stream: StreamReport, scan: Scan, hasInterlacedFrames: boolean): PictureFacts {
  const codedWidth = stream.width ?? 0
  const codedHeight = stream.height ?? 0
  const aspect = stream.sample_aspect_ratio ?? 1
  const wide = Math.max(Math.round(codedWidth * Math.max(aspect, 1)), 1)
  const high = Math.max(Math.round(codedHeight / Math.min(aspect, 1)), 1)
  const turned = stream.side_data_list.map(({ rotation }) => rotation).find((value) => value !== undefined)
  // ffprobe counts against the clock.
  const rotation = (((Math.round(-(turned ?? 0) / 90) * 90) % 360) + 360) % 360
  const isOnItsSide = rotation % 180 === 90
  return {
    stream: stream.index,
    codec: stream.codec_name ?? 'unknown',
    ...{ codedWidth, codedHeight, rotation },
    width: isOnItsSide ? high : wide,
    height: isOnItsSide ? wide : high,
    fps: fpsOf(stream, scan),
    isVariable: scan.isVariable,
    frames: scan.frames,
    keyframeMs: Math.round(((scan.endS - scan.firstS) * 1000) / Math.max(scan.keyframes, 1)),
    bitDepth: Number(/(?:p0?|gray)(9|10|12|14|16)(?:le|be)?$/.exec(stream.pix_fmt ?? '')?.[1] ?? 8),
    hdr: hdrOf(stream.color_transfer),
    matrix: known(stream.color_space),
    isInterlaced: hasInterlacedFrames,
    isFullRange: stream.color_range === 'pc',
  }
}

/** Times that were rounded give a rate that is a little off; where the header's rate is near, it is the exact one. */
const HEADER_RATE_SHARE = 0.005

function fpsOf(stream: StreamReport, scan: Scan): number {
  const seconds = scan.isVariable ? scan.medianS : scan.meanS
  const measured = seconds > 0 ? 1 / seconds : (stream.r_frame_rate ?? 1)
  const claimed = stream.r_frame_rate ?? measured
  return Math.abs(claimed / measured - 1) < HEADER_RATE_SHARE ? claimed : measured
}

function hdrOf(transfer: string | undefined): 'pq' | 'hlg' | undefined {
  if (transfer === 'smpte2084') return 'pq'
  return transfer === 'arib-std-b67' ? 'hlg' : undefined
}

const known = (value: string | undefined) => (value === 'unknown' || value === 'reserved' ? undefined : value)

const languageOf = ({ tags }: StreamReport) => {
  const language = tags.language?.toLowerCase()
  return language && /^[a-z]{3}$/.test(language) && language !== 'und' ? language : undefined
}

/** Titles are shown to people and written into manifests: one line of readable length. */
const TITLE_MAX_CHARS = 80
const titleOf = ({ tags }: StreamReport) =>
  (tags.title ?? '')
    .replace(/[\p{Cc}\p{Cf}\p{Co}"\s]+/gu, ' ')
    .trim()
    .slice(0, TITLE_MAX_CHARS) || undefined

function audioTracks(streams: readonly StreamReport[]): AudioTrack[] {
  return streams
    .filter(({ codec_type, codec_name, channels }) => codec_type === 'audio' && codec_name && channels)
    .map((stream, index) => ({
      ...{
        stream: stream.index,
        index,
        codec: stream.codec_name ?? 'unknown',
        channels: stream.channels ?? 0,
      },
      ...{
        language: languageOf(stream),
        title: titleOf(stream),
        isDefault: stream.disposition.default === 1,
      },
    }))
}

function textTracks(streams: readonly StreamReport[]): TextTrack[] {
  return streams
    .filter(({ codec_type, codec_name }) => codec_type === 'subtitle' && TEXT_CODECS.has(codec_name ?? ''))
    .map((stream, index) => ({
      ...{ stream: stream.index, index, codec: stream.codec_name ?? 'unknown' },
      ...{ language: languageOf(stream), title: titleOf(stream) },
    }))
}
