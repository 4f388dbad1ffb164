import { owns } from '../../../core/access/permissions.ts'
import { AppError } from '../../../core/errors.ts'
import { newId } from '../../../core/ids.ts'
import type { ObjectStorage } from '../../../core/ports.ts'
import type { Viewer } from '../../../core/viewer.ts'
import type { Tx } from '../../../infra/db.ts'
import { type Cue, readCues, writeCues } from '../../../infra/transcoding/captions/cues.ts'
import { cutCues, uncutCues } from '../../../infra/transcoding/captions/cut.ts'
import { ownFolder } from '../../playback/playback.service.ts'
import { cutOf, isSameCut } from '../trimming/cuts.ts'
import { findRun } from '../uploads.repo.ts'
import { findVideo, lockVideo, type VideoRow } from '../videos.repo.ts'
import { labelOf, languageOf, titleOf } from './caption-labels.ts'
import * as repo from './captions.repo.ts'
import { lockOwn } from './managing.repo.ts'
import { createOwnFiles, type OwnFilesDeps, type OwnName } from './own-files.ts'

type Deps = OwnFilesDeps & {
  storage: Pick<ObjectStorage, 'put' | 'read'>
  /** Has the playlists of a run written anew. */
  publish: (tx: Tx, runId: string) => Promise<void>
}

/** As many languages as nobody translates into; each is a line in every master playlist. */
const CAPTIONS_MAX = 50

/** Text that came inside of a video file, as clean WebVTT. */
type FoundTrack = { language: string | undefined; title: string | undefined; text: string }

/**
 * Captions of videos: each a file of WebVTT that is never changed, as another one takes its place, and the playlists that
 * name it are written anew then. They stay when the video gets another file, and are stored in times of the whole file where
 * only a part of it is shown.
 */
export function createCaptions(deps: Deps) {
  const { db, storage, clock, publish } = deps
  const files = createOwnFiles(deps)

  /** Their video, to be read. Errors: `not_found`. */
  async function mustOwn(ownerId: string | undefined, videoId: string): Promise<VideoRow> {
    const found = await findVideo(db.orm, videoId)
    if (!found || found.video.deletedAt || !owns({ id: ownerId ?? '' }, found.video))
      throw new AppError('not_found')
    return found.video
  }

  async function cuesOf(videoId: string, key: string): Promise<Cue[]> {
    const { body } = await storage.read(ownFolder(videoId) + key)
    const parts: Uint8Array[] = []
    for await (const part of body) parts.push(part)
    return readCues(Buffer.concat(parts))
  }

  /**
   * What is stored for captions that somebody gave: times of the whole file. Where only a part of that is shown, they were made
   * for this one, and what the former ones have outside of it stays. Errors: `invalid_input`.
   */
  async function wholeTextOf(video: VideoRow, name: repo.CaptionsName, bytes: Uint8Array): Promise<string> {
    const cues = readCues(bytes)
    const cut = cutOf(video)
    if (!cut) return writeCues(cues)
    const former = await repo.findCaptions(db.orm, video.id, name)
    const text = writeCues(uncutCues(cues, cut, former ? await cuesOf(video.id, former.key) : []))
    // Both together may be more than are read again.
    readCues(Buffer.from(text))
    return text
  }

  async function store(videoId: string, text: string): Promise<OwnName> {
    const key: OwnName = `captions/${newId()}.vtt`
    await files.store(videoId, key, [{ file: '', bytes: Buffer.from(text) }])
    return key
  }

  /** The run that is shown, and the one that will be: whichever is published last must not know less. */
  async function publishAll(tx: Tx, { runId, nextRunId }: VideoRow): Promise<void> {
    for (const id of new Set([runId, nextRunId])) if (id !== null) await publish(tx, id)
  }

  async function put(tx: Tx, video: VideoRow, captions: repo.NewCaptions): Promise<void> {
    const former = await repo.findCaptions(tx, video.id, captions)
    if (!former && (await repo.countCaptions(tx, video.id)) >= CAPTIONS_MAX)
      throw new AppError('conflict', 'A video may have captions in 50 languages and kinds.', {
        max: CAPTIONS_MAX,
      })
    await repo.writeCaptions(tx, video.id, captions)
    if (former) await files.drop(tx, video.id, former.key as OwnName)
    await publishAll(tx, video)
  }

  const shaped = async (videoId: string) => ({
    captions: (await repo.listCaptions(db.orm, videoId)).map(toOwn),
  })

  return {
    /** Errors: `not_found`. */
    async list(ownerId: string, videoId: string) {
      await mustOwn(ownerId, videoId)
      return await shaped(videoId)
    },

    /** Captions with their cues, in times of what is shown. Errors: `not_found`. */
    async read(ownerId: string, videoId: string, name: repo.CaptionsName) {
      const cut = cutOf(await mustOwn(ownerId, videoId))
      const row = await repo.findCaptions(db.orm, videoId, name)
      if (!row) throw new AppError('not_found')
      const cues = await cuesOf(videoId, row.key)
      return { captions: toOwn(row), cues: cut ? cutCues(cues, cut) : cues }
    },

    /** Errors: `not_found`, `invalid_input` (no captions in it), `conflict` (too many, or trimmed meanwhile), `unavailable`. */
    async set(
      viewer: Viewer,
      videoId: string,
      { label, ...name }: repo.CaptionsName & { label: string | undefined },
      bytes: Uint8Array,
    ) {
      const shown = await mustOwn(viewer.account?.id, videoId)
      const key = await store(videoId, await wholeTextOf(shown, name, bytes))
      await db.withTx(async (tx) => {
        const video = await lockOwn(tx, viewer, videoId, clock.nowMs())
        if (video.deletedAt) throw new AppError('not_found')
        if (!isSameCut(cutOf(video), cutOf(shown)))
          throw new AppError('conflict', 'Another part of the video is shown now: look at the times again.', {
            reason: 'trimmed',
          })
        const former = await repo.findCaptions(tx, videoId, name)
        await put(tx, video, { ...name, key, label: label ?? former?.label ?? labelOf(name) })
      })
      return await shaped(videoId)
    },

    /** Doing it again changes nothing. Errors: `not_found`. */
    async remove(viewer: Viewer, videoId: string, name: repo.CaptionsName) {
      await db.withTx(async (tx) => {
        const video = await lockOwn(tx, viewer, videoId, clock.nowMs())
        if (video.deletedAt) throw new AppError('not_found')
        const key = await repo.removeCaptions(tx, videoId, name)
        if (key === undefined) return
        await files.drop(tx, videoId, key as OwnName)
        await publishAll(tx, video)
      })
      return await shaped(videoId)
    },

    /** Text was found in the file of a run. What a video has in the same language stays: its owner may have corrected it. */
    async found(runId: string, { language: told, title, text }: FoundTrack): Promise<void> {
      const run = await findRun(db.orm, runId)
      if (!run || readCues(Buffer.from(text)).length === 0) return
      const name = { language: languageOf(told), kind: 'subtitles' as const }
      if (await repo.findCaptions(db.orm, run.videoId, name)) return
      const key = await store(run.videoId, text)
      await db.withTx(async (tx) => {
        const video = await lockVideo(tx, run.videoId)
        if (!video || (await repo.findCaptions(tx, video.id, name))) return
        await put(tx, video, { ...name, key, label: titleOf(title) ?? labelOf(name) })
      })
    },
  }
}

export type CaptionsService = ReturnType<typeof createCaptions>

const toOwn = ({ language, kind, label, updatedAt }: repo.CaptionsRow) => ({
  ...{ language, kind, label },
  updatedAt: updatedAt.getTime(),
})
