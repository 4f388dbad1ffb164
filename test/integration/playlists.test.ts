import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { clientId, type Person } from '../support/person.ts'
import { openSql } from '../support/sql.ts'
import { outcome } from '../support/staff.ts'
import { until } from '../support/until.ts'
import { plantPlaylist, plantVideo } from '../support/videos.ts'

let app: TestApp
let people: Record<'owner' | 'friend' | 'stranger', Person>
/** Of `owner`: three for everybody and one for themselves. */
let open: [string, string, string]
let secret: string

const read = ({ api }: Person, playlistId: string, query = {}) =>
  api.request('get /api/playlists/{playlistId}', { params: { playlistId }, query })
const own = ({ api }: Person, query = {}) => api.request('get /api/playlists', { query })
const make = ({ api }: Person, body: object = {}) =>
  api.request('post /api/playlists', {
    body: { clientId: clientId(), title: 'Evenings', visibility: 'public', ...body },
  })
const put = ({ api }: Person, playlistId: string, videoId: string, body = {}) =>
  api.request('put /api/playlists/{playlistId}/videos/{videoId}', { params: { playlistId, videoId }, body })
const take = ({ api }: Person, playlistId: string, videoId: string) =>
  api.request('delete /api/playlists/{playlistId}/videos/{videoId}', { params: { playlistId, videoId } })
const edit = ({ api }: Person, playlistId: string, body: object) =>
  api.request('patch /api/playlists/{playlistId}', { params: { playlistId }, body })
const remove = ({ api }: Person, playlistId: string) =>
  api.request('delete /api/playlists/{playlistId}', { params: { playlistId } })
const restore = ({ api }: Person, playlistId: string) =>
  api.request('post /api/playlists/{playlistId}/restore', { params: { playlistId } })
const channel = ({ api }: Person, handle: string) =>
  api.request('get /api/accounts/{handle}/playlists', { params: { handle }, query: {} })
const idsIn = async (person: Person, playlistId: string) =>
  (await read(person, playlistId)).videos.map(({ id }) => id)

beforeAll(async () => {
  app = await startApp()
  const [owner, friend, stranger] = await Promise.all(
    ['owner', 'friend', 'stranger'].map((handle) => app.person(handle)),
  )
  if (!owner || !friend || !stranger) throw new Error('Somebody is missing.')
  people = { owner, friend, stranger }
  await using sql = openSql(app)
  const plant = (more = {}) => plantVideo(sql, { ownerId: owner.account.id, ...more })
  open = [await plant(), await plant(), await plant()]
  secret = await plant({ visibility: 'private', title: 'Nobody’s business' })
})
afterAll(() => app?.[Symbol.asyncDispose]())

