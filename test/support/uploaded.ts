import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createS3Storage } from '../../src/infra/files/s3.ts'
import type { TestApp } from './app.ts'
import { S3_SETTINGS, type TestS3 } from './s3.ts'
import { openSql } from './sql.ts'

type Uploaded = { id: string; state: string; runId: string; receivedBytes: number }

/** The video of an upload, as the database has it. */
export async function videoOf(app: TestApp, address: string): Promise<Uploaded> {
  await using sql = openSql(app)
  const [found] = await sql<Uploaded[]>`
    select v.id, v.state, u.run_id as "runId", u.offset_bytes::float8 as "receivedBytes"
    from video_uploads u join video_runs r on r.id = u.run_id join videos v on v.id = r.video_id
    where u.run_id = ${address.split('/').at(-1) ?? ''}`
  if (!found) throw new Error('There is no such upload.')
  return found
}

/** The objects of a test's S3 server. */
export const storageOf = (s3: Pick<TestS3, 'url'>) =>
  createS3Storage({ ...S3_SETTINGS, S3_URL: s3.url, S3_PATH_STYLE: true })

/** The file of an upload that is whole, as it was stored. */
export async function storedBytes(app: TestApp, s3: TestS3 | undefined, address: string): Promise<Buffer> {
  const { id, runId } = await videoOf(app, address)
  const key = `videos/${id}/${runId}/source.bin`
  if (!s3) return readFile(join(app.dir, 'files/objects', key))
  using storage = storageOf(s3)
  const parts: Uint8Array[] = []
  for await (const part of (await storage.read(key)).body) parts.push(part)
  return Buffer.concat(parts)
}
