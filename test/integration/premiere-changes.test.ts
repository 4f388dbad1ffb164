import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOUR_MS } from '../../src/core/time.ts'
import { outcome } from '../support/staff.ts'
import { until } from '../support/until.ts'
import { type Premieres, pageOf, startPremieres, upcoming } from './premieres.people.ts'

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
