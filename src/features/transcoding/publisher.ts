import type { ObjectStorage } from '../../core/ports.ts'
import type { Database } from '../../infra/db.ts'
import { msOfFrames } from '../../infra/transcoding/ladder/rates.ts'
import type { CaptionRecord } from '../../infra/transcoding/model.ts'
import type { Transcoder } from '../../infra/transcoding/transcoder.ts'
import { playFolder } from '../playback/playback.service.ts'
import type { ProcessingService } from '../videos/processing.service.ts'
import * as repo from './transcoding.repo.ts'

type Deps = {
  db: Database
  storage: Pick<ObjectStorage, 'put'>
  transcoder: Pick<Transcoder, 'manifests'>
  outcomes: Pick<ProcessingService, 'playable' | 'done'>
}

/**
 * Writes the playlists over everything that is there, once that can be played. The master comes last: whoever reads it finds
 * all that it names. One process at a time writes those of a run.
 */
export function createPublisher({ db, storage, transcoder, outcomes }: Deps) {
  return async (runId: string): Promise<void> => {
    await db.withTx(async (tx) => {
      await repo.takeTurn(tx, runId, 'publish')
      const run = await repo.findRun(tx, runId)
      if (!run?.prepared || run.state === 'failed') return
      const { plan, posterHashes, posterChoice } = run.prepared
      const { isPlayable, isWhole } = await repo.readParts(tx, runId)
      // What is shown is exchanged for another part of its file once that has every quality that it has itself.
      if (!(run.isFromShown ? isWhole : isPlayable)) return
      const records = await repo.readRecords(tx, runId)
      const captions = namedApart(await repo.readCaptions(tx, run.videoId))
      const written = transcoder.manifests({ ...records, plan, captions })
      // The first is the master.
      for (const { key, text } of written.toReversed())
        await storage.put(playFolder(run.videoId, runId) + key, once(text))
      await repo.markRenditions(tx, runId, records.chunks, plan.chunks)
      const { width, height, fps } = plan.source.picture
      const pictures = { posterHashes, posterChoice }
      const cut = plan.cut && {
        startMs: msOfFrames(plan.cut.firstFrame, plan.rate),
        wholeMs: plan.cut.wholeMs,
      }
      await outcomes.playable(runId, { durationMs: plan.durationMs, width, height, fps, cut, ...pictures })
      if (isWhole) await outcomes.done(runId)
    })
  }
}

/** No two tracks of a group have the same name (RFC 8216, section 4.3.4.1.1). */
function namedApart(captions: readonly CaptionRecord[]): CaptionRecord[] {
  const taken = new Set<string>()
  return captions.map((caption) => {
    let label = caption.label
    for (let nth = 2; taken.has(label); nth++) label = `${caption.label} ${nth}`
    taken.add(label)
    return { ...caption, label }
  })
}

async function* once(text: string) {
  yield Buffer.from(text)
}
