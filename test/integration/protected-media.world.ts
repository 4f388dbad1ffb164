import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { createMediaGrants } from '../../src/infra/access/tokens/media-grants.ts'
import { createLocalStorage } from '../../src/infra/files/local.ts'
import { startApp, type TestApp } from '../support/app.ts'
import type { Person } from '../support/person.ts'
import { openSql } from '../support/sql.ts'
import { plantVideo } from '../support/videos.ts'
import { FILES, isOwnFile, PRIVACIES, type Privacy, type Viewer } from './protected-media.table.ts'

export const SECRET = 'the secret that protected media are signed with'
export const COUNTRY_HEADER = 'x-country'
/** Half of the longest that a grant works. */
export const GRANT_SECONDS = 300

type Sql = ReturnType<typeof openSql>

/** A video with a run that is shown, one that was, and all their files. */
export type Planted = { id: string; runId: string; formerRunId: string }

export type MediaWorld = AsyncDisposable & {
  app: TestApp
  sql: Sql
  /** Who owns the video of each privacy: one account for all but what a private account made. */
  ownerOf(privacy: Privacy): Person
  video(privacy: Privacy): Planted
  plant(owner: Person, changes?: object): Promise<Planted>
  person(viewer: Viewer, privacy: Privacy): Person | undefined
  country(viewer: Viewer): string | undefined
  /** A grant in the name of a viewer, as the server signs it. */
  grant(
    viewer: Viewer,
    privacy: Privacy,
    options?: { agoMs?: number; secretKey?: string; videoId?: string },
  ): string
}

/** What a planted file has in it: nobody who is refused may see a byte of it. */
export const MARK = 'bytes of a protected file'

async function* bytes(text: string) {
  yield Buffer.from(text)
}

/** Makes a video ready, its files lying where the processing puts them. */
async function plantFiles(app: TestApp, sql: Sql, id: string): Promise<Planted> {
  const storage = await createLocalStorage(`${app.dir}/files`)
  const [runId, formerRunId] = [randomUUID(), randomUUID()]
  for (const run of [runId, formerRunId]) {
    const source = `videos/${id}/${run}/source.bin`
    await sql`insert into video_runs (id, video_id, state, file_name, source_key, size_bytes)
      values (${run}, ${id}, 'ready', 'a.mp4', ${source}, 10)`
    for (const key of [source, source.replace('.bin', '.mp4')]) await storage.put(key, bytes(MARK))
    for (const file of FILES)
      await storage.put(
        isOwnFile(file) ? `videos/${id}/own/${file}` : `videos/${id}/${run}/play/${file}`,
        bytes(`${MARK} ${file}`),
      )
  }
  await sql`update videos set run_id = ${runId} where id = ${id}`
  return { id, runId, formerRunId }
}

const HOUR_MS = 3_600_000

/** How the videos differ. */
const PLANTED: Record<Privacy, object> = {
  public: {},
  unlisted: { visibility: 'unlisted' },
  followers: { visibility: 'followers' },
  subscribers: { visibility: 'subscribers' },
  paid: { visibility: 'paid' },
  private: { visibility: 'private' },
  scheduled: { publishedInMs: HOUR_MS },
  unpublished: { publishedInMs: null },
  ...{ deleted: {}, adult: {}, deniedInFrance: {}, onlyInGermany: {}, ofPrivate: {} },
}

const MADE: Partial<Record<Privacy, (sql: Sql, id: string) => Promise<unknown>>> = {
  deleted: (sql, id) => sql`update videos set deleted_at = now() where id = ${id}`,
  adult: (sql, id) => sql`update videos set is_age_restricted = true where id = ${id}`,
  deniedInFrance: (sql, id) => sql`update videos set denied_countries = '{FR}' where id = ${id}`,
  onlyInGermany: (sql, id) => sql`update videos set allowed_countries = '{DE}' where id = ${id}`,
}

