import type { RouteResponse } from '../../contract/index.ts'
import { PLAYLIST_ITEMS_MAX, PLAYLISTS_MAX, WATCH_LATER } from '../../contract/playlists.ts'
import { can } from '../../core/access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { fromCursor, toPage } from '../../core/paging/cursor.ts'
import { type Clock, DAY_MS } from '../../core/time.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database, Tx } from '../../infra/db.ts'
import { once } from '../idempotency/idempotency.service.ts'
import { mayView, mustBeShown, type Relations, sightOf } from '../safety/visibility.service.ts'
import type { VideosService, Watcher } from '../videos/videos.service.ts'
import * as repo from './playlists.repo.ts'
import { refusalOf } from './playlists.visibility.ts'

/** A screen of lists and a half. */
const LISTS_ROWS = 24
/** Of a list of ordinary length nothing is left to be read. */
const ITEMS_ROWS = 100
/** As long as videos can be had back. */
const UNDO_MS = 7 * DAY_MS
/** Lists of one look at what can't be undone any more; the others come an hour later. */
const PURGED_MAX = 500

type Deps = {
  db: Database
  relations: Relations
  /** The one decision about who may watch what. */
  videos: Pick<VideosService, 'mustSee' | 'cards'>
  clock: Clock
}

type Shape = RouteResponse<'getPlaylist'>['playlist']
type Card = NonNullable<Shape['cover']>
type Details = Pick<repo.PlaylistRow, 'title' | 'description' | 'visibility'>
type New = Details & { clientId: string; videoId?: string | undefined }

