import { LRUCache } from 'lru-cache'
import type { ObjectStorage } from '../../core/ports.ts'
import { readCues, writeCues } from '../../infra/transcoding/captions/cues.ts'
import { cutCues } from '../../infra/transcoding/captions/cut.ts'
import type { Cut } from '../../infra/transcoding/model.ts'

/** Captions of a film have 200 KB: those of some eighty films, or of four as long as they may be. */
const KEPT_MAX_BYTES = 16 * 1024 * 1024

type Storage = Pick<ObjectStorage, 'read'>

/**
 * Captions for a part of a video. They are stored once, in times of the whole file, so that nothing has to be made anew when
 * another part is shown. No file of captions ever changes; what was read is kept, as many ask for the same.
 */
export function createCutCaptions(storage: Storage) {
  const kept = new LRUCache<string, Buffer<ArrayBuffer>, { key: string; cut: Cut }>({
    maxSize: KEPT_MAX_BYTES,
    sizeCalculation: (bytes) => bytes.length,
    async fetchMethod(_name, _stale, { context: { key, cut } }) {
      const { body } = await storage.read(key)
      const parts: Uint8Array[] = []
      for await (const part of body) parts.push(part)
      return Buffer.from(writeCues(cutCues(readCues(Buffer.concat(parts)), cut)))
    },
  })

  /** WebVTT. Errors: those of the storage. */
  return async (key: string, cut: Cut): Promise<Buffer<ArrayBuffer>> =>
    await kept.forceFetch(`${key} ${cut.startMs} ${cut.endMs}`, { context: { key, cut } })
}
