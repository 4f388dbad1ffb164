import { fpsOf } from '../ladder/rates.ts'
import type { Call, Plan } from '../model.ts'
import { inputOf } from '../probe/input.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

/** What streaming services play at (YouTube, Spotify; AES TD1008 allows −14 to −16 for most content), in LUFS. */
const GOAL_LUFS = -14
/** Raised further, what is barely there becomes hiss. */
const GAIN_MAX_DB = 20
/** A limiter takes peaks of speech and music this far without being heard; beyond, quieter is better. */
const LIMITED_MAX_DB = 6
/** EBU R 128: what is below is silence. */
const SILENCE_LUFS = -69

const MEASURING = 'aformat=channel_layouts=stereo,ebur128=framelog=verbose:peak=sample'

export type Loudness = { sourceLufs: number | undefined; gainDb: number }

/** Listens to a track once, to all of it that is wanted (EBU R 128): one gain for all of it keeps quiet places quiet. */
export async function measureLoudness(
  sandbox: Sandbox,
  { source, plan, stream, cpuSeconds }: { source: string; plan: Plan; stream: number; cpuSeconds: number },
  call: Call,
): Promise<Loudness> {
  const said = await sandbox.run(
    'ffmpeg',
    {
      ...{ source, cpuSeconds },
      args: [
        ...['-hide_banner', '-nostdin', '-nostats', '-progress', 'pipe:1'],
        ...[...inputOf(plan.source.container, source), '-map', `0:${stream}`, '-vn', '-sn', '-dn'],
        ...['-af', `${wanted(plan)}${MEASURING}`, '-f', 'null', '-'],
      ],
      onLine: reportTime(plan, (share) => call.onProgress?.(share)),
    },
    call,
  )
  return loudnessOf(said)
}

/** Of a part, the rest is not listened to. */
function wanted({ cut, durationMs, rate }: Plan): string {
  if (!cut) return ''
  const startS = cut.firstFrame / fpsOf(rate)
  return `atrim=start=${startS.toFixed(3)}:end=${(startS + durationMs / 1000).toFixed(3)},`
}

/** Reads the summary that ffmpeg's ebur128 ends with, and decides on the gain. */
export function loudnessOf(said: string): Loudness {
  const summary = said.slice(said.lastIndexOf('Summary:'))
  const lufs = Number(/I:\s+(-?[\d.]+) LUFS/.exec(summary)?.[1])
  const peakDb = Number(/Peak:\s+(-?[\d.]+) dBFS/.exec(summary)?.[1] ?? 0)
  if (!(lufs > SILENCE_LUFS)) return { sourceLufs: undefined, gainDb: 0 }
  const gainDb = Math.min(GOAL_LUFS - lufs, GAIN_MAX_DB, Math.max(LIMITED_MAX_DB - peakDb, 0))
  return { sourceLufs: lufs, gainDb: Math.round(gainDb * 10) / 10 }
}

/** Reads how far ffmpeg is out of its lines of progress. */
export const reportTime = (plan: Plan, onShare: (share: number) => void) => (line: string) => {
  const atUs = Number(/^out_time_us=(\d+)/.exec(line)?.[1])
  if (atUs > 0) onShare(Math.min(atUs / 1000 / plan.durationMs, 1))
}