describe('a list of one’s own', () => {
  test('has each video once, in the order that it is put into', async () => {
    const { friend } = people
    const { playlist } = await make(friend, { videoId: open[0] })
    for (const id of [open[1], open[2], open[1]]) await put(friend, playlist.id, id)
    expect(await idsIn(friend, playlist.id)).toEqual(open)
    await put(friend, playlist.id, open[2], { afterVideoId: null })
    expect(await idsIn(friend, playlist.id)).toEqual([open[2], open[0], open[1]])
    await put(friend, playlist.id, open[2], { afterVideoId: open[0] })
    expect(await idsIn(friend, playlist.id)).toEqual([open[0], open[2], open[1]])
    await take(friend, playlist.id, open[0])
    await take(friend, playlist.id, open[0])
    // The one that it is to be behind is gone: it comes last.
    await put(friend, playlist.id, open[2], { afterVideoId: open[0] })
    expect(await idsIn(friend, playlist.id)).toEqual([open[1], open[2]])
    expect((await read(friend, playlist.id)).playlist).toMatchObject({ count: 2, cover: { id: open[1] } })
  })

  test('that many put into at once has everything once, and nothing twice', async () => {
    const { friend } = people
    const { playlist } = await make(friend)
    await Promise.all([...open, ...open, ...open].map((id) => put(friend, playlist.id, id)))
    expect((await idsIn(friend, playlist.id)).sort()).toEqual([...open].sort())
  })

  test('asked for twice with one clientId is made once', async () => {
    const id = clientId()
    const [first, again] = [
      await make(people.friend, { clientId: id }),
      await make(people.friend, { clientId: id }),
    ]
    expect(again.playlist.id).toBe(first.playlist.id)
    expect(await outcome(make(people.friend, { clientId: id, title: 'Another' }))).toBe('conflict')
  })

  test('is renamed, deleted and had back', async () => {
    const { owner, stranger } = people
    const { playlist } = await make(owner, { title: 'Once' })
    const { playlist: renamed } = await edit(owner, playlist.id, { title: '  Now  ' })
    expect(renamed).toMatchObject({ title: 'Now', visibility: 'public' })
    expect(await outcome(restore(owner, playlist.id))).toBe('conflict')
    const { undoUntil } = await remove(owner, playlist.id)
    expect(await remove(owner, playlist.id)).toEqual({ undoUntil })
    expect(await outcome(read(stranger, playlist.id))).toBe('not_found')
    expect(await outcome(edit(owner, playlist.id, { title: 'Gone' }))).toBe('not_found')
    expect((await own(owner)).playlists.map(({ id }) => id)).not.toContain(playlist.id)
    await restore(owner, playlist.id)
    expect((await read(stranger, playlist.id)).playlist.title).toBe('Now')
  })

  test('that was deleted is gone after seven days', async () => {
    const { owner } = people
    const { playlist } = await make(owner, { videoId: open[0] })
    const { playlist: kept } = await make(owner, { videoId: open[0] })
    for (const { id } of [playlist, kept]) await remove(owner, id)
    await using sql = openSql(app)
    await sql`update playlists set deleted_at = now() - interval '8 days' where id = ${playlist.id}`
    await sql`select graphile_worker.add_job('playlists.sweep', '{}'::json)`
    await until('it to be gone', async () => {
      return (await sql`select 1 from playlists where id = ${playlist.id}`).length === 0
    })
    expect(await outcome(restore(owner, playlist.id))).toBe('not_found')
    expect(await outcome(restore(owner, kept.id))).toBe('done')
  })

  test('is full at five hundred, and so is the shelf at two hundred lists', async () => {
    const { owner, stranger } = people
    await using sql = openSql(app)
    const { playlist } = await make(owner)
    await sql`with made as (insert into videos (id, owner_id, title, visibility, state, published_at, duration_ms, width, height)
        select gen_random_uuid(), ${owner.account.id}, 'One of many', 'unlisted', 'ready', now(), 1000, 16, 9
        from generate_series(1, 500) returning id)
      insert into playlist_items (playlist_id, video_id, position)
      select ${playlist.id}::uuid, id, row_number() over () from made`
    expect(await outcome(put(owner, playlist.id, open[0]))).toBe('conflict full')
    const first = await read(stranger, playlist.id)
    const second = await read(stranger, playlist.id, { after: first.next })
    expect([first.videos.length, second.videos.length, first.playlist.count]).toEqual([100, 100, 500])
    expect(second.videos.map(({ id }) => id)).not.toContain(first.videos[99]?.id)

    await sql`insert into playlists (id, owner_id, title)
      select gen_random_uuid(), ${stranger.account.id}, 'Again' from generate_series(1, 200)`
    expect(await outcome(make(stranger))).toBe('conflict full')
    const { playlists } = await own(stranger)
    await remove(stranger, playlists[1]?.id ?? '')
    const made = await make(stranger)
    expect(await outcome(restore(stranger, playlists[1]?.id ?? ''))).toBe('conflict full')
    await remove(stranger, made.playlist.id)
    await sql`delete from playlists where owner_id = ${stranger.account.id}`
  })
})

