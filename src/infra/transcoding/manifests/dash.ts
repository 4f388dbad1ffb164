import { frameTicks, timescaleOf } from '../encode/coded.ts'
import type { CaptionRecord, Manifest, Plan } from '../model.ts'
import { audioLabels, defaultTrack, segmentFramesOf, type WholeAudio, type WholeRung } from './bandwidth.ts'

type Parts = {
  plan: Plan
  rungs: readonly WholeRung[]
  audio: readonly WholeAudio[]
  captions: readonly CaptionRecord[]
}

/** MPEG-DASH (ISO/IEC 23009-1) over the same segments as HLS; addresses are relative here too. */
export function dashManifest({ plan, rungs, audio, captions }: Parts): Manifest {
  const seconds = (plan.durationMs / 1000).toFixed(3)
  const segmentS = ((plan.segmentFrames * plan.rate.den) / plan.rate.num).toFixed(3)
  const labels = audioLabels(audio)
  const chosen = defaultTrack(audio)
  const sets = [
    pictureSet(plan, rungs),
    ...audio.map((track, i) => soundSet(track, { id: i + 1, label: labels[i] ?? '', isMain: i === chosen })),
    ...captions.map((caption, i) => captionSet(caption, audio.length + 1 + i)),
  ]
  const text = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019"' +
      ` type="static" mediaPresentationDuration="PT${seconds}S" minBufferTime="PT${segmentS}S">`,
    `  <Period id="0" start="PT0S" duration="PT${seconds}S">`,
    ...sets.flat().map((line) => `    ${line}`),
    '  </Period>',
    '</MPD>',
    '',
  ].join('\n')
  return { key: 'manifest.mpd', text }
}

function pictureSet(plan: Plan, rungs: readonly WholeRung[]): string[] {
  return [
    '<AdaptationSet id="0" contentType="video" mimeType="video/mp4" segmentAlignment="true" startWithSAP="1">',
    ...rungs.flatMap(({ rung, codec, bandwidth }) => [
      `  <Representation id="${rung.name}" codecs="${codec}" bandwidth="${bandwidth.peakBps}" width="${rung.width}"` +
        ` height="${rung.height}" frameRate="${rung.rate.num}/${rung.rate.den}" sar="1:1">`,
      ...template(
        timescaleOf(rung),
        segmentFramesOf(plan, rung).map((frames) => frames * frameTicks(rung)),
        rung.name,
      ),
      '  </Representation>',
    ]),
    '</AdaptationSet>',
  ]
}

function soundSet(
  { record, bandwidth }: WholeAudio,
  { id, label, isMain }: { id: number; label: string; isMain: boolean },
): string[] {
  const { language, name, codec, timescale, segments } = record
  return [
    `<AdaptationSet id="${id}" contentType="audio" mimeType="audio/mp4"${language ? ` lang="${escapeXml(language)}"` : ''} segmentAlignment="true" startWithSAP="1">`,
    `  <Role schemeIdUri="urn:mpeg:dash:role:2011" value="${isMain ? 'main' : 'alternate'}"/>`,
    `  <Label>${escapeXml(label)}</Label>`,
    `  <Representation id="${name}" codecs="${codec}" bandwidth="${bandwidth.peakBps}" audioSamplingRate="${timescale}">`,
    '    <AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="2"/>',
    ...template(
      timescale,
      segments.map(({ duration }) => duration),
      name,
    ),
    '  </Representation>',
    '</AdaptationSet>',
  ]
}

const captionSet = ({ key, language, label }: CaptionRecord, id: number) => [
  `<AdaptationSet id="${id}" contentType="text" mimeType="text/vtt" lang="${escapeXml(language)}">`,
  '  <Role schemeIdUri="urn:mpeg:dash:role:2011" value="subtitle"/>',
  `  <Label>${escapeXml(label)}</Label>`,
  // There is no bit rate to speak of; the attribute is needed.
  `  <Representation id="text-${id}" bandwidth="1000"><BaseURL>${escapeXml(key)}</BaseURL></Representation>`,
  '</AdaptationSet>',
]

function template(timescale: number, durations: readonly number[], folder: string): string[] {
  return [
    `    <SegmentTemplate timescale="${timescale}" initialization="${folder}/init.mp4" media="${folder}/$Number%05d$.m4s" startNumber="0">`,
    '      <SegmentTimeline>',
    ...runs(durations).map(({ duration, repeats }, i) => {
      const repeated = repeats > 0 ? ` r="${repeats}"` : ''
      return `        <S${i === 0 ? ' t="0"' : ''} d="${duration}"${repeated}/>`
    }),
    '      </SegmentTimeline>',
    '    </SegmentTemplate>',
  ]
}

/** Equal durations that follow each other are written once. */
function runs(durations: readonly number[]): { duration: number; repeats: number }[] {
  const found: { duration: number; repeats: number }[] = []
  for (const duration of durations) {
    const last = found.at(-1)
    if (last?.duration === duration) last.repeats++
    else found.push({ duration, repeats: 0 })
  }
  return found
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeXml = (text: string) => text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? '')
