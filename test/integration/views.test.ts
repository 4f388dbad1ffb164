import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { archive } from '../support/leaving.ts'
import type { Person } from '../support/person.ts'
import { openSql } from '../support/sql.ts'
import { outcome } from '../support/staff.ts'
import { until } from '../support/until.ts'
import { plantVideo } from '../support/videos.ts'
import { BROWSER, CRAWLER, connectionWith, type Reported, sessionAt, viewing } from '../support/watching.ts'

let app: TestApp
let sql: ReturnType<typeof openSql>
let owner: Person
let fan: Person
let videoId: string

beforeAll(async () => {
  app = await startApp({ COUNTRY_HEADER: 'x-country' })
  sql = openSql(app)
  ;[owner, fan] = await Promise.all([app.person('owner'), app.person('fan')])
  // Ten seconds, so that five are a view: that much may be watched before the first report.
  videoId = await plant()
})
afterAll(async () => {
  await sql?.[Symbol.asyncDispose]()
  await app?.[Symbol.asyncDispose]()
})

type Changes = Partial<Parameters<typeof plantVideo>[1]>
const plant = (changes: Changes = {}) =>
  plantVideo(sql, { ownerId: owner.account.id, durationMs: 10_000, ...changes })

const half = (id: string, changes: Partial<Reported> = {}) =>
  viewing(id, { sections: [[0, 5000]], positionMs: 5000, ...changes })

const views = async (id: string) =>
  (await owner.api.request('get /api/videos/{videoId}', { params: { videoId: id } })).video.views

/** Waits until everything that was reported so far is counted. */
const counted = () =>
  until('nothing to be left to count', async () => (await sql`select 1 from view_reports`).length === 0)

const overHttp = (id: string, headers: Record<string, string> = {}, report = half(id)) =>
  fetch(`${app.url}/api/videos/${id}/watching`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': BROWSER, ...headers },
    body: JSON.stringify(report),
  })

describe('watching', () => {
  test('over a socket is counted with country and device, told to who follows the counters, and stands in the history', async () => {
    using watching = await connectionWith(app, { 'user-agent': BROWSER, 'x-country': 'de' }, fan)
    const told = owner.follow(`counters:video:${videoId}`)
    await until('the counters', () => told.items.length > 0)
    expect(told.items.at(-1)).toEqual({ views: 0, likes: 0 })
    const report = half(videoId, { device: 'phone', referrer: 'search' })
    expect(await watching.call('watch:report', report)).toEqual({ isAccepted: true })
    await until('one view', () => told.items.at(-1)?.views === 1)
    expect(await views(videoId)).toBe(1)
    const rows = await sql`select country, device, referrer, watch_ms, account_id from video_views`
    expect([...rows]).toEqual([
      { country: 'DE', device: 'phone', referrer: 'search', watch_ms: 5000, account_id: fan.account.id },
    ])
    const { entries, nextCursor } = await fan.api.request('get /api/history', { query: {} })
    expect(entries).toMatchObject([
      { video: { id: videoId, owner: { handle: 'owner' } }, positionMs: 5000, isFinished: false },
    ])
    expect(nextCursor).toBeNull()
  })

  test('is counted once where it was told over a socket and once more by a page that closed', async () => {
    const id = await plant()
    using watching = await connectionWith(app, { 'user-agent': BROWSER })
    const report = half(id)
    await watching.call('watch:report', report)
    expect(await (await overHttp(id, {}, report)).json()).toEqual({ isAccepted: true })
    await until('one view', async () => (await views(id)) === 1)
    await counted()
    expect(await views(id)).toBe(1)
    const { analytics } = await owner.api.request('get /api/videos/{videoId}/analytics', {
      params: { videoId: id },
    })
    expect(analytics).toMatchObject({
      views: 1,
      watchMs: 5000,
      days: [{ views: 1, watchMs: 5000, viewers: 1 }],
      retention: null,
    })
  })

  test('by crawlers, programs and with API tokens is answered and counted nowhere', async () => {
    const id = await plant()
    const body = { name: 'Program', scopes: ['read' as const], expiresInDays: 1 }
    const { token } = await fan.api.request('post /api/account/tokens', { body })
    for (const headers of [
      { 'user-agent': CRAWLER },
      { 'user-agent': 'curl/8' },
      { authorization: `Bearer ${token}` },
    ])
      expect((await overHttp(id, headers)).status).toBe(200)
    await fan.connection.call('watch:report', half(id))
    await counted()
    expect(await views(id)).toBe(0)
    expect([...(await sql`select 1 from video_views where video_id = ${id}`)]).toEqual([])
  })

  test('what is not theirs to see is refused and nothing of it counts', async () => {
    const hidden = await plant({ visibility: 'private' })
    const early = await plant({ publishedInMs: 60_000 })
    const adult = await plant()
    await sql`update videos set is_age_restricted = true where id = ${adult}`
    using watching = await connectionWith(app, { 'user-agent': BROWSER })
    for (const id of [hidden, early, randomUUID()])
      expect(await outcome(watching.call('watch:report', half(id)))).toBe('not_found')
    expect(await outcome(watching.call('watch:report', half(adult)))).toMatch(/^forbidden/)
    expect((await overHttp(hidden)).status).toBe(404)
    expect((await overHttp(adult)).status).toBe(403)
    const ids = [hidden, early, adult]
    expect([...(await sql`select 1 from video_views where video_id = any(${ids})`)]).toEqual([])
    const topic = fan.follow(`counters:video:${hidden}`)
    await until('the refusal', () => topic.closed.length > 0)
    expect(topic.closed).toEqual(['not_found'])
    const analytics = fan.api.request('get /api/videos/{videoId}/analytics', { params: { videoId } })
    expect(await outcome(analytics)).toBe('not_found')
  })

  test('whoever follows its counters is put out when it is shut or deleted, and its owner stays', async () => {
    const edit = (id: string, body: object) =>
      owner.api.request('patch /api/videos/{videoId}', { params: { videoId: id }, body })
    const acts: ((id: string) => Promise<unknown>)[] = [
      (id) => edit(id, { visibility: 'private' }),
      (id) => edit(id, { scheduledFor: Date.now() + 3_600_000, visibility: 'private' }),
      (id) => edit(id, { isAgeRestricted: true }),
    ]
    for (const act of acts) {
      const id = await plant()
      const visitor = await app.visitor()
      const [theirs, own] = [visitor.follow(`counters:video:${id}`), owner.follow(`counters:video:${id}`)]
      await until('both to follow', () => theirs.items.length > 0 && own.items.length > 0)
      await act(id)
      await until('the visitor to be out', () => theirs.closed.length > 0)
      expect(theirs.closed).toEqual(['not_found'])
      expect(own.closed).toEqual([])
    }
    const id = await plant()
    const theirs = fan.follow(`counters:video:${id}`)
    await until('them to follow', () => theirs.items.length > 0)
    await owner.api.request('delete /api/videos/{videoId}', { params: { videoId: id } })
    await until('them to be out', () => theirs.closed.length > 0)
  })

  test('is forgotten with a video that is gone for good', async () => {
    const id = await plant()
    using watching = await connectionWith(app, { 'user-agent': BROWSER }, fan)
    await watching.call('watch:report', half(id))
    await counted()
    const rows = () => sql`select 1 from video_views where video_id = ${id} union all
      select 1 from video_viewers where video_id = ${id}`
    expect((await rows()).length).toBe(2)
    await sql`update videos set deleted_at = now() - interval '8 days' where id = ${id}`
    await sql`select graphile_worker.add_job('videos.sweep', '{}'::json)`
    await until('nothing to be left', async () => (await rows()).length === 0)
  })

  test('with a session that is old, malformed or has too many pieces is not taken', async () => {
    using watching = await connectionWith(app, { 'user-agent': BROWSER })
    const old = half(videoId, { sessionId: sessionAt(Date.now() - 2 * 86_400_000) })
    expect(await watching.call('watch:report', old)).toEqual({ isAccepted: false })
    for (const wrong of [
      half(videoId, { sessionId: randomUUID() }),
      half(videoId, { sections: Array.from({ length: 61 }, () => [0, 1000] as [number, number]) }),
      half(videoId, { sections: [[-5, 1000]] }),
      half(videoId, { positionMs: 2 ** 40 }),
    ])
      expect(await outcome(watching.call('watch:report', wrong))).toBe('invalid_input')
  })
})

