import { LRUCache } from 'lru-cache'
import { AppError } from '../../core/errors.ts'
import { type Clock, SECOND_MS } from '../../core/time.ts'
import type { CdnCookies } from '../../infra/access/tokens/cdn-cookies.ts'
import type { MediaGrants } from '../../infra/access/tokens/media-grants.ts'
import type { Cut } from '../../infra/transcoding/model.ts'

/** Who watches, and where as far as a proxy tells; without an id it is an anonymous visitor. */
export type FileViewer = { viewerId: string | undefined; country: string | undefined }

/** How somebody sees the files of a video. */
export type FileView = {
  /** Why they do not. */
  refusal: AppError | undefined
  /** Everybody may watch it, whoever they are and wherever: its files need no grant. */
  isOpen: boolean
  /** The folder of what was made of its file, which is another one after each replacement; null while nothing can be played. */
  runId: string | null
  /** Until then, in milliseconds since the epoch, its poster is all that is open to them. */
  shutUntil: number | undefined
  /** The folder of that poster among its files, such as `posters/0/`. */
  posterFolder: string
  /** What of its file is shown; undefined for all of it. */
  cut: Cut | undefined
}

type Deps = {
  grants: MediaGrants
  /** Who serves the files in place of this server, where anybody does. */
  cdn: Pick<CdnCookies, 'sign'> | undefined
  clock: Clock
  /** The one decision about who may watch. */
  view: (viewer: FileViewer, videoId: string) => Promise<FileView>
}

/** What stands in the path where everybody may watch, in place of a grant. */
const OPEN = 'public'
/** What was decided is asked for again after this time: a video that is shut is shut this much later. */
const DECISION_LIFE_MS = 5 * SECOND_MS
/** What waits for its premiere may be moved to begin at once, and those who wait ask for it then. */
const SHUT_DECISION_LIFE_MS = SECOND_MS
/** Of viewers with videos, each some 200 bytes. */
const DECISIONS_MAX = 20_000

/** Folders and names of what players ask for; never of the file that was uploaded, which lies beside them. */
const FILE = /^(?:[a-z0-9_-]{1,60}\/){0,2}[a-z0-9_-]{1,60}\.(?:m3u8|mpd|mp4|m4s|vtt|webp|avif|jpg)$/
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What owners gave a video beside its file, which stays when it gets another one. */
const OWN_FILE = /^(?:captions\/[^/]+\.vtt|posters\/[0-9a-f-]{36}\/[^/]+)$/

/** Of these, in times of the whole file. */
const CAPTIONS = /^captions\/[^/]+\.vtt$/

export const ownFolder = (videoId: string) => `videos/${videoId}/own/`

export const playFolder = (videoId: string, runId: string) => `videos/${videoId}/${runId}/play/`

/** A run of a video for somebody who was found to see it. */
type Address = { videoId: string; runId: string; viewer: FileViewer; isOpen: boolean }

/** Path of the folder with the files of a run, and until when it works. */
export const createAddresses =
  (grants: Pick<MediaGrants, 'sign'>) =>
  ({ videoId, runId, viewer, isOpen }: Address): { baseUrl: string; expiresAt: number | null } => {
    if (isOpen) return { baseUrl: `/m/${OPEN}/${videoId}/${runId}/`, expiresAt: null }
    const { grant, expiresAt } = grants.sign({ ...viewer, videoId })
    return { baseUrl: `/m/${grant}/${videoId}/${runId}/`, expiresAt }
  }

export const hlsIn = (baseUrl: string) => `${baseUrl}master.m3u8`
export const dashIn = (baseUrl: string) => `${baseUrl}manifest.mpd`

/**
 * Where players find the files of videos. What not everybody may watch has a grant in its path, so that all relative
 * addresses of its playlists have it too; grant and decision are judged at every playlist and every segment.
 */
