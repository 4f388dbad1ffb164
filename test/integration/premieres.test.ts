import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOUR_MS } from '../../src/core/time.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { makeVideo, manage, upload } from '../support/made-videos.ts'
import { clientId, type Person } from '../support/person.ts'
import { setPrivacy } from '../support/privacy.ts'
import { openSql } from '../support/sql.ts'
import { outcome } from '../support/staff.ts'
import { until } from '../support/until.ts'
import { plantVideo } from '../support/videos.ts'
import { viewing } from '../support/watching.ts'

const WHO = ['owner', 'follower', 'stranger', 'blocked', 'visitor'] as const
type Who = (typeof WHO)[number]

let app: TestApp
let people: Record<Who, Person>

beforeAll(async () => {
  app = await startApp()
  const named = ['owner', 'follower', 'stranger', 'blocked'] as const
  const entered = await Promise.all(named.map(async (who) => [who, await app.person(who)] as const))
  people = { ...Object.fromEntries(entered), visitor: await app.visitor() } as typeof people
  const { owner, follower, blocked } = people
  await follower.connection.call('follow:add', { accountId: owner.account.id })
  await owner.connection.call('block:add', { accountId: blocked.account.id })
})
afterAll(() => app[Symbol.asyncDispose]())

type Planted = Partial<Parameters<typeof plantVideo>[1]>

const plant = async (planted: Planted = {}): Promise<string> => {
  await using sql = openSql(app)
  return await plantVideo(sql, { ownerId: people.owner.account.id, publishedInMs: null, ...planted })
}
const edit = async (videoId: string, body: object, who: Person = people.owner) =>
  (await who.api.request('patch /api/videos/{videoId}', { params: { videoId }, body })).video
const announce = (videoId: string, inMs = HOUR_MS, body: object = {}) =>
  edit(videoId, { isPremiere: true, scheduledFor: Date.now() + inMs, ...body })
const pageOf = (videoId: string, who: Person) =>
  who.api.request('get /api/videos/{videoId}', { params: { videoId } })
const playbackOf = (videoId: string, who: Person) =>
  who.api.request('get /api/videos/{videoId}/playback', { params: { videoId } })
const upcoming = async (who: Person, handle?: string) => {
  const query = handle === undefined ? {} : { handle }
  const { premieres } = await who.api.request('get /api/videos/premieres', { query })
  return premieres.map(({ id }) => id)
}
const joins = async (who: Person, topic: `premiere:${string}` | `counters:video:${string}`) => {
  const { topics } = await who.connection.call('topic:join', { topics: [{ topic }] })
  const [joined] = topics
  await who.connection.call('topic:leave', { topics: [topic] })
  return joined && 'error' in joined ? joined.error.code : 'done'
}
/** Who of them gets what is asked for. */
const those = async (ask: (who: Person) => Promise<unknown>): Promise<Who[]> => {
  const got = await Promise.all(WHO.map(async (who) => (await outcome(ask(people[who]))) === 'done'))
  return WHO.filter((_, i) => got[i])
}

