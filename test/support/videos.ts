import { createHash, randomUUID } from 'node:crypto'
import type { TestApp } from './app.ts'
import type { Person } from './person.ts'
import type { openSql } from './sql.ts'

type Sql = ReturnType<typeof openSql>
type Planted = {
  ownerId: string
  title?: string
  visibility?: 'public' | 'unlisted' | 'followers' | 'subscribers' | 'paid' | 'private'
  state?: 'draft' | 'uploading' | 'processing' | 'ready' | 'failed'
  /** From now; undefined for one that never came out. */
  publishedInMs?: number | null
  /** From now, where it is a premiere. */
  premiereInMs?: number
  width?: number
  height?: number
  durationMs?: number
}

/** A video as though it had been uploaded and processed; without files. */
export async function plantVideo(sql: Sql, planted: Planted): Promise<string> {
  const id = randomUUID()
  const { ownerId, title = 'A video', visibility = 'public', state = 'ready' } = planted
  const { publishedInMs = -60_000, width = 1920, height = 1080, durationMs = 120_000 } = planted
  const { premiereInMs } = planted
  const inMs = premiereInMs ?? publishedInMs
  const at = inMs === null ? null : new Date(Date.now() + inMs)
  const [isPremiere, scheduledFor] = premiereInMs === undefined ? [false, null] : [true, at]
  await sql`insert into videos (id, owner_id, title, visibility, state, published_at, duration_ms, width, height,
      is_premiere, scheduled_for)
    values (${id}, ${ownerId}, ${title}, ${visibility}, ${state}, ${at}, ${durationMs}, ${width}, ${height},
      ${isPremiere}, ${scheduledFor})`
  return id
}

type PlantedList = { ownerId: string; videoIds: string[]; title?: string; visibility?: string }

/** A list of videos, in this order. */
export async function plantPlaylist(sql: Sql, planted: PlantedList): Promise<string> {
  const id = randomUUID()
  const { ownerId, videoIds, title = 'A list', visibility = 'public' } = planted
  await sql`insert into playlists (id, owner_id, title, visibility) values (${id}, ${ownerId}, ${title}, ${visibility})`
  for (const [nth, videoId] of videoIds.entries())
    await sql`insert into playlist_items (playlist_id, video_id, position) values (${id}, ${videoId}, ${nth + 1})`
  return id
}

/** Bytes that are the same for the same seed and nowhere repeat, so that a piece in the wrong place shows. */
export function bytesOf(sizeBytes: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeBytes)
  const view = new DataView(bytes.buffer)
  let state = seed
  for (let i = 0; i + 4 <= sizeBytes; i += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    view.setUint32(i, state)
  }
  return bytes
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const encoded = (metadata: Record<string, string>) =>
  Object.entries(metadata)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',')

const RESUMABLE = { 'tus-resumable': '1.0.0' }

/** tus 1.0 by hand, as some program speaks it: answers are as they come. */
export function tusOf(app: Pick<TestApp, 'url'>, { bearer }: Pick<Person, 'bearer'>) {
  const headers = { ...RESUMABLE, ...(bearer && { authorization: `Bearer ${bearer}` }) }
  return {
    begin: (sizeBytes: number, metadata: Record<string, string> = {}, more: Record<string, string> = {}) =>
      fetch(`${app.url}/api/uploads`, {
        method: 'POST',
        headers: {
          ...headers,
          'upload-length': String(sizeBytes),
          'upload-metadata': encoded({ filename: 'holiday.mp4', ...metadata }),
          ...more,
        },
      }),
    send: (path: string, offset: number, body: Uint8Array<ArrayBuffer>, more: Record<string, string> = {}) =>
      fetch(`${app.url}${path}`, {
        method: 'PATCH',
        headers: {
          ...headers,
          'content-type': 'application/offset+octet-stream',
          'upload-offset': String(offset),
          ...more,
        },
        body,
      }),
    head: (path: string) => fetch(`${app.url}${path}`, { method: 'HEAD', headers }),
    end: (path: string) => fetch(`${app.url}${path}`, { method: 'DELETE', headers }),
    /** How much the server says that it has. */
    async offset(path: string): Promise<number> {
      const answer = await fetch(`${app.url}${path}`, { method: 'HEAD', headers })
      return Number(answer.headers.get('upload-offset') ?? Number.NaN)
    },
  }
}

/** The address of an upload that was begun. */
export const addressIn = (answer: Response): string => {
  const address = answer.headers.get('location')
  if (!address) throw new Error(`The upload was not begun: ${answer.status}.`)
  return address
}

/** The code of a problem, with its reason. */
export async function problemIn(answer: Response): Promise<string> {
  const { code, details } = (await answer.json()) as { code: string; details?: { reason?: string } }
  return [code, details?.reason].filter(Boolean).join(' ')
}
