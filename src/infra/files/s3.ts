import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { AppError } from '../../core/errors.ts'
import type { ByteRange, ObjectStorage } from '../../core/ports.ts'
import { SECOND_MS } from '../../core/time.ts'
import { checkKey, checkPrefix, contentTypeOf, LIST_MAX } from './keys.ts'
import { watchSource } from './local.ts'

export type S3Settings = {
  S3_URL?: string | undefined
  S3_BUCKET: string
  S3_REGION: string
  S3_ACCESS_KEY_ID?: string | undefined
  S3_SECRET_ACCESS_KEY?: string | undefined
  S3_PATH_STYLE: boolean
}

/** S3 takes 10,000 parts an object: with these it may have 80 GB. Two are under way at once, so a put holds 24 MB. */
const PART_BYTES = 8 * 1024 * 1024
const PARTS_AT_ONCE = 2
const CONNECT_MS = 5 * SECOND_MS
/** Without a byte for so long, a connection is dead. */
const SILENCE_MS = 30 * SECOND_MS

/** Objects of one bucket of a service that speaks S3; see `ObjectStorage`. */
export function createS3Storage(settings: S3Settings): ObjectStorage & Disposable {
  const Bucket = settings.S3_BUCKET
  const s3 = new S3Client(clientSettings(settings))

  async function keysOf(prefix: string, after: string | undefined, limit: number): Promise<string[]> {
    const found = await s3.send(
      new ListObjectsV2Command({
        ...{ Bucket, Prefix: prefix, MaxKeys: Math.min(limit, LIST_MAX) },
        ...(after && { StartAfter: after }),
      }),
    )
    return (found.Contents ?? []).flatMap(({ Key }) => Key ?? [])
  }

  return {
    async put(key, body) {
      checkKey(key)
      const source = watchSource(body)
      const upload = new Upload({
        client: s3,
        // A part that could not be sent is taken back, so that nobody pays for it.
        leavePartsOnError: false,
        partSize: PART_BYTES,
        queueSize: PARTS_AT_ONCE,
        params: { Bucket, Key: key, ContentType: contentTypeOf(key), Body: streamOf(source.bytes) },
      })
      await guarded(() => upload.done(), source)
    },

    async read(key, range) {
      checkKey(key)
      const ask = { Bucket, Key: key, ...(range && { Range: rangeHeader(range) }) }
      const found = await guarded(() => s3.send(new GetObjectCommand(ask)))
      const sizeBytes = Number(found.ContentRange?.split('/')[1] ?? found.ContentLength ?? 0)
      const start = range?.start ?? 0
      const end = start + (found.ContentLength ?? 0) - 1
      return {
        ...{ key, sizeBytes, contentType: contentTypeOf(key), etag: found.ETag ?? '' },
        range: sizeBytes === 0 ? undefined : { start, end },
        body: found.Body as Readable,
      }
    },

    async head(key) {
      checkKey(key)
      const found = await guarded(() => s3.send(new HeadObjectCommand({ Bucket, Key: key })))
      const { ContentLength: sizeBytes = 0, ETag: etag = '' } = found
      return { key, sizeBytes, contentType: contentTypeOf(key), etag }
    },

    async delete(key) {
      checkKey(key)
      await guarded(() => s3.send(new DeleteObjectCommand({ Bucket, Key: key })))
    },

    async deletePrefix(prefix) {
      checkPrefix(prefix)
      await guarded(async () => {
        for (;;) {
          const keys = await keysOf(prefix, undefined, LIST_MAX)
          if (keys.length === 0) return
          const Delete = { Quiet: true, Objects: keys.map((Key) => ({ Key })) }
          const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete }))
          // Else the same page would come for ever.
          if (Errors.length > 0) throw new AppError('unavailable', undefined, { reason: Errors[0]?.Code })
        }
      })
    },

    async list(prefix, { after, limit = LIST_MAX } = {}) {
      checkPrefix(prefix)
      return guarded(() => keysOf(prefix, after, limit))
    },

    [Symbol.dispose]: () => s3.destroy(),
  }
}

/** How the service is reached; parts of uploads go the same way. */
export function clientSettings(settings: S3Settings): S3ClientConfig {
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = settings
  return {
    region: settings.S3_REGION,
    forcePathStyle: settings.S3_PATH_STYLE,
    ...(settings.S3_URL && { endpoint: settings.S3_URL }),
    // Without keys the SDK finds those of the machine it runs on.
    ...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey } }),
    // Services other than Amazon's refuse the checksums that newer SDKs add by themselves.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // `requestTimeout` would be for the whole of a request, and only writes a warning.
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
  }
}

/** Takes a chunk of a source when it is wanted: left alone, a stream has sixteen in its hands, of whatever size. */
const streamOf = (bytes: AsyncIterable<Uint8Array>) => Readable.from(bytes, { highWaterMark: 1 })

const rangeHeader = ({ start, end }: ByteRange) => `bytes=${start}-${end ?? ''}`

/** What S3 answered in the words of our table; errors of a source that was read as they are. */
async function guarded<T>(work: () => Promise<T>, source?: { failure(): unknown }): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const failure = source?.failure()
    if (failure !== undefined) throw failure
    if (error instanceof AppError) throw error
    const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } }
    const status = $metadata?.httpStatusCode
    if (status === 416) throw new AppError('invalid_input', 'The file has no such part.')
    const code = status === 404 && name !== 'NoSuchBucket' ? 'not_found' : 'unavailable'
    throw new AppError(code, undefined, undefined, { cause: error })
  }
}