describe('before its time', () => {
  test.each([
    ['public', ['owner', 'follower', 'stranger', 'visitor'], true],
    ['unlisted', ['owner', 'follower', 'stranger', 'visitor'], false],
    ['followers', ['owner', 'follower'], false],
    ['private', ['owner'], false],
  ] as const)('the page of a %s one is there for %j', async (visibility, seeing, hasChat) => {
    const videoId = await plant({ visibility })
    await edit(videoId, { scheduledFor: Date.now() + HOUR_MS })
    expect(await those((who) => pageOf(videoId, who)), 'without a premiere').toEqual(['owner'])
    const { scheduledFor } = await announce(videoId)
    expect(await those((who) => pageOf(videoId, who))).toEqual(seeing)
    for (const who of WHO) {
      const isSeeing = (seeing as readonly Who[]).includes(who)
      expect(await joins(people[who], `premiere:${videoId}`), who).toBe(isSeeing ? 'done' : 'not_found')
    }
    if (visibility === 'private') return
    const { video, serverNow } = await pageOf(videoId, people.follower)
    expect(video.premiere).toMatchObject({
      ...{ startsAt: scheduledFor, endsAt: (scheduledFor ?? 0) + 120_000 },
      chatStreamId: hasChat ? people.owner.account.streamId : null,
    })
    expect(video).toMatchObject({ publishedAt: scheduledFor, media: null, captions: [], previewUrl: null })
    expect(Math.abs(serverNow - Date.now())).toBeLessThan(HOUR_MS)
  })

  test('it is listed for whom its channel lists it, and on no list of what can be watched', async () => {
    const open = await plant({ visibility: 'public' })
    const closed = await plant({ visibility: 'followers' })
    const hidden = await plant({ visibility: 'unlisted' })
    for (const id of [open, closed, hidden]) await announce(id)
    const listed = async (who: Person, handle?: string) =>
      (await upcoming(who, handle)).filter((id) => [open, closed, hidden].includes(id))
    expect(await listed(people.stranger)).toEqual([open])
    expect(await listed(people.visitor)).toEqual([open])
    expect(await listed(people.blocked)).toEqual([])
    expect(await listed(people.stranger, 'owner')).toEqual([open])
    expect(await listed(people.follower, 'owner')).toEqual([open, closed])
    expect(await outcome(upcoming(people.blocked, 'owner'))).toBe('not_found')
    expect(await outcome(upcoming(people.stranger, 'nobody_at_all'))).toBe('not_found')
    await people.stranger.connection.call('block:add', { accountId: people.follower.account.id })
    expect(await outcome(upcoming(people.stranger, 'follower'))).toBe('forbidden blocked')
    const newest = await people.follower.api.request('get /api/videos', { query: {} })
    const channel = await people.follower.api.request('get /api/accounts/{handle}/videos', {
      params: { handle: 'owner' },
      query: {},
    })
    for (const { videos } of [newest, channel])
      expect(videos.map(({ id }) => id)).not.toEqual(expect.arrayContaining([open]))
  })

  test('it is neither played nor counted by anybody but its owner', async () => {
    const videoId = await plant({ visibility: 'public' })
    const { scheduledFor } = await announce(videoId)
    const refused = await playbackOf(videoId, people.stranger).catch((error: unknown) => error)
    expect(refused).toMatchObject({
      code: 'conflict',
      details: { reason: 'premiere', startsAt: scheduledFor },
    })
    expect(await outcome(playbackOf(videoId, people.owner))).toBe('conflict not_ready')
    const report = () => people.stranger.connection.call('watch:report', viewing(videoId))
    expect(await outcome(report())).toBe('not_found')
    expect(await joins(people.stranger, `counters:video:${videoId}`)).toBe('not_found')
    const list = await people.owner.api.request('post /api/playlists', {
      body: { clientId: clientId(), title: 'A list', visibility: 'public' },
    })
    const params = { playlistId: list.playlist.id, videoId }
    await people.owner.api.request('put /api/playlists/{playlistId}/videos/{videoId}', { params, body: {} })
    const seen = await people.stranger.api.request('get /api/playlists/{playlistId}', {
      params: { playlistId: list.playlist.id },
      query: {},
    })
    expect(JSON.stringify(seen)).not.toContain(videoId)
  })

  test('its rules keep out whom they will keep out then', async () => {
    const videoId = await plant({ visibility: 'public' })
    await announce(videoId, HOUR_MS, { isAgeRestricted: true })
    expect(await outcome(pageOf(videoId, people.visitor))).toBe('forbidden age')
    expect(await outcome(pageOf(videoId, people.stranger))).toBe('done')
  })
})

