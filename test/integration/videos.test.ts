import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import type { Person } from '../support/person.ts'
import { openSql } from '../support/sql.ts'
import { outcome } from '../support/staff.ts'
import { until } from '../support/until.ts'
import { plantVideo } from '../support/videos.ts'

const HOUR_MS = 3_600_000
const VISIBILITIES = ['public', 'unlisted', 'followers', 'private'] as const
type Visibility = (typeof VISIBILITIES)[number]

let app: TestApp
let people: Record<'owner' | 'follower' | 'stranger' | 'blocked' | 'anonymous', Person>
let ids: Record<Visibility | 'later', string>

const watch = ({ api }: Person, videoId: string) =>
  api.request('get /api/videos/{videoId}', { params: { videoId } })
const channelOf = ({ api }: Person, query = {}) =>
  api.request('get /api/accounts/{handle}/videos', { params: { handle: 'owner' }, query })
const edit = (body: object, videoId = ids.public, { api } = people.owner) =>
  api.request('patch /api/videos/{videoId}', { params: { videoId }, body })

beforeAll(async () => {
  app = await startApp({ COUNTRY_HEADER: 'CF-IPCountry' })
  const [owner, follower, stranger, blocked] = await Promise.all(
    ['owner', 'follower', 'stranger', 'blocked'].map((handle) => app.person(handle)),
  )
  if (!owner || !follower || !stranger || !blocked) throw new Error('Somebody is missing.')
  people = { owner, follower, stranger, blocked, anonymous: await app.visitor() }
  await follower.connection.call('follow:add', { accountId: owner.account.id })
  await owner.connection.call('block:add', { accountId: blocked.account.id })
  await using sql = openSql(app)
  const plant = (more: object) => plantVideo(sql, { ownerId: owner.account.id, ...more })
  ids = {
    public: await plant({ visibility: 'public', title: 'public', publishedInMs: -1000 }),
    unlisted: await plant({ visibility: 'unlisted', title: 'unlisted', publishedInMs: -2000 }),
    followers: await plant({ visibility: 'followers', title: 'followers', publishedInMs: -3000 }),
    private: await plant({ visibility: 'private', title: 'private', publishedInMs: -4000 }),
    later: await plant({ visibility: 'public', title: 'later', publishedInMs: HOUR_MS }),
  }
})
afterAll(() => app?.[Symbol.asyncDispose]())

describe('who sees which video', () => {
  const SEEN = {
    owner: [...VISIBILITIES, 'later'],
    follower: ['public', 'unlisted', 'followers'],
    stranger: ['public', 'unlisted'],
    blocked: [],
    anonymous: ['public', 'unlisted'],
  } as const
  const LISTED = {
    owner: ['public', 'followers'],
    follower: ['public', 'followers'],
    stranger: ['public'],
    blocked: 'not_found',
    anonymous: ['public'],
  } as const

  test.each(Object.keys(SEEN) as (keyof typeof SEEN)[])('%s, on its page and in lists', async (who) => {
    const seen: string[] = []
    for (const [name, id] of Object.entries(ids))
      if ((await outcome(watch(people[who], id))) === 'done') seen.push(name)
    expect(seen).toEqual(SEEN[who])
    const listed = await channelOf(people[who]).then(
      ({ videos }) => videos.map(({ title }) => title),
      ({ code }: { code: string }) => code,
    )
    expect(listed).toEqual(LISTED[who])
    const home = await people[who].api.request('get /api/videos', { query: {} })
    expect(home.videos.map(({ title }) => title)).toEqual(who === 'blocked' ? [] : ['public'])
  })
})

