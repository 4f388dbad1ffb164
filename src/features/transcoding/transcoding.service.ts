import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import type { ObjectStorage } from '../../core/ports.ts'
import type { Database, Tx } from '../../infra/db.ts'
import { enqueue } from '../../infra/jobs.ts'
import type { Call, OutputFile, Plan, Refusal, SourceFacts } from '../../infra/transcoding/model.ts'
import { TranscodeError } from '../../infra/transcoding/sandbox/sandbox.ts'
import type { Transcoder } from '../../infra/transcoding/transcoder.ts'
import { playFolder } from '../playback/playback.service.ts'
import type { CaptionsService } from '../videos/managing/captions.service.ts'
import type { ProcessingService } from '../videos/processing.service.ts'
import type { Claim } from './claims.repo.ts'
import * as claims from './claims.repo.ts'
import { percentOf } from './progress.ts'
import { createPublisher } from './publisher.ts'
import type { Sources } from './sources.ts'
import { encodeNext, findCaptions, makePictures, publishRun } from './transcoding.queue.ts'
import type { PlannedPieces, Prepared, Run } from './transcoding.repo.ts'
import * as repo from './transcoding.repo.ts'

/** Hands a file to the processes that can make something of it. */
export const queueRun = (db: Database, runId: string) =>
  db.withTx(async (tx) => {
    if (await repo.insertLook(tx, runId)) await enqueue(tx, encodeNext, {})
  })

/** Has the playlists of a run written anew, if it can be played: what they name has changed. */
export const queuePublish = (tx: Tx, runId: string) =>
  enqueue(tx, publishRun, { runId }, { key: `${publishRun.name}:${runId}` })

/** What videos are told of their runs; whatever is told of a run that is not wanted any more changes nothing. */
type Outcomes = Pick<ProcessingService, 'progress' | 'playable' | 'done' | 'refuse'>

type PlannedRun = Run & Prepared

type Deps = {
  db: Database
  storage: Pick<ObjectStorage, 'put'>
  transcoder: Transcoder
  sources: Sources
  outcomes: Outcomes
  captions: Pick<CaptionsService, 'found'>
  log: Logger
  /** Where steps have their folders. */
  dir: string
  /** Aborted when this process ends: its steps end too, and others do them. */
  signal: AbortSignal
  crashPoint: (name: string) => void
}

/** Films have some thirty; each reads the whole file once. */
const TEXTS_MAX = 30

const DAMAGED: Refusal = {
  code: 'damaged',
  message: 'Something in this file can not be read. Export it anew, and upload that.',
}

/** How often ffmpeg may fail at one piece: a machine may have been out of memory; a file that it can't read stays one. */
const FAILURES_MAX = 3

/**
 * Makes what people watch out of what they uploaded, in steps of minutes that any machine with the jobs role may do:
 *
 *   look ─▶ pieces of the first quality ─┐
 *        ─▶ sound of each track ─────────┴▶ publish ─▶ playable
 *        ─▶ pieces of all other qualities ─▶ publish ─▶ ready
 *        ─▶ moving preview, storyboard
 *        ─▶ captions of each track of text ─▶ publish
 *
 * The look, pieces of picture and sound are done in turn over all owners. What a step has stored is written down in the database afterwards; a step that was killed is done again and stores
 * the same files. A run that was given up has no further step.
 */
