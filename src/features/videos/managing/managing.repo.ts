import { eq } from 'drizzle-orm'
import { videoChapters } from '../../../../drizzle/schema/index.ts'
import { can } from '../../../core/access/permissions.ts'
import { AppError } from '../../../core/errors.ts'
import type { Viewer } from '../../../core/viewer.ts'
import type { Tx } from '../../../infra/db.ts'
import { lockVideo, type VideoRow } from '../videos.repo.ts'
import { chaptersIn } from './chapters.ts'

/** A video that somebody may change, deleted ones too, locked. Errors: `not_found`. */
export async function lockOwn(tx: Tx, viewer: Viewer, videoId: string, nowMs: number): Promise<VideoRow> {
  const video = await lockVideo(tx, videoId)
  if (!video || !can(viewer, 'video:edit', video, nowMs)) throw new AppError('not_found')
  return video
}

/**
 * Writes the chapters that a description names; none while it is not known how long the video is. Where only a part of its
 * file is shown, those are left out that would begin behind its end.
 */
export async function writeChapters(
  tx: Tx,
  videoId: string,
  { description, durationMs, wholeMs }: Pick<VideoRow, 'description' | 'durationMs' | 'wholeMs'>,
): Promise<void> {
  await tx.delete(videoChapters).where(eq(videoChapters.videoId, videoId))
  const named = durationMs === null ? [] : chaptersIn(description, wholeMs ?? durationMs)
  const chapters = named.filter(({ startMs }) => startMs < (durationMs ?? 0))
  if (chapters.length > 0)
    await tx.insert(videoChapters).values(chapters.map((chapter) => ({ ...chapter, videoId })))
}