describe('the rules of its owner', () => {
  test('about age let in who has an account and does not hide such things', async () => {
    await edit({ isAgeRestricted: true })
    expect(await outcome(watch(people.anonymous, ids.public))).toBe('forbidden age')
    expect(await outcome(watch(people.stranger, ids.public))).toBe('done')
    await people.stranger.api.request('patch /api/preferences', { body: { sensitiveContent: 'hide' } })
    expect(await outcome(watch(people.stranger, ids.public))).toBe('forbidden age')
    expect(await outcome(watch(people.owner, ids.public))).toBe('done')
    await edit({ isAgeRestricted: false })
  })

  test('about countries go by what the proxy tells', async () => {
    const from = async (country: string) => {
      const answer = await fetch(`${app.url}/api/videos/${ids.public}`, {
        headers: { 'cf-ipcountry': country },
      })
      return answer.status
    }
    await edit({ allowedCountries: ['DE'] })
    expect([await from('DE'), await from('fr'), await from('XX')]).toEqual([200, 403, 403])
    expect((await people.anonymous.api.request('get /api/videos', { query: {} })).videos).toEqual([])
    expect(await outcome(edit({ deniedCountries: ['FR'] }))).toBe('conflict')
    await edit({ allowedCountries: [], deniedCountries: ['FR'] })
    expect([await from('DE'), await from('FR'), await from('XX')]).toEqual([200, 403, 200])
    await edit({ deniedCountries: [] })
  })
})

describe('its owner', () => {
  test('decides when it comes out', async () => {
    const { video } = await edit({ scheduledFor: null }, ids.later)
    expect(video.publishedAt).toBeLessThanOrEqual(Date.now())
    expect(await outcome(watch(people.stranger, ids.later))).toBe('done')
    const at = Date.now() + HOUR_MS
    expect((await edit({ scheduledFor: at }, ids.later)).video).toMatchObject({ publishedAt: at })
    expect(await outcome(watch(people.stranger, ids.later))).toBe('not_found')
  })

  test('writes what it is about, cleaned and no longer than it may be', async () => {
    const { video } = await edit({
      title: '  New\u0000 title ',
      tags: ['Cats', 'cats', 'dogs'],
      language: 'pt-BR',
    })
    expect(video).toMatchObject({ title: 'New  title', tags: ['cats', 'dogs'], language: 'pt-BR' })
    expect(await outcome(edit({ title: ' ' }))).toBe('invalid_input')
    expect(await outcome(edit({ description: 'x'.repeat(5001) }))).toBe('invalid_input')
    expect(await outcome(edit({ title: 'Theirs' }, ids.public, people.stranger))).toBe('not_found')
  })

  test('chooses the poster once there are pictures', async () => {
    const choose = (choice: number) =>
      people.owner.api.request('put /api/videos/{videoId}/poster', {
        ...{ params: { videoId: ids.public }, body: { choice } },
      })
    expect(await outcome(choose(1))).toBe('conflict')
    await using sql = openSql(app)
    await sql`with run as (
      insert into video_runs (id, video_id, state, file_name, source_key, size_bytes)
      values (gen_random_uuid(), ${ids.public}, 'ready', 'a.mp4', 'videos/a/source.bin', 1) returning id)
      update videos set run_id = run.id, poster_hashes = '{AAAA,BBBB,CCCC}' from run where videos.id = ${ids.public}`
    expect((await choose(1)).video).toMatchObject({
      ...{ posterChoice: 1, thumbhash: 'BBBB', posterOptions: ['AAAA', 'BBBB', 'CCCC'] },
      posterUrl: expect.stringMatching(/\/posters\/1\/$/),
    })
    expect(await outcome(choose(3))).toBe('invalid_input')
  })

  test('deletes it, takes that back, and after seven days can not', async () => {
    const params = { videoId: ids.unlisted }
    await people.owner.api.request('delete /api/videos/{videoId}', { params })
    expect(await outcome(watch(people.owner, ids.unlisted))).toBe('not_found')
    expect(await outcome(edit({ title: 'Gone' }, ids.unlisted))).toBe('not_found')
    await people.owner.api.request('post /api/videos/{videoId}/restore', { params })
    expect(await outcome(people.owner.api.request('post /api/videos/{videoId}/restore', { params }))).toBe(
      'conflict',
    )
    expect(await outcome(watch(people.stranger, ids.unlisted))).toBe('done')
    await people.owner.api.request('delete /api/videos/{videoId}', { params })
    await using sql = openSql(app)
    await sql`update videos set deleted_at = now() - interval '8 days' where id = ${ids.unlisted}`
    await sql`select graphile_worker.add_job('videos.sweep', '{}'::json)`
    await until('it to be gone', async () => {
      return (await sql`select 1 from videos where id = ${ids.unlisted}`).length === 0
    })
    expect(await outcome(people.owner.api.request('post /api/videos/{videoId}/restore', { params }))).toBe(
      'not_found',
    )
  })
})