describe('its owner', () => {
  test.each([
    ['without a time', { isPremiere: true }, 'conflict time'],
    ['at a time that is over', { isPremiere: true, scheduledFor: 1 }, 'conflict time'],
    ['at a time to come', { isPremiere: true, scheduledFor: Date.now() + HOUR_MS }, 'done'],
  ])('plans it %s: %s → %s', async (_what, body, expected) => {
    expect(await outcome(edit(await plant(), body))).toBe(expected)
  })

  test('plans none of what is out, nor moves one that has begun', async () => {
    const out = await plant({ publishedInMs: -1000 })
    expect(await outcome(announce(out))).toBe('conflict out')
    const begun = await plant({ premiereInMs: -1000 })
    expect(await outcome(edit(begun, { scheduledFor: Date.now() + HOUR_MS }))).toBe('conflict out')
    expect(await outcome(edit(begun, { title: 'Another title' }))).toBe('done')
    expect(await outcome(announce(begun, HOUR_MS, { title: 'Theirs' }))).toBe('conflict out')
  })

  test('alone plans it', async () => {
    const videoId = await plant()
    const body = { isPremiere: true, scheduledFor: Date.now() + HOUR_MS }
    expect(await outcome(edit(videoId, body, people.stranger))).toBe('not_found')
  })

  test('moves it and changes what it is about, and all pages that wait are told', async () => {
    const videoId = await plant({ visibility: 'public' })
    await announce(videoId)
    const told = [people.follower, people.visitor].map((who) => who.follow(`premiere:${videoId}`))
    const all = (what: string, isSo: (item: (typeof told)[0]['items'][0]) => boolean) =>
      until(what, () => told.every(({ items }) => items.some(isSo)))
    const { premiere } = (await pageOf(videoId, people.visitor)).video
    await all('what is so', ({ version }) => version === premiere?.version)
    const at = Date.now() + 2 * HOUR_MS
    await edit(videoId, { scheduledFor: at })
    await all('the other time', ({ startsAt, endsAt }) => startsAt === at && endsAt === at + 120_000)
    const moved = (await pageOf(videoId, people.visitor)).video.premiere
    await edit(videoId, { title: 'Another title' })
    await all('the other title', ({ startsAt, version }) => startsAt === at && version !== moved?.version)
    for (const { closed } of told) expect(closed).toEqual([])
  })

  test.each([
    ['private', { visibility: 'private' }],
    ['no premiere, and scheduled', { isPremiere: false }],
    ['deleted', undefined],
  ])('calls it off, and all pages are put out: %s', async (_what, body) => {
    const videoId = await plant({ visibility: 'public' })
    await announce(videoId)
    const told = [people.follower, people.visitor].map((who) => who.follow(`premiere:${videoId}`))
    await until('both to be there', () => told.every(({ items }) => items.length > 0))
    if (body) await edit(videoId, body)
    else await people.owner.api.request('delete /api/videos/{videoId}', { params: { videoId } })
    await until('both to be put out', () => told.every(({ closed }) => closed.includes('not_found')))
    expect(await those((who) => pageOf(videoId, who))).toEqual(body ? ['owner'] : [])
    expect(await upcoming(people.visitor)).not.toContain(videoId)
  })

  test('lets it come out at once by taking its time away: those who waited may watch', async () => {
    const videoId = await plant({ visibility: 'public' })
    await announce(videoId)
    const told = people.visitor.follow(`premiere:${videoId}`)
    await until('the topic', () => told.items.length > 0)
    expect(await edit(videoId, { scheduledFor: null })).toMatchObject({ isPremiere: false })
    await until('the news', () => told.items.at(-1)?.startsAt === null)
    expect(told.closed).toEqual([])
    const { video } = await pageOf(videoId, people.visitor)
    expect(video.premiere).toBeNull()
    expect(video.publishedAt).toBeLessThanOrEqual(Date.now())
  })

  test('makes it one for followers: others are put out before they are told of anything else', async () => {
    const videoId = await plant({ visibility: 'public' })
    await announce(videoId)
    const inside = people.follower.follow(`premiere:${videoId}`)
    const outside = people.stranger.follow(`premiere:${videoId}`)
    await until('both to be there', () => inside.items.length > 0 && outside.items.length > 0)
    const before = outside.items.at(-1)
    await edit(videoId, { visibility: 'followers' })
    const { premiere } = (await pageOf(videoId, people.follower)).video
    await until('the news', () => inside.items.at(-1)?.version === premiere?.version)
    expect(premiere?.chatStreamId).toBeNull()
    await until('the way out', () => outside.closed.includes('not_found'))
    expect(outside.items.at(-1)).toEqual(before)
  })

  test('is followed no longer: what was for followers is not told of any more', async () => {
    const videoId = await plant({ visibility: 'followers' })
    await announce(videoId)
    const leaver = await app.person('leaver')
    await leaver.connection.call('follow:add', { accountId: people.owner.account.id })
    const told = leaver.follow(`premiere:${videoId}`)
    await until('the topic', () => told.items.length > 0)
    const before = told.items.at(-1)
    await leaver.connection.call('follow:remove', { accountId: people.owner.account.id })
    expect(await outcome(pageOf(videoId, leaver))).toBe('not_found')
    await edit(videoId, { scheduledFor: Date.now() + 3 * HOUR_MS })
    await until('the way out', () => told.closed.includes('not_found'))
    expect(told.items.at(-1)).toEqual(before)
  })
})

describe('a channel that is private', () => {
  test('has its chat beside what is for followers, as nobody else reads it', async () => {
    const hermit = await app.person('hermit')
    await setPrivacy(hermit, { isPrivate: true })
    const videoId = await plant({ ownerId: hermit.account.id, visibility: 'followers' })
    await edit(videoId, { isPremiere: true, scheduledFor: Date.now() + HOUR_MS }, hermit)
    expect(await outcome(pageOf(videoId, people.stranger))).toBe('not_found')
    const { premiere } = (await pageOf(videoId, hermit)).video
    expect(premiere?.chatStreamId).toBe(hermit.account.streamId)
  })
})

