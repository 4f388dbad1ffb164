import type { Logger } from '../../core/log.ts'
import { extractSubtitles } from './captions/extract.ts'
import { encodeAudio } from './encode/audio.ts'
import { encodeChunk } from './encode/chunk.ts'
import { planLadder } from './ladder/plan.ts'
import { writeManifests } from './manifests/manifests.ts'
import type {
  AudioRecord,
  Call,
  CaptionRecord,
  ChunkRecord,
  Cut,
  EncodedAudio,
  EncodedChunk,
  Manifest,
  OutputFile,
  Plan,
  Poster,
  Posters,
  ProbeResult,
  SourceFacts,
  Storyboard,
} from './model.ts'
import type { Source } from './pictures/frames.ts'
import { makePosters, posterFromPicture } from './pictures/poster.ts'
import { makePreview } from './pictures/preview.ts'
import { makeStoryboard } from './pictures/storyboard.ts'
import { probe } from './probe/probe.ts'
import { createSandbox } from './sandbox/sandbox.ts'
import { findTools } from './sandbox/tools.ts'

/**
 * Makes what people watch out of what they upload, with ffmpeg in a sandbox. It keeps nothing: every step takes paths and
 * plain data, writes into the folder of its call, and can run on another machine than the step before. `source` is
 * always the absolute path of the uploaded file, which is never written to.
 *
 * A step rejects with `TranscodeError` where ffmpeg failed (trying again rarely helps), with the signal's reason where it
 * was aborted, and with other errors where the machine failed.
 */
export type Transcoder = {
  /** `namespace`: no network and no other file exists for ffmpeg; `lists`: only its own allow-lists and limits keep it. */
  readonly sandbox: 'namespace' | 'lists'
  /** Reads every packet once, so that what it says of length and rate is true and not what a header claims. */
  probe(source: string, call: Call): Promise<ProbeResult>
  /** Pure. The same facts give the same plan. With a cut, only that part of the source is made, to the frame. */
  plan(facts: SourceFacts, cut?: Cut): Plan
  /** Decodes one chunk once and encodes all asked rungs of it, each with files and record of its own. */
  encodeChunk(
    work: { source: string; plan: Plan; rungs: readonly string[]; chunk: number },
    call: Call,
  ): Promise<EncodedChunk[]>
  /** One track in one piece, at −14 LUFS. */
  encodeAudio(work: { source: string; plan: Plan; track: number }, call: Call): Promise<EncodedAudio>
  /**
   * Pure. `master.m3u8`, `manifest.mpd` and the playlists they name, for the rungs whose chunks are all there; others are
   * left out. Written again with more rungs, the playlists of those before stay the same byte for byte. Throws where no
   * rung is whole, or chunks of a rung do not fit together.
   */
  manifests(parts: {
    plan: Plan
    chunks: readonly ChunkRecord[]
    audio: readonly AudioRecord[]
    captions: readonly CaptionRecord[]
  }): Manifest[]
  /** Thumbnails of these moments, or of one from each third of the video, or of a part of it, where it shows something. */
  posters(work: Source & { momentsMs?: readonly number[] }, call: Call): Promise<Posters>
  /** Thumbnails from an uploaded picture, in the folder `posters`. Errors: `invalid_input`. */
  posterFromPicture(picture: Uint8Array, call: Call): Promise<Omit<Poster, 'atMs'>>
  /** `preview.webp`: three seconds of moments from all over the video, 320 pixels wide. */
  preview(work: Source, call: Call): Promise<OutputFile>
  storyboard(work: Source, call: Call): Promise<Storyboard>
  /** A track of subtitles as clean WebVTT, in which there may be no cue. */
  subtitles(work: { source: string; facts: SourceFacts; track: number }, call: Call): Promise<string>
}

export type TranscoderOptions = {
  ffmpegPath: string | undefined
  ffprobePath: string | undefined
  /** Address space that one ffmpeg may take. */
  memoryMb: number
  maxHours: number
  log: Logger
}

/** Why there is no transcoder here, in a sentence for whoever runs this server; everything else goes on without it. */
export type NoTranscoder = { problem: string }

/** Finds ffmpeg and tries its sandbox out. */
export async function createTranscoder(options: TranscoderOptions): Promise<Transcoder | NoTranscoder> {
  const tools = await findTools(options)
  if ('problem' in tools) return tools
  const sandbox = await createSandbox({ tools, memoryMb: options.memoryMb, log: options.log })
  if ('problem' in sandbox) return sandbox
  const engine = { sandbox, hasToneMapping: tools.hasToneMapping }
  return {
    sandbox: sandbox.kind,
    probe: (source, call) => probe({ sandbox, maxHours: options.maxHours }, source, call),
    plan: planLadder,
    encodeChunk: (work, call) => encodeChunk(engine, work, call),
    encodeAudio: (work, call) => encodeAudio(sandbox, work, call),
    manifests: writeManifests,
    posters: (work, call) => makePosters(engine, work, call),
    posterFromPicture,
    preview: (work, call) => makePreview(engine, work, call),
    storyboard: (work, call) => makeStoryboard(engine, work, call),
    subtitles: (work, call) => extractSubtitles(sandbox, work, call),
  }
}