test('lists go on page by page, short ones apart, and miss nothing of one moment', async () => {
  const iris = await app.person('iris')
  await using sql = openSql(app)
  for (let nth = 0; nth < 30; nth++)
    await plantVideo(sql, {
      ...{ ownerId: iris.account.id, title: `nth ${nth}`, publishedInMs: -60_000 },
      ...(nth % 3 === 0 && { width: 1080, height: 1920, durationMs: 20_000 }),
    })
  await sql`update videos set published_at = date_trunc('minute', now()), created_at = date_trunc('minute', now())
    where owner_id = ${iris.account.id}`
  const read = async (kind?: 'videos' | 'shorts') => {
    const titles: string[] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const query = { ...(cursor && { cursor }), ...(kind && { kind }) }
      const page = await people.anonymous.api.request('get /api/accounts/{handle}/videos', {
        ...{ params: { handle: 'iris' }, query },
      })
      titles.push(...page.videos.map(({ title }) => title))
      cursor = page.nextCursor
    }
    return titles
  }
  expect(new Set(await read()).size).toBe(30)
  expect(await read('shorts')).toHaveLength(10)
  expect(await read('videos')).toHaveLength(20)
  const first = await iris.api.request('get /api/videos/mine', { query: {} })
  expect(first.videos).toHaveLength(30)
  expect(first.nextCursor).toBeNull()
  const failed = await iris.api.request('get /api/videos/mine', { query: { state: 'failed' } })
  expect(failed.videos).toEqual([])
})

describe('what goes with a video', () => {
  test('is of its channel, then of its tags and its category, then what is newest; never itself, nor what is not listed', async () => {
    const { owner, stranger } = people
    await using sql = openSql(app)
    const of = async (
      ownerId: string,
      title: string,
      tags: string[],
      category: string,
      publishedInMs: number,
    ) => {
      const id = await plantVideo(sql, { ownerId, title, publishedInMs })
      await sql`update videos set tags = ${tags}, category = ${category} where id = ${id}`
      return id
    }
    // The others of this file stand aside.
    await sql`update videos set visibility = 'private' where visibility = 'public'`
    const here = await of(owner.account.id, 'here', ['tea', 'pots'], 'talk', -50_000)
    await of(owner.account.id, 'channel', [], 'games', -60_000)
    await of(stranger.account.id, 'newest', [], 'games', -1000)
    await of(stranger.account.id, 'category', [], 'talk', -2000)
    await of(stranger.account.id, 'tag', ['tea'], 'games', -90_000)
    const related = async ({ api }: Person) =>
      (await api.request('get /api/videos/{videoId}/related', { params: { videoId: here } })).videos
    expect((await related(people.anonymous)).map(({ title }) => title)).toEqual([
      ...['channel', 'tag', 'category', 'newest'],
    ])
    await people.follower.connection.call('mute:add', { accountId: stranger.account.id })
    expect((await related(people.follower)).map(({ title }) => title)).toEqual(['channel'])
    const ofShut = people.stranger.api.request('get /api/videos/{videoId}/related', {
      params: { videoId: ids.private },
    })
    expect(await outcome(ofShut)).toBe('not_found')
    await sql`update videos set is_age_restricted = true where id = ${here}`
    expect(await outcome(related(people.anonymous))).toBe('forbidden age')
  })
})