describe('files', () => {
  const SECONDS = 3
  let videoId: string

  beforeAll(async () => {
    const manager = manage(people.owner)
    videoId = await upload(app, people.owner, await makeVideo({ seconds: SECONDS, size: '320x240' }))
    await manager.ready(videoId)
    manager.told.stop()
  })

  const statusOf = async (path: string) => (await fetch(`${app.url}${path}`)).status

  test('are shut until the time, but for the poster, and open for all in that moment', async () => {
    await announce(videoId, HOUR_MS, { visibility: 'public' })
    const own = await playbackOf(videoId, people.owner)
    const [, , , , runId] = own.baseUrl.split('/')
    const { video } = await pageOf(videoId, people.stranger)
    const poster = video.posterUrl ?? ''
    const base = poster.split('posters/')[0] ?? ''
    const others = [0, 1, 2].map((n) => `${base}posters/${n}/`).filter((folder) => folder !== poster)
    const files = ['master.m3u8', 'manifest.mpd', 'preview.webp', 'storyboard/index.vtt']
    const hostile = [
      ...files.map((name) => base + name),
      ...others.map((folder) => `${folder}480.jpg`),
      `${poster}../../master.m3u8`,
      `${poster}..%2f..%2fmaster.m3u8`,
    ]
    expect(await statusOf(`${poster}480.jpg`)).toBe(200)
    for (const path of hostile) expect(await statusOf(path), path).toBe(404)
    for (const name of files) expect(await statusOf(`/m/public/${videoId}/${runId}/${name}`), name).toBe(401)
    expect(await statusOf(own.hlsUrl), 'its owner').toBe(200)

    // A decision that was made a moment before its time must not outlive it.
    const begins = Date.now() + 2500
    await announce(videoId, 0, { scheduledFor: begins })
    const asked: [atMs: number, status: number][] = []
    await until('the beginning', async () => {
      const atMs = Date.now()
      const status = await statusOf(`${base}master.m3u8`)
      asked.push([atMs, status])
      return status === 200 || (status === 404 ? false : status)
    })
    for (const [atMs, status] of asked.slice(0, -1)) expect([status, atMs < begins]).toEqual([404, true])
    expect(Date.now()).toBeGreaterThanOrEqual(begins)
    const { hlsUrl, expiresAt } = await playbackOf(videoId, people.visitor)
    expect([await statusOf(hlsUrl), expiresAt]).toEqual([200, null])

    const playing = (await pageOf(videoId, people.visitor)).video
    expect(playing.premiere).toMatchObject({ startsAt: begins })
    expect(playing.media).not.toBeNull()
    expect(await outcome(people.stranger.connection.call('watch:report', viewing(videoId)))).toBe('done')
    await until('its end', async () => (await pageOf(videoId, people.visitor)).video.premiere === null)
    expect(Date.now()).toBeGreaterThanOrEqual(begins + (playing.durationMs ?? 0))
    expect((await pageOf(videoId, people.visitor)).video.publishedAt).toBe(begins)
  })
})

describe('while it plays', () => {
  test('it is listed as what came out, and not in the feed of short ones before its end', async () => {
    const short = { width: 1080, height: 1920, durationMs: 50_000, visibility: 'public' } as const
    const playing = await plant({ ...short, premiereInMs: -1000 })
    const over = await plant({ ...short, premiereInMs: -60_000 })
    const listed = async (query: { kind?: 'shorts' }) =>
      (await people.visitor.api.request('get /api/videos', { query })).videos
    const ids = (await listed({})).map(({ id }) => id)
    expect([ids.includes(playing), ids.includes(over)]).toEqual([true, true])
    const shorts = (await listed({ kind: 'shorts' })).map(({ id }) => id)
    expect([shorts.includes(playing), shorts.includes(over)]).toEqual([false, true])
    expect(await upcoming(people.visitor)).not.toContain(playing)
  })

  test('one that missed its time is no premiere when it comes out', async () => {
    const videoId = await plant({ visibility: 'public' })
    await announce(videoId)
    await edit(videoId, { visibility: 'private' })
    await using sql = openSql(app)
    await sql`update videos set scheduled_for = now() - interval '1 second' where id = ${videoId}`
    await edit(videoId, { visibility: 'public' })
    const { video } = await pageOf(videoId, people.visitor)
    expect(video.premiere).toBeNull()
    expect(await outcome(people.stranger.connection.call('watch:report', viewing(videoId)))).toBe('done')
  })
})