describe('what is to be watched later', () => {
  test('is there from the beginning, for its owner alone, and stays as it is', async () => {
    const { stranger, owner } = people
    expect((await own(stranger)).playlists[0]).toMatchObject({ id: 'watch-later', visibility: 'private' })
    await put(stranger, 'watch-later', open[0])
    const { playlists } = await own(stranger, { videoId: open[0] })
    expect(playlists[0]).toMatchObject({ id: 'watch-later', holdsVideo: true, count: 1 })
    expect(await idsIn(stranger, 'watch-later')).toEqual([open[0]])
    expect(await idsIn(owner, 'watch-later')).toEqual([])
    expect(await outcome(edit(stranger, 'watch-later', { visibility: 'public' }))).toBe('conflict')
    expect(await outcome(remove(stranger, 'watch-later'))).toBe('conflict')
    expect(await outcome(read(await app.visitor(), 'watch-later'))).toBe('not_found')
    await using sql = openSql(app)
    const [row] =
      await sql`select id from playlists where owner_id = ${stranger.account.id} and kind = 'watch_later'`
    expect(await outcome(read(owner, row?.id))).toBe('not_found')
  })
})

describe('who sees what of it', () => {
  test('what is private in a public list is counted, and named to its owner alone', async () => {
    const { owner, stranger } = people
    const { playlist } = await make(owner, { title: 'Mixed', videoId: secret })
    await put(owner, playlist.id, open[0])
    const { videos, hidden, playlist: seen, isOwn } = await read(stranger, playlist.id)
    expect({ ids: videos.map(({ id }) => id), hidden, count: seen.count, isOwn }).toEqual({
      ...{ ids: [open[0]], hidden: 1, count: 2, isOwn: false },
    })
    expect(seen.cover?.id).toBe(open[0])
    const listed = await channel(stranger, 'owner')
    expect(JSON.stringify([listed, videos])).not.toContain('business')
    expect(await read(owner, playlist.id)).toMatchObject({
      isOwn: true,
      hidden: 0,
      playlist: { cover: { id: secret } },
    })
  })

  test('what one may not see can not be put into one’s own list to be looked at there', async () => {
    const { stranger } = people
    const { playlist } = await make(stranger)
    expect(await outcome(put(stranger, playlist.id, secret))).toBe('not_found')
    expect(await outcome(make(stranger, { videoId: secret }))).toBe('not_found')
    await using sql = openSql(app)
    const planted = await plantPlaylist(sql, { ownerId: stranger.account.id, videoIds: [secret, open[0]] })
    expect(await read(stranger, planted)).toMatchObject({ hidden: 1, videos: [{ id: open[0] }] })
  })

  test('a channel lists what is public; unlisted is for whoever has the address, private for nobody else', async () => {
    const { owner, stranger } = people
    const of = async (visibility: string) =>
      (await make(owner, { title: visibility, visibility })).playlist.id
    const [shown, unlisted, shut] = [await of('public'), await of('unlisted'), await of('private')]
    const listed = (await channel(stranger, 'owner')).playlists.map(({ id }) => id)
    expect(listed).toContain(shown)
    for (const id of [unlisted, shut]) expect(listed).not.toContain(id)
    expect(await outcome(read(stranger, unlisted))).toBe('done')
    expect(await outcome(read(stranger, shut))).toBe('not_found')
    expect(await outcome(channel(stranger, 'nobody'))).toBe('not_found')
  })

  test('whoever blocks its owner is told so, whoever is blocked finds nothing', async () => {
    const { owner, friend } = people
    const { playlist } = await make(owner)
    await friend.connection.call('block:add', { accountId: owner.account.id })
    expect(await outcome(read(friend, playlist.id))).toBe('forbidden blocked')
    expect(await outcome(channel(friend, 'owner'))).toBe('forbidden blocked')
    expect(await outcome(put(friend, 'watch-later', open[0]))).toBe('forbidden blocked')
    const { playlist: theirs } = await make(friend)
    expect(await outcome(read(owner, theirs.id))).toBe('not_found')
    await friend.connection.call('block:remove', { accountId: owner.account.id })
  })
})
