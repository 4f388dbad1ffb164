import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type MetadataValue, S3Store } from '@tus/s3-store'
import { type DataStore, ERRORS, type Upload } from '@tus/server'
import { LRUCache } from 'lru-cache'
import { cutIntoParts, type PartFile } from './parts.ts'
import { clientSettings, type S3Settings } from './s3.ts'

/** Of so many uploads a process remembers the number that S3 gave them; of others it is read anew. */
const REMEMBERED_MAX = 1000

/** Files that arrive in pieces and become the parts of an object; each part waits in `dir` until all of it is there. */
export const createS3Incoming = (settings: S3Settings, dir: string): DataStore =>
  new PartsInOrder(settings, dir)

/**
 * The store of tus, but for how it sends parts. That sends several of an upload at once, in turns that all uploads of a process
 * share: one that fails leaves a gap which counts as filled, and a few slow senders hold up everybody. Here an upload sends
 * one part after the other, while the next one arrives, so that what S3 has is always the beginning of the file. And a file
 * of which all parts are there is made whole by whoever asks for it next, should that have failed.
 */
class PartsInOrder extends S3Store {
  readonly #dir: string

  constructor(settings: S3Settings, dir: string) {
    const remembered = new LRUCache<string, MetadataValue>({ max: REMEMBERED_MAX })
    super({
      s3ClientConfig: { bucket: settings.S3_BUCKET, ...clientSettings(settings) },
      cache: {
        get: async (id) => remembered.get(id),
        set: async (id, value) => void remembered.set(id, value),
        delete: async (id) => void remembered.delete(id),
      },
    })
    this.#dir = dir
  }

  protected override async uniqueTmpFileName(): Promise<string> {
    return join(this.#dir, randomUUID())
  }

  /** Sends what comes, the first part as `number`, which begins at byte `offset`; answers how many bytes S3 has got. */
  protected override async uploadParts(
    metadata: MetadataValue,
    stream: Readable,
    number: number,
    offset: number,
  ): Promise<number> {
    let sentBytes = 0
    let sending = Promise.resolve()
    const send = async (part: PartFile, nth: number) => {
      await this.#send(metadata, part, nth, offset + sentBytes)
      sentBytes += part.sizeBytes
    }
    try {
      let nth = number
      for await (const part of cutIntoParts(
        stream,
        this.calcOptimalPartSize(metadata.file.size),
        this.#dir,
      )) {
        const former = sending
        sending = former.then(
          () => send(part, nth++),
          (error: unknown) => rm(part.path, { force: true }).then(() => Promise.reject(error)),
        )
        // Nothing more is received; left to itself, the stream would end as though its sender had gone.
        sending.catch((error: Error) => stream.destroy(error))
        await former
      }
    } finally {
      // Whoever comes next must not find something under way.
      await sending
    }
    return sentBytes
  }

  async #send(metadata: MetadataValue, part: PartFile, number: number, offset: number): Promise<void> {
    const bytes = createReadStream(part.path)
    try {
      const isLast = offset + part.sizeBytes === metadata.file.size
      if (part.sizeBytes >= this.minPartSize || isLast) await this.uploadPart(metadata, bytes, number)
      else await this.uploadIncompletePart(metadata.file.id, bytes)
    } finally {
      bytes.destroy()
      await rm(part.path, { force: true })
    }
  }

  protected override async finishMultipartUpload(
    metadata: MetadataValue,
    parts: Parameters<S3Store['finishMultipartUpload']>[1],
  ): Promise<string | undefined> {
    const sizeBytes = parts.reduce((sum, { Size = 0 }) => sum + Size, 0)
    // Two that wrote at once, as the locks of one were lost, may have left parts that do not fit together.
    if (sizeBytes !== metadata.file.size)
      throw new Error(`The parts of an upload have ${sizeBytes} bytes, and not ${metadata.file.size}.`)
    return super.finishMultipartUpload(metadata, parts)
  }

  override async getUpload(id: string): Promise<Upload> {
    const upload = await super.getUpload(id)
    if (upload.offset !== upload.size || (await this.#isWhole(id, upload.size))) return upload
    // All parts came, and then S3 or a process failed. Or S3 has forgotten them, as a rule of the bucket may say.
    const parts = await this.retrieveParts(id).catch(orMissing([]))
    if (parts.length > 0)
      await this.finishMultipartUpload(await this.getMetadata(id), parts).catch(orMissing(undefined))
    if (await this.#isWhole(id, upload.size)) return upload
    throw ERRORS.FILE_NO_LONGER_EXISTS
  }

  async #isWhole(id: string, sizeBytes: number): Promise<boolean> {
    const found = await this.client
      .headObject({ Bucket: this.bucket, Key: id })
      .catch(orMissing({ ContentLength: undefined }))
    return found.ContentLength === sizeBytes
  }
}

/** How services say that there is no such object or upload. */
const MISSING = ['NotFound', 'NoSuchKey', 'NoSuchUpload']

const orMissing =
  <T>(value: T) =>
  (error: unknown): T => {
    if (MISSING.includes((error as { name?: string }).name ?? '')) return value
    throw error
  }
