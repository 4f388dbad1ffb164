import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TestApp } from './app.ts'
import type { Person } from './person.ts'
import { until } from './until.ts'
import { addressIn, tusOf } from './videos.ts'

const run = promisify(execFile)

type Made = {
  seconds?: number
  size?: string
  /** SubRip of a text track in German. */
  subtitles?: string
  /** A tone, or something with the rise and fall, the pitch and the pauses of somebody who talks. */
  sound?: 'tone' | 'speech'
}

/** A voice of 120 Hz with its overtones, four syllables a second, and a breath every three seconds. */
const SPEECH =
  'aevalsrc=(0.3*sin(2*PI*120*t)+0.2*sin(2*PI*720*t)+0.1*sin(2*PI*1840*t))*abs(sin(4*PI*t))*gt(mod(t\\,3)\\,0.5):s=48000'

/** A moving picture with a tone, made by ffmpeg. */
export async function makeVideo({
  seconds = 12,
  size = '1280x720',
  subtitles,
  sound = 'tone',
}: Made = {}): Promise<Uint8Array<ArrayBuffer>> {
  const dir = await mkdtemp(join(tmpdir(), 'social-flow-made-'))
  const file = join(dir, 'made.mp4')
  const picture = `testsrc2=size=${size}:rate=30:duration=${seconds}`
  const heard = sound === 'tone' ? `sine=frequency=440:duration=${seconds}` : `${SPEECH}:d=${seconds}`
  const srt = join(dir, 'made.srt')
  try {
    if (subtitles) await writeFile(srt, subtitles)
    await run('ffmpeg', [
      ...['-loglevel', 'error', '-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', heard],
      ...(subtitles ? ['-i', srt, '-c:s', 'mov_text', '-metadata:s:s:0', 'language=ger'] : []),
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', file],
    ])
    return new Uint8Array(await readFile(file))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** Sends a file whole; answers the id of its video. */
export async function upload(
  app: TestApp,
  owner: Person,
  bytes: Uint8Array<ArrayBuffer>,
  metadata: Record<string, string> = {},
): Promise<string> {
  const tus = tusOf(app, owner)
  const begun = await tus.begin(bytes.length, metadata)
  const sent = await tus.send(addressIn(begun), 0, bytes)
  if (sent.status !== 204)
    throw new Error(`The upload was answered with ${sent.status}: ${await sent.text()}`)
  const { videos } = await owner.api.request('get /api/videos/mine', { query: {} })
  const [newest] = videos
  if (!newest) throw new Error('The upload made no video.')
  return newest.id
}

/** Follows the videos of an owner; `of` is what was told of one last. */
export function manage(owner: Person) {
  const told = owner.follow(`video-manager:${owner.account.id}`)
  const of = (videoId: string) => told.items.at(-1)?.videos.find(({ id }) => id === videoId)
  return {
    ...{ told, of },
    /** Waits until it can be watched; throws what is wrong with it where it can't be made. */
    ready: (videoId: string, isWhole = true) =>
      until(
        'a video that can be watched',
        () => {
          const video = of(videoId)
          if (video?.state === 'failed') throw new Error(`It failed: ${JSON.stringify(video.run)}`)
          return video?.state === 'ready' && (!isWhole || video.run?.percent === 100)
        },
        READY_MS,
      ),
  }
}

/** Some seconds of video on a machine that does many other things. */
const READY_MS = 150_000
