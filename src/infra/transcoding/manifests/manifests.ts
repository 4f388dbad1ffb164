import type { AudioRecord, CaptionRecord, ChunkRecord, Manifest, Plan } from '../model.ts'
import { wholeAudio, wholeRungs } from './bandwidth.ts'
import { dashManifest } from './dash.ts'
import { hlsManifests } from './hls.ts'

/** All manifests over what is there so far; see `Transcoder`. */
export function writeManifests(parts: {
  plan: Plan
  chunks: readonly ChunkRecord[]
  audio: readonly AudioRecord[]
  captions: readonly CaptionRecord[]
}): Manifest[] {
  const rungs = wholeRungs(parts.plan, parts.chunks)
  if (rungs.length === 0) throw new Error('No rendition is whole yet.')
  const audio = [...parts.audio].sort((a, b) => a.track - b.track).map(wholeAudio)
  const captions = [...parts.captions].sort((a, b) => (a.key < b.key ? -1 : 1))
  const whole = { plan: parts.plan, rungs, audio, captions }
  return [...hlsManifests(whole), dashManifest(whole)]
}
