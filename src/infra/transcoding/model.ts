/**
 * What the transcoding engine takes and gives. Everything but `Call` is plain data that survives JSON, so that a job can
 * keep it in a row and another machine can go on with it. Times are milliseconds on the video's own timeline, which
 * begins with the earliest of its streams – of a part, with the part; sizes are in pixels as they are shown, after rotation and pixel aspect.
 */

/** What every step is given beside its work. */
export type Call = {
  /** Absolute path of a scratch folder that exists and is this call's alone; the caller removes it. */
  dir: string
  /** Ends the step and every process it started; the step then rejects with the signal's reason. */
  signal?: AbortSignal
  /** How much of the step is done, 0 to 1, a few times a second at most. */
  onProgress?: (share: number) => void
}

/** Demuxers that files of users are opened with; none of them opens another file. */
export type Container = 'mov' | 'matroska' | 'avi' | 'mpegts' | 'mpeg' | 'flv' | 'asf' | 'ogg'

export type AudioTrack = {
  /** Number of the stream in the file. */
  stream: number
  /** Among the tracks of sound, from 0. */
  index: number
  codec: string
  channels: number
  /** Three letters of ISO 639-2 as the file has them; undefined where it says nothing or `und`. */
  language: string | undefined
  title: string | undefined
  isDefault: boolean
}

export type TextTrack = {
  stream: number
  /** Among the tracks of subtitles, from 0. */
  index: number
  codec: string
  language: string | undefined
  title: string | undefined
}

export type PictureFacts = {
  stream: number
  codec: string
  /** Pixels that are coded, before rotation. */
  codedWidth: number
  codedHeight: number
  width: number
  height: number
  /** Clockwise, one of 0, 90, 180, 270. */
  rotation: number
  /** Typical frames per second, of a variable rate that of its median frame. */
  fps: number
  isVariable: boolean
  /** Frames that the file really has. */
  frames: number
  /** Mean distance of keyframes. */
  keyframeMs: number
  bitDepth: number
  /** The transfer of a picture with high dynamic range. */
  hdr: 'pq' | 'hlg' | undefined
  /** ffmpeg's names; undefined where the file does not say. */
  matrix: string | undefined
  isInterlaced: boolean
  isFullRange: boolean
}

export type SourceFacts = {
  container: Container
  sizeBytes: number
  durationMs: number
  /** The file says that it lasts longer than what is in it: only that is used. */
  isTruncated: boolean
  picture: PictureFacts
  audio: AudioTrack[]
  texts: TextTrack[]
}

export type RefusalCode =
  | 'not_a_video'
  | 'no_picture'
  | 'damaged'
  | 'protected'
  | 'too_long'
  | 'too_large_picture'
  | 'too_small_picture'
  | 'too_many_streams'
  | 'too_much_metadata'
  | 'unsupported_codec'
  | 'too_expensive'

/** Why a file is not taken; the sentence is for whoever uploaded it. */
export type Refusal = { code: RefusalCode; message: string }

export type ProbeResult = { ok: true; facts: SourceFacts } | { ok: false; refusal: Refusal }

/** Frames per second as a fraction. */
export type Rate = { num: number; den: number }

export type Rung = {
  /** `720p`, or `720p60` above 30 frames per second: unique in a plan, and the folder of its files. */
  name: string
  width: number
  height: number
  rate: Rate
  /** Takes every n-th frame of the plan's rate, 1 or 2. */
  step: number
  /** Of libx264: 10 × the level, such as 40. */
  level: number
  maxrateBps: number
}

/** What of a source is wanted, from one moment of it to another. */
export type Cut = { startMs: number; endMs: number }

/** How a source becomes renditions. Made once and kept with the video: every later step must use the same one. */
export type Plan = {
  source: SourceFacts
  rate: Rate
  /** Of `rate`, over the whole video. */
  frames: number
  /** Frames of `rate` in a segment; every segment but the last has so many, and begins with a keyframe. */
  segmentFrames: number
  segments: number
  segmentsPerChunk: number
  chunks: number
  /** From the smallest to the largest. */
  rungs: Rung[]
  /** The rung to make first for all chunks, so that the video is playable early. */
  firstRung: string
  /** Of what is made. */
  durationMs: number
  /** Where only a part of the source is made: how many frames of `rate` are before it, and how long all of the source is. */
  cut?: { firstFrame: number; wholeMs: number }
}

/** A file that a step has written into its folder. */
export type OutputFile = {
  /** Below the video's folder, in the form of storage keys: `720p/00012.m4s`. */
  key: string
  path: string
  sizeBytes: number
}

/** What must be known of stored segments to write manifests: kept by the caller, one for each chunk and rung. */
export type ChunkRecord = {
  rung: string
  chunk: number
  /** Codec string of RFC 6381: `avc1.640028`. The same for every chunk of a rung, as is the init segment. */
  codec: string
  initSha256: string
  /** Sizes of the segments in order, the first of which has number `chunk * segmentsPerChunk`. */
  segmentBytes: number[]
}

export type EncodedChunk = {
  record: ChunkRecord
  /** The segments, and `<rung>/init.mp4`, which is the same in every chunk: writing it again changes nothing. */
  files: OutputFile[]
}

/** The same for a track of sound. */
export type AudioRecord = {
  /** `audio-0`: the folder of its files. */
  name: string
  track: number
  codec: string
  language: string | undefined
  title: string | undefined
  isDefault: boolean
  timescale: number
  segments: { duration: number; sizeBytes: number }[]
  /** Loudness of the source in LUFS (EBU R 128), undefined for silence; and what was added to reach the goal. */
  sourceLufs: number | undefined
  gainDb: number
}

export type EncodedAudio = { record: AudioRecord; files: OutputFile[] }

/** A stored WebVTT file for the manifests. */
export type CaptionRecord = {
  /** Key below the video's folder: `captions/en.vtt`. */
  key: string
  /** BCP 47. */
  language: string
  label: string
  isDefault: boolean
}

export type Manifest = { key: string; text: string }

export type PosterFormat = 'avif' | 'webp' | 'jpg'

export type Poster = {
  /** Where in the video it was taken. */
  atMs: number
  /** Base64. */
  thumbhash: string
  /** `<folder>/<side>.<format>` for each long side (240, 480, 800, 1280 pixels) and format; none is enlarged. */
  files: OutputFile[]
}

/** Pictures to choose a poster from, in the order of the video, in the folders `posters/0`, `posters/1` …; `best` shows most. */
export type Posters = { choices: Poster[]; best: number }

export type Storyboard = {
  intervalMs: number
  /** `storyboard/index.vtt` and its sheets `storyboard/0.jpg` … */
  files: OutputFile[]
}
