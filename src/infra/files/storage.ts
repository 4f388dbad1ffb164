import { join } from 'node:path'
import type { Config } from '../../config.ts'
import type { ObjectStorage } from '../../core/ports.ts'
import { createLocalStorage } from './local.ts'
import { createS3Storage } from './s3.ts'

export type StorageSettings = Pick<
  Config,
  | 'DATA_DIR'
  | 'FILES_DIR'
  | 'S3_URL'
  | 'S3_BUCKET'
  | 'S3_REGION'
  | 'S3_ACCESS_KEY_ID'
  | 'S3_SECRET_ACCESS_KEY'
  | 'S3_PATH_STYLE'
>

/** Where files live: S3 where a bucket is set, else a folder. */
export async function openStorage(settings: StorageSettings): Promise<ObjectStorage & Partial<Disposable>> {
  const { S3_BUCKET } = settings
  return S3_BUCKET === undefined
    ? createLocalStorage(filesDir(settings))
    : createS3Storage({ ...settings, S3_BUCKET })
}

/** The folder of files, where they are not in S3. */
export const filesDir = ({ DATA_DIR, FILES_DIR }: Pick<StorageSettings, 'DATA_DIR' | 'FILES_DIR'>): string =>
  FILES_DIR ?? join(DATA_DIR, 'files')