/** A running server with a video of each privacy, and people who stand in each relation to their owners. */
export async function startMediaWorld(env: Record<string, string> = {}): Promise<MediaWorld> {
  const app = await startApp({
    ...{ SECRET_KEY: SECRET, COUNTRY_HEADER, MEDIA_GRANT_SECONDS: String(GRANT_SECONDS), ...env },
  })
  const sql = openSql(app)
  const names = ['owner', 'shut_owner', 'stranger', 'modest', 'follower', 'blocked', 'blocker', 'suspended']
  const people = new Map<string, Person>()
  for (const name of [...names, 'moderator']) people.set(name, await app.person(`the_${name}`))
  const named = (name: string) => people.get(name) as Person
  const idOf = (name: string) => named(name).account.id
  for (const owner of ['owner', 'shut_owner']) {
    await sql`insert into follows (follower_id, followee_id) values (${idOf('follower')}, ${idOf(owner)})`
    await sql`insert into blocks (blocker_id, blocked_id)
      values (${idOf(owner)}, ${idOf('blocked')}), (${idOf('blocker')}, ${idOf(owner)})`
  }
  await sql`update users set followers_count = 1 where id in (${idOf('owner')}, ${idOf('shut_owner')})`
  await sql`update users set following_count = 2 where id = ${idOf('follower')}`
  await sql`insert into account_privacy (user_id, is_private) values (${idOf('shut_owner')}, true)`
  await sql`insert into account_sanctions (account_id, kind, reason) values (${idOf('suspended')}, 'suspended', 'For the test')`
  await sql`update users set role = 'moderator' where id = ${idOf('moderator')}`
  await named('modest').api.request('patch /api/preferences', { body: { sensitiveContent: 'hide' } })

  const ownerOf = (privacy: Privacy) => named(privacy === 'ofPrivate' ? 'shut_owner' : 'owner')
  const plant = async (owner: Person, changes: object = {}) =>
    plantFiles(app, sql, await plantVideo(sql, { ownerId: owner.account.id, ...changes }))
  const planted = new Map<Privacy, Planted>()
  for (const privacy of PRIVACIES) {
    const video = await plant(ownerOf(privacy), PLANTED[privacy])
    await MADE[privacy]?.(sql, video.id)
    planted.set(privacy, video)
  }
  const video = (privacy: Privacy) => planted.get(privacy) as Planted
  const person = (viewer: Viewer, privacy: Privacy) => {
    if (viewer === 'anonymous') return undefined
    if (viewer === 'owner') return ownerOf(privacy)
    return named(viewer === 'abroad' ? 'stranger' : viewer)
  }
  const country = (viewer: Viewer) => (viewer === 'anonymous' ? undefined : viewer === 'abroad' ? 'FR' : 'DE')
  return {
    ...{ app, sql, ownerOf, video, plant, person, country },
    grant(viewer, privacy, { agoMs = 0, secretKey = SECRET, videoId = video(privacy).id } = {}) {
      const clock = { nowMs: () => Date.now() - agoMs }
      const grants = createMediaGrants({ secretKey, clock, lifeMs: GRANT_SECONDS * 1000 })
      const viewerId = person(viewer, privacy)?.account.id
      return grants.sign({ viewerId, country: country(viewer), videoId }).grant
    },
    async [Symbol.asyncDispose]() {
      await sql.end()
      await app[Symbol.asyncDispose]()
    },
  }
}

export type Answer = { status: number; headers: Record<string, string | string[] | undefined>; text: string }

/** Asks for a path as it stands, which browsers and `fetch` would tidy up first. */
export function ask(
  { url }: Pick<TestApp, 'url'>,
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const asked = request({ hostname, port, path, method, headers }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text: Buffer.concat(parts).toString(),
        }),
      )
    })
    asked.on('error', reject)
    asked.end()
  })
}

/** `ok`, or code and reason of a refusal. Throws where a refusal has bytes of a file or may be kept by a cache, and on a redirection. */
export function outcomeOf({ status, headers, text }: Answer): string {
  if ((status >= 200 && status < 300) || status === 304) return 'ok'
  if (status < 400 || headers.location !== undefined) throw new Error(`It leads to ${headers.location}.`)
  if (text.includes(MARK)) throw new Error(`A refusal with ${status} has the file in it.`)
  if (headers['cache-control'] !== 'no-store')
    throw new Error(`A refusal is kept: ${headers['cache-control']}.`)
  if (headers.etag !== undefined) throw new Error('A refusal tells of the file.')
  if (text === '') return String(status)
  const { code, details } = JSON.parse(text) as { code: string; details?: { reason?: string } }
  return [code, details?.reason].filter(Boolean).join(' ')
}