/** Lists of videos. What of a list somebody may see is judged anew whenever it is read. */
export function createPlaylists({ db, relations, videos, clock }: Deps) {
  /** Lists as they are answered; the cover is the first of their videos that somebody may see. */
  async function shapes(watcher: Watcher, rows: readonly repo.Listed[]): Promise<Shape[]> {
    const ids = [...new Set(rows.flatMap(({ firstIds }) => firstIds))]
    const cards = new Map((await videos.cards(watcher, ids)).map((card) => [card.id, card]))
    return rows.map((row) =>
      toShape(
        row,
        row.firstIds.find((id) => cards.has(id)),
        cards,
      ),
    )
  }

  async function shape(watcher: Watcher, id: string): Promise<Shape> {
    const row = await repo.findPlaylist(db.orm, id)
    const [shown] = row ? await shapes(watcher, [row]) : []
    if (!shown) throw new AppError('not_found')
    return shown
  }

  /** The id of a list, which may be given as `watch-later`. Errors: `not_found`, without an account. */
  async function idOf({ account }: Viewer, ref: string): Promise<string> {
    if (ref !== WATCH_LATER) return ref
    if (!account) throw new AppError('not_found')
    return await repo.watchLaterOf(db.orm, account.id, newId)
  }

  /** A list that is theirs, deleted ones too, locked. Errors: `not_found`. */
  async function lockOwn(tx: Tx, viewer: Viewer, id: string): Promise<repo.PlaylistRow> {
    const playlist = await repo.lockPlaylist(tx, id)
    if (!playlist || !can(viewer, 'playlist:edit', playlist, clock.nowMs())) throw new AppError('not_found')
    return playlist
  }

  async function mustHaveRoom(tx: Tx, ownerId: string): Promise<void> {
    if ((await repo.countOwn(tx, ownerId)) < PLAYLISTS_MAX) return
    throw new AppError('conflict', `You have ${PLAYLISTS_MAX} lists: delete one first.`, { reason: 'full' })
  }

  /** Changes a list of theirs and answers how it is then. Errors: `not_found`, `conflict` (watch later), and of `change`. */
  async function changeOwn(
    watcher: Watcher,
    ref: string,
    change: (playlist: repo.PlaylistRow, tx: Tx) => repo.PlaylistChanges | Promise<repo.PlaylistChanges>,
  ): Promise<string> {
    const id = await idOf(watcher.viewer, ref)
    await db.withTx(async (tx) => {
      const playlist = await lockOwn(tx, watcher.viewer, id)
      if (playlist.kind === 'watch_later')
        throw new AppError('conflict', 'This list is always there, for you alone.')
      await repo.changePlaylist(tx, id, await change(playlist, tx))
    })
    return id
  }

  /** Has a video in a list that is locked. Errors: `conflict` (it is full). */
  async function hold(tx: Tx, playlistId: string, videoId: string): Promise<void> {
    const { count, holdsVideo } = await repo.countItems(tx, playlistId, videoId)
    if (holdsVideo) return
    if (count >= PLAYLIST_ITEMS_MAX)
      throw new AppError('conflict', `A list has ${PLAYLIST_ITEMS_MAX} videos at most.`, { reason: 'full' })
    await repo.appendItem(tx, playlistId, videoId)
  }

  return {
    /** Everything of one owner; covers are left out where it is asked what holds a video. */
    async own(watcher: Watcher, ownerId: string, videoId: string | undefined) {
      await idOf(watcher.viewer, WATCH_LATER)
      const rows = await repo.listOwn(db.orm, ownerId, videoId)
      const bare = videoId === undefined ? rows : rows.map((row) => ({ ...row, firstIds: [] }))
      const shown = await shapes(watcher, bare)
      return { playlists: shown.map((one, nth) => ({ ...one, holdsVideo: rows[nth]?.holdsVideo ?? false })) }
    },

    /** What a channel lists. Errors: `not_found`, `forbidden` with `{ reason: 'blocked' | 'private' }`. */
    async ofChannel(watcher: Watcher, handle: string, cursor: string | undefined) {
      const owner = await repo.findOwner(db.orm, handle)
      if (!owner) throw new AppError('not_found')
      const relation = await relations.of(watcher.viewer.account?.id, owner.id)
      mustBeShown(sightOf(relation))
      if (!mayView(relation, 'all'))
        throw new AppError('forbidden', 'This account is private.', { reason: 'private' })
      const read = await repo.listPublic(db.orm, owner.id, fromCursor(cursor), LISTS_ROWS + 1)
      const placeOf = ({ playlist }: repo.Listed) => ({ at: playlist.createdAt, id: playlist.id })
      const { rows, nextCursor } = toPage(read, LISTS_ROWS, placeOf)
      return { playlists: await shapes(watcher, rows), nextCursor }
    },

    /** A list and a page of what of it somebody may see. Errors: `not_found`, `forbidden` with `{ reason: 'blocked' }`. */
    async read(watcher: Watcher, ref: string, after: number) {
      const id = await idOf(watcher.viewer, ref)
      const row = await repo.findPlaylist(db.orm, id)
      if (!row) throw new AppError('not_found')
      const relation = await relations.of(watcher.viewer.account?.id, row.owner.id)
      const refusal = refusalOf(row.playlist, relation)
      if (refusal) throw refusal
      const items = await repo.listItems(db.orm, id, after, ITEMS_ROWS + 1)
      const page = items.slice(0, ITEMS_ROWS)
      const ids = page.map(({ videoId }) => videoId)
      const shown = await videos.cards(watcher, ids)
      const next = items.length > ITEMS_ROWS ? (page.at(-1)?.position ?? null) : null
      const [playlist = toShape(row, undefined, new Map())] = await shapes(watcher, [row])
      return { playlist, isOwn: relation.isSelf, videos: shown, hidden: page.length - shown.length, next }
    },

    /** Errors: `conflict` (too many, or clientId used), `not_found` and `forbidden` of its first video. */
    async create(watcher: Watcher, ownerId: string, { videoId, clientId, ...details }: New): Promise<Shape> {
      if (videoId !== undefined) await videos.mustSee(watcher, videoId)
      const request = {
        accountId: ownerId,
        call: 'playlist:create',
        clientId,
        input: { ...details, videoId },
      }
      const { answer } = await db.withTx((tx) =>
        once(tx, request, async () => {
          await mustHaveRoom(tx, ownerId)
          const id = newId()
          await repo.createPlaylist(tx, { ...details, id, ownerId })
          if (videoId !== undefined) await repo.appendItem(tx, id, videoId)
          return { id }
        }),
      )
      return await shape(watcher, answer.id)
    },

    /** Changes what is given. Errors: `not_found`, `conflict` (watch later). */
    async edit(watcher: Watcher, ref: string, details: Partial<Details>): Promise<Shape> {
      const id = await changeOwn(watcher, ref, ({ deletedAt }) => {
        if (deletedAt) throw new AppError('not_found')
        return details
      })
      return await shape(watcher, id)
    },

    /** Hides it. Doing it again changes nothing. Errors: `not_found`, `conflict` (watch later). */
    async remove(watcher: Watcher, ref: string): Promise<{ undoUntil: number }> {
      let deletedAt = new Date(clock.nowMs())
      await changeOwn(watcher, ref, (playlist) => {
        deletedAt = playlist.deletedAt ?? deletedAt
        return { deletedAt }
      })
      return { undoUntil: deletedAt.getTime() + UNDO_MS }
    },

    /** Errors: `not_found`, `conflict` (it is not deleted, or there are too many). */
    async restore(watcher: Watcher, ref: string): Promise<Shape> {
      const id = await changeOwn(watcher, ref, async (playlist, tx) => {
        if (!playlist.deletedAt) throw new AppError('conflict', 'This list is not deleted.')
        await mustHaveRoom(tx, playlist.ownerId)
        return { deletedAt: null }
      })
      return await shape(watcher, id)
    },

    /** Has a video in a list of theirs, behind another where one is named. Errors: `not_found`, `forbidden`, `conflict`. */
    async put(watcher: Watcher, ref: string, videoId: string, afterVideoId: string | null | undefined) {
      await videos.mustSee(watcher, videoId)
      const id = await idOf(watcher.viewer, ref)
      await db.withTx(async (tx) => {
        if ((await lockOwn(tx, watcher.viewer, id)).deletedAt) throw new AppError('not_found')
        await hold(tx, id, videoId)
        if (afterVideoId !== undefined) await repo.moveItem(tx, id, videoId, afterVideoId)
        await repo.changePlaylist(tx, id, {})
      })
    },

    /** Errors: `not_found`. */
    async take(watcher: Watcher, ref: string, videoId: string): Promise<void> {
      const id = await idOf(watcher.viewer, ref)
      await db.withTx(async (tx) => {
        if ((await lockOwn(tx, watcher.viewer, id)).deletedAt) throw new AppError('not_found')
        await repo.removeItem(tx, id, videoId)
        await repo.changePlaylist(tx, id, {})
      })
    },

    /** Removes for good what can't be undone any more. */
    purge: () => repo.purgePlaylists(db.orm, new Date(clock.nowMs() - UNDO_MS), PURGED_MAX),
  }
}

export type PlaylistsService = ReturnType<typeof createPlaylists>

const toShape = (
  { playlist, owner, count }: repo.Listed,
  coverId: string | undefined,
  cards: ReadonlyMap<string, Card>,
): Shape => ({
  ...{ owner, count, title: playlist.title, description: playlist.description },
  id: playlist.kind === 'watch_later' ? WATCH_LATER : playlist.id,
  visibility: playlist.visibility,
  cover: (coverId !== undefined && cards.get(coverId)) || null,
  createdAt: playlist.createdAt.getTime(),
})