export function createTranscoding(deps: Deps) {
  const { db, storage, transcoder, sources, outcomes, captions, log, signal, crashPoint } = deps

  /** Runs a step on the file of a run, in a folder of its own. */
  const step = <T>(run: Run, work: (source: string, call: Call) => Promise<T>, until = signal): Promise<T> =>
    sources.use(run.id, run.sourceKey, async (source) => {
      const dir = join(deps.dir, randomUUID())
      await mkdir(dir, { recursive: true })
      try {
        return await work(source, { dir, signal: until })
      } finally {
        await rm(dir, { recursive: true, force: true })
      }
    })

  async function store(run: Pick<Run, 'id' | 'videoId'>, files: readonly OutputFile[]): Promise<void> {
    const folder = playFolder(run.videoId, run.id)
    for (const { key, path } of files) await storage.put(folder + key, createReadStream(path))
  }

  async function refuse(runId: string, { code, message }: Refusal): Promise<void> {
    await outcomes.refuse(runId, code, message)
    await repo.dropWaiting(db.orm, runId)
  }

  async function tell(runId: string): Promise<void> {
    await outcomes.progress(runId, 'encode', percentOf(await repo.readParts(db.orm, runId)))
  }

  /** After something was made: the playlists are written as soon as there is something to put into them. */
  async function advance(tx: Tx, runId: string): Promise<void> {
    // Of two that end at once, the second sees what the first has made.
    await repo.takeTurn(tx, runId, 'count')
    const { isPlayable, isWhole } = await repo.readParts(tx, runId)
    const isAwaited = isPlayable && (await repo.findRun(tx, runId))?.state === 'processing'
    if (isAwaited || isWhole) await queuePublish(tx, runId)
  }

  async function write(
    run: Run,
    claim: Claim,
    facts: SourceFacts,
    pictures: Omit<Prepared, 'plan'>,
  ): Promise<void> {
    const plan = transcoder.plan(facts, run.cut)
    const sets = setsOf(plan)
    await db.withTx(async (tx) => {
      if (!(await repo.finishPiece(tx, claim, []))) return
      if (!(await repo.writePlan(tx, run.id, { plan, ...pictures }, sets))) return
      const pieces = sets.length * plan.chunks + facts.audio.length
      for (let piece = 0; piece < pieces; piece++) await enqueue(tx, encodeNext, {})
      await enqueue(tx, makePictures, { runId: run.id })
      // Those of a file that is shown were found before, and its owner may have deleted them since.
      if (run.isFromShown) return
      for (const { index: track } of facts.texts.slice(0, TEXTS_MAX))
        await enqueue(tx, findCaptions, { runId: run.id, track })
    })
  }

  /** Looks at a file: it is refused, or its poster is there and the rest is planned. */
  async function look(run: Run, claim: Claim, until: AbortSignal): Promise<void> {
    if (run.state !== 'processing') return
    await outcomes.progress(run.id, 'probe', 1)
    const lookAtIt = async (source: string, call: Call) => {
      const probed = await transcoder.probe(source, call)
      if (!probed.ok) return refuse(run.id, probed.refusal)
      const { facts } = probed
      const { choices, best: posterChoice } = await transcoder.posters({ source, facts, cut: run.cut }, call)
      for (const { files } of choices) await store(run, files)
      crashPoint('transcoding:prepared')
      const posterHashes = choices.map(({ thumbhash }) => thumbhash)
      await write(run, claim, facts, { posterHashes, posterChoice })
      await tell(run.id)
    }
    await step(run, lookAtIt, until).catch(refusing(() => refuse(run.id, DAMAGED)))
  }

  async function encodePiece(run: PlannedRun, claim: Claim, until: AbortSignal): Promise<void> {
    const rungs = setsOf(run.plan).find(({ rungSet }) => rungSet === claim.rungSet)?.rungs ?? []
    const encodeIt = async (source: string, call: Call) => {
      const made = await transcoder.encodeChunk({ source, plan: run.plan, rungs, chunk: claim.index }, call)
      for (const { files } of made) await store(run, files)
      crashPoint('transcoding:piece')
      await db.withTx(async (tx) => {
        const records = made.map(({ record }) => record)
        if (await repo.finishPiece(tx, claim, records)) await advance(tx, run.id)
      })
    }
    await step(run, encodeIt, until)
    await tell(run.id)
  }

  async function encodeTrack(run: PlannedRun, claim: Claim, until: AbortSignal): Promise<void> {
    const encodeIt = async (source: string, call: Call) => {
      const work = { source, plan: run.plan, track: claim.index }
      const { record, files } = await transcoder.encodeAudio(work, call)
      await store(run, files)
      await db.withTx(async (tx) => {
        if (!(await repo.finishPiece(tx, claim, []))) return
        await repo.finishSound(tx, run.id, record)
        await advance(tx, run.id)
      })
    }
    await step(run, encodeIt, until)
    await tell(run.id)
  }

  const make = async (run: Run, claim: Claim, until: AbortSignal): Promise<void> => {
    if (claim.rungSet === repo.LOOK) return look(run, claim, until)
    if (!run.prepared) return
    const planned = { ...run, ...run.prepared }
    return claim.rungSet === repo.SOUND
      ? encodeTrack(planned, claim, until)
      : encodePiece(planned, claim, until)
  }

  /** Makes the piece that is next in turn. */
  async function encode(): Promise<void> {
    const claim = await claims.claimNext(db)
    if (!claim) return comeBack()
    const run = await repo.findRun(db.orm, claim.runId)
    if (!run) return
    const given = new AbortController()
    const keep = async () => {
      if (!(await claims.keepClaim(db, claim))) given.abort()
    }
    const alive = setInterval(() => void keep().catch(complain), claims.KEEP_MS)
    try {
      await make(run, claim, AbortSignal.any([signal, given.signal]))
    } catch (error) {
      // Nobody wants it any more.
      if (given.signal.aborted) return
      if (!(error instanceof TranscodeError)) {
        await claims.releaseClaim(db, claim)
        throw error
      }
      log.warn({ runId: run.id, kind: claim.rungSet, piece: claim.index, error }, 'ffmpeg failed at a piece')
      if ((await repo.countFailure(db.orm, claim)) >= FAILURES_MAX) return refuse(run.id, DAMAGED)
      throw error
    } finally {
      clearInterval(alive)
    }
  }

  const complain = (error: unknown) => log.warn({ error }, 'A piece could not be kept')

  /** Nothing is free. Of what others are at, some may be dead: one job looks again when that would show. */
  async function comeBack(): Promise<void> {
    const runAt = await claims.firstEnd(db)
    if (runAt)
      await db.withTx((tx) => enqueue(tx, encodeNext, {}, { key: `${encodeNext.name}:again`, runAt }))
  }

  async function wanted(runId: string): Promise<PlannedRun | undefined> {
    const run = await repo.findRun(db.orm, runId)
    return run?.prepared && run.state !== 'failed' ? { ...run, ...run.prepared } : undefined
  }

  /** What can do without: a video that ffmpeg makes no storyboard of is watched without one. */
  async function picture(runId: string): Promise<void> {
    const run = await wanted(runId)
    if (!run) return
    const { cut, plan } = run
    const { source: facts } = plan
    const makeThem = async (source: string, call: Call) => {
      const storyboard = await transcoder.storyboard({ source, facts, cut }, call)
      await store(run, storyboard.files)
      await store(run, [await transcoder.preview({ source, facts, cut }, call)])
    }
    await step(run, makeThem).catch(
      refusing(async (error) => log.warn({ runId, error }, 'A video has no storyboard')),
    )
  }

  /** A track of text as captions. Of what is none, such as pictures of subtitles, nothing is made. */
  async function captionsOf(runId: string, track: number): Promise<void> {
    const run = await wanted(runId)
    const text = run?.plan.source.texts[track]
    if (!run || !text) return
    const { source: facts } = run.plan
    const readThem = async (source: string, call: Call) => {
      const found = await transcoder.subtitles({ source, facts, track }, call)
      await captions.found(runId, { language: text.language, title: text.title, text: found })
    }
    await step(run, readThem).catch((error: unknown) => {
      // There are none in it, or the video has as many as it may.
      const isRefused = error instanceof AppError && ['invalid_input', 'conflict'].includes(error.code)
      if (!isRefused && !(error instanceof TranscodeError)) throw error
      log.info({ runId, track, error }, 'A track of text could not become captions')
    })
  }

  return { encode, picture, captionsOf, publish: createPublisher(deps) }
}

export type Transcoding = ReturnType<typeof createTranscoding>

/** Handles what ffmpeg refused; what else went wrong is the machine's, and tried again. */
const refusing = (handle: (error: TranscodeError) => Promise<void>) => (error: unknown) => {
  if (error instanceof TranscodeError) return handle(error)
  throw error
}

/** Rungs that are made together: the first one alone, then all others, as decoding is done once for a set. */
function setsOf({ rungs, firstRung }: Plan): (PlannedPieces & { rungs: string[] })[] {
  const first = rungs.filter(({ name }) => name === firstRung)
  const others = rungs.filter(({ name }) => name !== firstRung)
  return [first, others].flatMap((set, rank) => {
    if (set.length === 0) return []
    const names = set.map(({ name }) => name)
    const pixels = set.reduce((sum, { width, height, step }) => sum + (width * height) / step, 0)
    return [{ rungSet: names.join('+'), rank, weight: Math.ceil(pixels), rungs: names }]
  })
}
