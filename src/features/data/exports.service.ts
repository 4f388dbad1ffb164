import { AppError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Logger } from '../../core/log.ts'
import type { ObjectStorage, ReadObject, Topics } from '../../core/ports.ts'
import { createRefresher } from '../../core/running/refresher.ts'
import { type Clock, DAY_MS } from '../../core/time.ts'
import type { Database } from '../../infra/db.ts'
import { enqueue } from '../../infra/jobs.ts'
import { enqueueMail } from '../accounts/accounts.service.ts'
import { makeExport, removeExport } from './data.queue.ts'
import * as repo from './data.repo.ts'
import { archiveOf } from './exports.archive.ts'

/** Over a holiday week; what lies around for longer is only one more thing to lose. */
const KEPT_MS = 7 * DAY_MS
/** As many accounts look at their data at once as one statement may be asked about. */
const REFRESH_MAX = 50
/** Of one look at what expired; the next look is an hour later and takes the next ones. */
const SWEPT_MAX = 500

type Deps = {
  db: Database
  storage: ObjectStorage
  topics: Topics
  clock: Clock
  log: Logger
  crashPoint: (name: string) => void
}

/** The folder of an archive; nothing below it is ever served by its name. */
const folderOf = (id: string) => `exports/${id}/`
const keyOf = (id: string) => `${folderOf(id)}archive.zip`
export const dataTopic = (userId: string) => `account-data:${userId}`

/**
 * Archives of accounts.
 *
 *   ──asked──▶ waiting ──job──▶ running ──▶ ready ──7 days, or a newer one──▶ gone
 *                  ▲               │ ▲
 *                  └──asked again──▼ │ job tries again
 *                               failed
 *
 * At most one of an account is not ready. The file appears whole or not at all, so a job that was killed begins anew. A row
 * goes before its file, and the job that removes the file leaves one whose row is there.
 */
export function createExports({ db, storage, topics, clock, log, crashPoint }: Deps) {
  const show = createRefresher({
    maxKeys: REFRESH_MAX,
    async refresh(userIds) {
      for (const userId of userIds) {
        const { data, asOfMs } = await repo.readData(db, userId)
        topics.set(dataTopic(userId), data, asOfMs)
      }
    },
    onError: (error) => log.warn({ error }, 'The data of an account could not be shown'),
  })

  /** Written as it goes; false where the archive is gone. */
  async function move(id: string, userId: string, changes: Parameters<typeof repo.moveExport>[2]) {
    const moved = await repo.moveExport(db.orm, id, changes)
    show(userId)
    return moved !== undefined
  }

  async function make(id: string, userId: string): Promise<boolean> {
    const onStage = async (stage: string, percent: number) => {
      if (!(await move(id, userId, { state: 'running', stage, percent })))
        throw new AppError('not_found', 'The archive is not wanted any more.')
      if (percent > 0) crashPoint('export:half')
    }
    await storage.put(keyOf(id), archiveOf({ db, storage }, userId, onStage))
    const { sizeBytes } = await storage.head(keyOf(id))
    const expiresAt = new Date(clock.nowMs() + KEPT_MS)
    return await db.withTx(async (tx) => {
      const done = { state: 'ready', stage: '', percent: 100, sizeBytes, expiresAt } as const
      if (!(await repo.moveExport(tx, id, done))) return false
      for (const exportId of await repo.removeOthers(tx, userId, id))
        await enqueue(tx, removeExport, { exportId })
      return true
    })
  }

  return {
    show,

    read: async (userId: string) => (await repo.readData(db, userId)).data,

    /** Has an archive made. Errors: `conflict` (one is being made). */
    async ask(userId: string, origin: string) {
      const row = await db.withTx(async (tx) => {
        const found = await repo.findUnfinished(tx, userId)
        const again = found?.state === 'failed' && { state: 'waiting' as const, stage: '', percent: 0 }
        const made = found
          ? again && (await repo.moveExport(tx, found.id, again))
          : await repo.insertExport(tx, newId(), userId)
        if (!made) throw new AppError('conflict', 'Your archive is being made already.')
        const key = `${makeExport.name}:${made.id}`
        await enqueue(tx, makeExport, { exportId: made.id, origin }, { key })
        tx.afterCommit(() => show(userId))
        return made
      })
      return repo.toExport(row)
    },

    /** The file of an archive of this account. Errors: `not_found`. */
    async download(userId: string, exportId: string): Promise<ReadObject> {
      const row = await repo.findExport(db.orm, exportId)
      const isTheirs = row?.userId === userId && row.state === 'ready'
      if (!isTheirs || (row.expiresAt?.getTime() ?? 0) <= clock.nowMs()) throw new AppError('not_found')
      return storage.read(keyOf(exportId))
    },

    /** Makes what was asked for; what fails is written down before it is tried again. */
    async run(exportId: string, origin: string): Promise<void> {
      const row = await repo.findExport(db.orm, exportId)
      if (!row || row.state === 'ready') return
      const { userId } = row
      let isMade: boolean | undefined
      try {
        isMade = await make(exportId, userId)
      } finally {
        // Undefined where it threw; that one is the runner's to tell.
        if (isMade === undefined) await move(exportId, userId, { state: 'failed' })
      }
      show(userId)
      if (isMade) await db.withTx((tx) => enqueueMail(tx, 'export_ready', userId, origin))
      // Its account went meanwhile, and its file must not stay.
      else await this.remove(exportId)
    },

    /** Deletes the file of an archive that is gone. */
    async remove(exportId: string): Promise<void> {
      if (!(await repo.findExport(db.orm, exportId))) await storage.deletePrefix(folderOf(exportId))
    },

    async sweep(): Promise<void> {
      const gone = await db.withTx(async (tx) => {
        const rows = await repo.removeExpired(tx, new Date(clock.nowMs()), SWEPT_MAX)
        for (const { id: exportId } of rows) await enqueue(tx, removeExport, { exportId })
        return rows
      })
      for (const { userId } of gone) show(userId)
    },
  }
}

export type ExportsService = ReturnType<typeof createExports>
