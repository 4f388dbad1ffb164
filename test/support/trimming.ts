import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestApp } from './app.ts'
import { manage, upload } from './made-videos.ts'
import type { Person } from './person.ts'
import { openSql } from './sql.ts'
import { countedFrames, countedInput, readNumbers } from './transcoding/counted-frames.ts'
import { openWorkshop } from './transcoding/workshop.ts'
import { until } from './until.ts'

/** Making another version takes seconds, on a machine that does many other things. */
const EXCHANGED_MS = 120_000

/** What the owner of videos does to trim them, and what is found afterwards. */
export function trimmer(app: TestApp, owner: Person) {
  const { api } = owner
  const ofVideo = (videoId: string) => ({ params: { videoId } })
  const playback = (videoId: string) => api.request('get /api/videos/{videoId}/playback', ofVideo(videoId))
  // Asked for as often as it is, the server would refuse to answer.
  async function run(videoId: string): Promise<string> {
    await using sql = openSql(app)
    const [row] = await sql<{ run_id: string }[]>`select run_id from videos where id = ${videoId}`
    return row?.run_id ?? ''
  }
  return {
    ...{ playback, run },
    /** Sends a file as a new video, and waits until all of it is made. */
    async ready(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
      const manager = manage(owner)
      const videoId = await upload(app, owner, bytes)
      await manager.ready(videoId)
      manager.told.stop()
      return videoId
    },
    trim: (videoId: string, startMs: number, endMs: number) =>
      api.request('post /api/videos/{videoId}/trim', { ...ofVideo(videoId), body: { startMs, endMs } }),
    untrim: (videoId: string) => api.request('delete /api/videos/{videoId}/trim', ofVideo(videoId)),
    managed: async (videoId: string) =>
      (await api.request('get /api/videos/mine/{videoId}', ofVideo(videoId))).video,
    watched: async (videoId: string) =>
      (await api.request('get /api/videos/{videoId}', ofVideo(videoId))).video,
    /** Numbers of the pictures that people see, where the file has such. */
    numbers: async (videoId: string) => readNumbers(app.url + (await playback(videoId)).hlsUrl),
    /** Waits until another version than this one is shown. */
    exchanged: (videoId: string, runId: string) =>
      until('the other version', async () => (await run(videoId)) !== runId, EXCHANGED_MS),
    /** What is stored of a run. */
    files: (videoId: string, runId: string) =>
      readdir(join(app.dir, 'files/objects/videos', videoId, runId)).catch((): string[] => []),
  }
}

/** The code of a refusal, with its reason. */
export const refusalOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'ok',
    ({ code, details }: { code: string; details?: { reason?: string } }) =>
      [code, details?.reason].filter(Boolean).join(' '),
  )

/** Pictures that carry their numbers, thirty a second, with one keyframe, a tone, and subtitles in German (SubRip). */
export async function makeCounted(frames: number, subtitles: string): Promise<Uint8Array<ArrayBuffer>> {
  await using workshop = await openWorkshop()
  await workshop.write('frames.gray', countedFrames(frames))
  const srt = await workshop.write('texts.srt', subtitles)
  const tone = ['-f', 'lavfi', '-i', `sine=f=440:d=${frames / 30}`]
  const codecs = '-c:v libx264 -preset ultrafast -g 250 -pix_fmt yuv420p -c:a aac -c:s mov_text'.split(' ')
  const input = [...countedInput('frames.gray', '30'), ...tone, '-i', srt]
  const file = await workshop.make(...input, ...codecs, '-metadata:s:s:0', 'language=ger', 'counted.mp4')
  return new Uint8Array(await readFile(file))
}
