import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOUR_MS } from '../../src/core/time.ts'
import { clientId, type Person } from '../support/person.ts'
import { setPrivacy } from '../support/privacy.ts'
import { openSql } from '../support/sql.ts'
import { outcome } from '../support/staff.ts'
import { viewing } from '../support/watching.ts'
import {
  joins,
  type Premieres,
  pageOf,
  playbackOf,
  startPremieres,
  upcoming,
  WHO,
  type Who,
} from './premieres.people.ts'

let app: Premieres['app']
let people: Premieres['people']
let plant: Premieres['plant']
let edit: Premieres['edit']
let announce: Premieres['announce']
let those: Premieres['those']

beforeAll(async () => {
  ;({ app, people, plant, edit, announce, those } = await startPremieres())
})
afterAll(() => app[Symbol.asyncDispose]())

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