export function createPlayback({ grants, cdn, clock, view }: Deps) {
  const addressOf = createAddresses(grants)
  /** A CDN has cookies also for what everybody may watch: it would go on serving what is public no more. */
  const openFor = (address: Address) =>
    cdn ? cdn.sign(playFolder(address.videoId, address.runId)) : { ...addressOf(address), cookies: [] }

  const decisions = new LRUCache<string, FileView, { viewer: FileViewer; videoId: string }>({
    max: DECISIONS_MAX,
    ttl: DECISION_LIFE_MS,
    async fetchMethod(_key, _stale, { context, options }) {
      const decided = await view(context.viewer, context.videoId)
      if (decided.shutUntil !== undefined) options.ttl = SHUT_DECISION_LIFE_MS
      return decided
    },
  })

  async function decide(viewer: FileViewer, videoId: string, runId: string): Promise<FileView> {
    const key = `${viewer.viewerId ?? ''} ${viewer.country ?? ''} ${videoId}`
    const context = { viewer, videoId }
    const decided = await decisions.fetch(key, { context })
    // What is shut until a time is not shut a moment longer, as all who waited ask in that moment.
    const isOver = decided?.shutUntil !== undefined && decided.shutUntil <= clock.nowMs()
    // Whoever asks for another run may have heard earlier than this node of the one that took its place. All who ask share one look.
    const isOld = isOver || (decided?.refusal === undefined && decided?.runId !== runId)
    const found = isOld ? await decisions.fetch(key, { context, forceRefresh: true }) : decided
    if (!found || found.refusal) throw found?.refusal ?? new AppError('not_found')
    return found
  }

  return {
    /** Where somebody plays a video, with whole `Set-Cookie` headers for it. Errors: those of the decision; `conflict` while nothing can be played. */
    async read(viewer: FileViewer, videoId: string) {
      // As the database has it now: whoever has just been let in need not wait.
      const { refusal, isOpen, runId, shutUntil } = await view(viewer, videoId)
      if (refusal) throw refusal
      if (shutUntil !== undefined)
        throw new AppError('conflict', 'This video waits for its premiere.', {
          ...{ reason: 'premiere', startsAt: shutUntil },
        })
      if (runId === null)
        throw new AppError('conflict', 'This video is not ready yet.', { reason: 'not_ready' })
      const { baseUrl, expiresAt, cookies } = openFor({ videoId, runId, viewer, isOpen })
      const expiresInMs = expiresAt === null ? null : Math.max(0, expiresAt - clock.nowMs())
      const urls = { baseUrl, hlsUrl: hlsIn(baseUrl), dashUrl: dashIn(baseUrl) }
      return { playback: { ...urls, expiresAt, expiresInMs }, cookies }
    },

    /**
     * The key of a file in the storage, and what of the captions in it belongs to what is shown. Errors: `token_expired`,
     * `not_found`, and those of the decision.
     */
    async open({ grant, videoId, runId, file }: Asked): Promise<Opened> {
      if (!FILE.test(file) || !UUID.test(videoId)) throw new AppError('not_found')
      const granted = grant === OPEN ? undefined : grants.verify(grant)
      if (granted && granted.videoId !== videoId) throw new AppError('token_expired')
      const { viewerId, country } = granted ?? {}
      const found = await decide({ viewerId, country }, videoId, runId)
      // Who has no grant is told to get one, and learns by that whether there is something for them.
      if (!granted && !found.isOpen) throw new AppError('token_expired')
      if (found.runId !== runId) throw new AppError('not_found')
      if (found.shutUntil !== undefined && !file.startsWith(found.posterFolder))
        throw new AppError('not_found')
      const folder = OWN_FILE.test(file) ? ownFolder(videoId) : playFolder(videoId, runId)
      const cut = CAPTIONS.test(file) ? found.cut : undefined
      return { key: folder + file, expiresAt: granted?.expiresAt ?? null, cut }
    },
  }
}

type Opened = { key: string; expiresAt: number | null; cut: Cut | undefined }
type Asked = { grant: string; videoId: string; runId: string; file: string }

export type PlaybackService = ReturnType<typeof createPlayback>