describe('the history', () => {
  test('has pages, the last watched first, and loses what is removed, hidden or cleared', async () => {
    const person = await app.person('reader')
    const ids: string[] = []
    for (let i = 0; i < 30; i++) ids.push(await plant({ title: `Video ${i}` }))
    await sql`insert into watch_history (user_id, video_id, session_id, watched_at)
      select ${person.account.id}, id, gen_random_uuid(), date_trunc('milliseconds', now()) - make_interval(secs => nth)
      from unnest(${ids}::uuid[]) with ordinality as v(id, nth)`
    const list = (cursor?: string) =>
      person.api.request('get /api/history', { query: cursor === undefined ? {} : { cursor } })
    const first = await list()
    expect(first.entries.map(({ video }) => video.id)).toEqual(ids.slice(0, 24))
    const second = await list(first.nextCursor ?? '')
    expect(second.entries.map(({ video }) => video.id)).toEqual(ids.slice(24))
    expect(second.nextCursor).toBeNull()

    const [removed = '', hidden = '', kept = ''] = ids
    const params = { params: { videoId: removed } }
    for (let i = 0; i < 2; i++) await person.api.request('delete /api/history/{videoId}', params)
    await sql`update videos set visibility = 'private' where id = ${hidden}`
    const now = await list()
    expect(now.entries.map(({ video }) => video.id).slice(0, 2)).toEqual(ids.slice(2, 4))
    const positions = (videoIds: string) =>
      person.api.request('get /api/history/positions', { query: { videoIds } })
    expect((await positions([removed, kept].join())).positions).toMatchObject([{ videoId: kept }])
    expect(await outcome(positions('nothing'))).toBe('invalid_input')
    await person.api.request('delete /api/history')
    expect((await list()).entries).toEqual([])
    // Of others nothing.
    expect((await fan.api.request('get /api/history', { query: {} })).entries).toHaveLength(1)
  })

  test('is not kept while its owner pauses it, and an archive has what was', async () => {
    const set = (keepsHistory: boolean) =>
      fan.api.request('patch /api/preferences', { body: { keepsHistory } })
    expect((await set(false)).preferences.keepsHistory).toBe(false)
    const id = await plant({ title: 'Not kept' })
    using watching = await connectionWith(app, { 'user-agent': BROWSER }, fan)
    await watching.call('watch:report', half(id))
    await counted()
    expect(await views(id)).toBe(1)
    expect((await fan.api.request('get /api/history', { query: {} })).entries).toHaveLength(1)
    await set(true)
    const { json } = await archive(app, fan)
    expect(json('watch-history.json')).toMatchObject([
      { title: 'A video', channel: 'owner', positionMs: 5000 },
    ])
    expect(json('watch-sessions.json')).toMatchObject([{ videoId, watchMs: 5000, device: 'phone' }])
  })
})
