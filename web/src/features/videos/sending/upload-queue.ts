import { DetailedError, Upload } from 'tus-js-client'
import { newClientId } from '../../../data/calls/client-id.ts'
import { createSpeed } from './speed.ts'
import { failureOf, isPassing, type UploadFailure } from './upload-failure.ts'

/** More at once are no faster, and end later. */
const AT_ONCE = 2
/** While a server restarts, and over a tunnel: two minutes in all, then a person is asked. */
const RETRY_MS = [0, 1000, 2000, 4000, 8000, 15_000, 30_000, 60_000]

/** One file on its way. */
export type Sending = {
  id: string
  fileName: string
  sizeBytes: number
  sentBytes: number
  bytesPerSecond: number | undefined
  state: 'waiting' | 'sending' | 'paused' | 'failed' | 'done'
  /** The video whose file it replaces; undefined for a new one. */
  videoId: string | undefined
  /** Of the upload, once the server has begun it. */
  runId: string | undefined
  failure: UploadFailure | undefined
}

type Entry = { sending: Sending; upload: Upload; speed: ReturnType<typeof createSpeed> }

export type UploadQueue = {
  sendings(): readonly Sending[]
  onChange(listener: () => void): () => void
  /** Sends files, as many at once as is good; a file that was begun before goes on where it was. */
  add(files: readonly File[], metadata?: Record<string, string>): void
  pause(id: string): void
  resume(id: string): void
  /** Gives an upload up, here and at the server. */
  cancel(id: string): Promise<void>
  /** Takes one from the list that is over. */
  forget(id: string): void
  /** Stops everything and forgets it: whoever sent it has left. */
  clear(): void
}

/** Files that this page sends; they go on whichever page is shown. */
export function createUploadQueue(): UploadQueue {
  let entries: Entry[] = []
  let shown: readonly Sending[] = []
  const listeners = new Set<() => void>()

  function changed(): void {
    shown = entries.map(({ sending }) => sending)
    for (const listener of listeners) listener()
  }

  function update(id: string, changes: Partial<Sending>): void {
    const entry = entries.find(({ sending }) => sending.id === id)
    if (!entry) return
    entry.sending = { ...entry.sending, ...changes }
    changed()
  }

  /** Begins those that wait, as far as there is room. */
  function next(): void {
    const isBusy = ({ sending }: Entry) => sending.state === 'sending'
    for (const entry of entries) {
      if (entries.filter(isBusy).length >= AT_ONCE) return
      if (entry.sending.state === 'waiting') void begin(entry)
    }
  }

  async function begin({ upload, sending: { id } }: Entry): Promise<void> {
    update(id, { state: 'sending', failure: undefined })
    if (upload.url === null) {
      const [former] = await upload.findPreviousUploads().catch(() => [])
      if (former) upload.resumeFromPreviousUpload(former)
    }
    if (entries.find(({ sending }) => sending.id === id)?.sending.state === 'sending') upload.start()
  }

  function make(file: File, metadata: Record<string, string>): Entry {
    const id = newClientId()
    const speed = createSpeed()
    const upload = new Upload(file, {
      endpoint: '/api/uploads',
      metadata: { filename: file.name, ...metadata },
      retryDelays: RETRY_MS,
      removeFingerprintOnSuccess: true,
      fingerprint: (sent) => Promise.resolve(fingerprintOf(sent as File, metadata.videoId)),
      onShouldRetry: (error) => isPassing(error instanceof DetailedError ? error.originalResponse : null),
      onUploadUrlAvailable: () => update(id, { runId: upload.url?.split('/').at(-1) }),
      onProgress(sentBytes) {
        speed.add({ atMs: performance.now(), bytes: sentBytes })
        update(id, { sentBytes, bytesPerSecond: speed.bytesPerSecond() })
      },
      onSuccess() {
        update(id, { state: 'done', sentBytes: file.size, bytesPerSecond: undefined })
        next()
      },
      onError(error) {
        const answer = error instanceof DetailedError ? error.originalResponse : null
        update(id, { state: 'failed', failure: failureOf(answer), bytesPerSecond: undefined })
        next()
      },
    })
    const sending: Sending = {
      ...{ id, fileName: file.name, sizeBytes: file.size, sentBytes: 0, state: 'waiting' },
      videoId: metadata.videoId,
      ...{ runId: undefined, bytesPerSecond: undefined, failure: undefined },
    }
    return { sending, upload, speed }
  }

  function drop(id: string): void {
    entries = entries.filter(({ sending }) => sending.id !== id)
    changed()
    next()
  }
  const find = (id: string) => entries.find(({ sending }) => sending.id === id)

  return {
    sendings: () => shown,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    add(files, metadata = {}) {
      entries = [...entries, ...files.map((file) => make(file, metadata))]
      changed()
      next()
    },
    pause(id) {
      const entry = find(id)
      entry?.speed.clear()
      update(id, { state: 'paused', bytesPerSecond: undefined })
      void entry?.upload.abort()
      next()
    },
    resume(id) {
      update(id, { state: 'waiting' })
      next()
    },
    async cancel(id) {
      const entry = find(id)
      update(id, { state: 'paused' })
      await entry?.upload.abort(true)
      drop(id)
    },
    forget: drop,
    clear() {
      for (const { upload } of entries) void upload.abort()
      entries = []
      changed()
    },
  }
}

/** By which an upload that was begun is found again: the same file for another video is another upload. */
const fingerprintOf = ({ name, type, size, lastModified }: File, videoId = 'new'): string =>
  ['flow', name, type, size, lastModified, videoId].join('-')
