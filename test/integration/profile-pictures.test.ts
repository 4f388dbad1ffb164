import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import type { Person } from '../support/person.ts'
import { pictureOf, png, pngBomb, profileSeenBy, setAvatar } from '../support/pictures.ts'
import { sendSlowly } from '../support/slow-upload.ts'
import { openSql } from '../support/sql.ts'
import { until } from '../support/until.ts'

const MB = 1024 * 1024

let app: TestApp
let alice: Person
let bob: Person
let visitor: Person
const profileOf = (handle: string) => profileSeenBy(visitor, handle)
const file = (name: string, init?: RequestInit) => fetch(`${app.url}/files/${name}`, init)
const foldersOf = (kind: string): Promise<string[]> =>
  readdir(join(app.dir, 'files/objects', kind)).catch(() => [])

beforeAll(async () => {
  app = await startApp()
  ;[alice, bob] = await Promise.all([app.person('alice'), app.person('bob')])
  visitor = await app.visitor()
})
afterAll(() => app[Symbol.asyncDispose]())

describe('a picture', () => {
  test('is everywhere a person is, under names that may be kept for ever', async () => {
    const { avatar } = await setAvatar(alice, png())
    expect(avatar?.thumbhash.length).toBeGreaterThan(5)
    expect(await profileOf('alice')).toMatchObject({ avatar })
    expect((await alice.api.request('get /api/me')).account?.avatar).toEqual(avatar)
    const stream = await visitor.api.request('get /api/streams/{handle}', { params: { handle: 'alice' } })
    expect(stream.stream.owner.avatar).toEqual(avatar)
    for (const size of [64, 128, 256]) {
      const answer = await file(`avatars/${avatar?.id}-${size}.webp`)
      expect(answer.status).toBe(200)
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'image/webp',
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
      })
      const bytes = Buffer.from(await answer.arrayBuffer())
      expect(bytes.subarray(8, 12).toString()).toBe('WEBP')
      expect(Number(answer.headers.get('content-length'))).toBe(bytes.length)
      const etag = answer.headers.get('etag') ?? ''
      const again = await file(`avatars/${avatar?.id}-${size}.webp`, { headers: { 'if-none-match': etag } })
      expect(again.status).toBe(304)
      const head = await file(`avatars/${avatar?.id}-${size}.webp`, { method: 'HEAD' })
      expect(head.headers.get('content-length')).toBe(String(bytes.length))
    }
    expect((await file(`avatars/${avatar?.id}-256.jpg`)).headers.get('content-type')).toBe('image/jpeg')
  })

  test('is at the lines, notifications and entries of a feed, also of a socket that is older than it', async () => {
    const { id: accountId, streamId } = alice.account
    await bob.connection.call('follow:add', { accountId })
    const chat = visitor.follow(`chat:${streamId}`)
    const told = alice.follow(`notifications:${accountId}`)
    const { avatar } = await setAvatar(bob, png())
    await bob.api.request('patch /api/profile', { body: { displayName: 'Bob B.' } })
    const line = { clientId: crypto.randomUUID(), streamId, text: 'hello' }
    const sent = await bob.connection.call('chat:send', line)
    const author = { handle: 'bob', displayName: 'Bob B.', avatar }
    expect(sent.author).toMatchObject(author)
    expect(await bob.connection.call('chat:send', line)).toEqual(sent)
    await until('the line', () => chat.items.length === 1)
    expect(chat.items[0]?.author).toMatchObject(author)
    const { messages } = await visitor.connection.call('chat:history', { streamId, beforeSeq: 100 })
    expect(messages[0]?.author).toEqual(sent.author)
    await until('the notification', () => told.items.length === 1)
    const { notifications } = await alice.connection.call('notifications:list', { beforeSeq: 100 })
    expect(notifications[0]?.actor).toMatchObject(author)
    const feed = bob.follow(`feed:${bob.account.id}`)
    await until('bob to be there', async () => {
      const details = { title: 'Later', category: 'art', visibility: 'public' } as const
      const scheduledFor = Date.now() + 3_600_000
      await alice.connection.call('broadcast:schedule', {
        clientId: crypto.randomUUID(),
        ...details,
        scheduledFor,
      })
      return feed.items.length > 0
    })
    const own = await profileOf('alice')
    expect(feed.items[0]?.actor).toMatchObject({ displayName: own.displayName, avatar: own.avatar })
    const page = await bob.api.request('get /api/feed', { query: {} })
    expect(page.items[0]?.actor).toMatchObject({ displayName: own.displayName, avatar: own.avatar })
    const { people } = await visitor.api.request('get /api/accounts/{handle}/followers', {
      params: { handle: 'alice' },
      query: {},
    })
    expect(people[0]).toMatchObject(author)
  })

  test('that is replaced or taken away is gone, files and all', async () => {
    const first = await setAvatar(alice, png())
    const second = await setAvatar(alice, png())
    expect(second.avatar?.id).not.toBe(first.avatar?.id)
    await until(
      'the first to go',
      async () => (await file(`avatars/${first.avatar?.id}-64.webp`)).status === 404,
    )
    expect((await file(`avatars/${second.avatar?.id}-64.webp`)).status).toBe(200)
    const { profile } = await alice.api.request('delete /api/profile/avatar')
    expect(profile.avatar).toBeNull()
    await alice.api.request('delete /api/profile/avatar')
    await until(
      'the second to go',
      async () => !(await foldersOf('avatars')).some((id) => id === second.avatar?.id),
    )
  })

  test('of many that are sent at once one stays, and no file of another', async () => {
    const carol = await app.person('carol')
    const sent = await Promise.all([1, 2, 3, 4].map((i) => setAvatar(carol, png({ r: i * 50, g: 0, b: 0 }))))
    // Each answer may show what another had written by then: the files are what counts.
    expect(sent).toHaveLength(4)
    const shown = await Promise.all(['alice', 'bob', 'carol'].map((handle) => profileOf(handle)))
    const ids = shown.flatMap(({ avatar }) => avatar?.id ?? [])
    expect(ids).toContain(shown[2]?.avatar?.id)
    await until('the others to go', async () => {
      const folders = await foldersOf('avatars')
      return folders.length === ids.length && ids.every((id) => folders.includes(id))
    })
  })

  test('whose job finds that the account has it stays', async () => {
    const { avatar } = await setAvatar(alice, png())
    await using sql = openSql(app)
    // The job of an unfinished upload becomes due.
    const [job] = await sql`select count(*)::int as waiting from graphile_worker.jobs
      where task_identifier = 'profiles.files' and run_at > now()`
    expect(job?.waiting).toBeGreaterThan(0)
    await sql`update graphile_worker._private_jobs set run_at = now() where run_at > now()`
    await until('the jobs', async () => {
      const [left] =
        await sql`select count(*)::int as n from graphile_worker.jobs where task_identifier = 'profiles.files'`
      return left?.n === 0
    })
    expect((await file(`avatars/${avatar?.id}-64.webp`)).status).toBe(200)
  })

  test('as a cover is at the channel alone', async () => {
    const upload = {
      bytes: new Uint8Array(await pictureOf('jpeg', { width: 1500, height: 500 })),
      contentType: 'image/jpeg',
    }
    const { profile } = await alice.api.request('put /api/profile/cover', { upload })
    expect((await profileOf('alice')).cover).toEqual(profile.cover)
    for (const size of [640, 1280, 1920])
      expect((await file(`covers/${profile.cover?.id}-${size}.webp`)).status).toBe(200)
    expect((await file(`avatars/${profile.cover?.id}-640.webp`)).status).toBe(404)
    expect((await alice.api.request('delete /api/profile/cover')).profile.cover).toBeNull()
  })

  test.each([
    'avatars/%2e%2e%2f%2e%2e%2fsecret-key',
    'avatars/..%2f..%2fpostgres-64.webp',
    'avatars/00000000-0000-7000-8000-000000000000-64.webp',
    'avatars/00000000-0000-7000-8000-000000000000-64.svg',
    'avatars/',
    'covers/x',
    'incoming/x-64.webp',
    '',
  ])('under the name %j there is none', async (name) => {
    const answer = await file(name, { headers: { accept: 'text/html' } })
    expect(answer.status).toBe(404)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })
})

describe('hostile uploads', () => {
  test.each([
    ['a page that calls itself a picture', '<!doctype html><script>alert(1)</script>', 'image/png'],
    [
      'an SVG that calls itself a picture',
      '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
      'image/png',
    ],
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', 'image/svg+xml'],
    ['a page', '<!doctype html>', 'text/html'],
    ['JSON', '{}', 'application/json'],
    ['nothing', '', 'image/png'],
  ])('%s is refused', async (_what, text, contentType) => {
    const before = (await profileOf('bob')).avatar
    await expect(setAvatar(bob, Buffer.from(text), contentType)).rejects.toMatchObject({
      code: 'invalid_input',
    })
    expect((await profileOf('bob')).avatar).toEqual(before)
  })

  test('a bomb of 900 million pixels is refused, and the server goes on', async () => {
    await expect(setAvatar(bob, pngBomb())).rejects.toMatchObject({ code: 'invalid_input' })
    expect((await profileOf('bob')).handle).toBe('bob')
  })

  test('a body that says it is too large is refused unread', async () => {
    await expect(setAvatar(bob, Buffer.alloc(6 * MB))).rejects.toMatchObject({
      code: 'too_large',
      details: { maxBytes: 5 * MB },
    })
  })

  test('a body that does not say so is refused once it is, and not read to its end', async () => {
    const pieces = Array.from({ length: 200 }, () => Buffer.alloc(MB / 2))
    const path = '/api/profile/avatar'
    const sent = await sendSlowly(app, { path, bearer: bob.bearer, type: 'image/png', pieces })
    expect([413, 0]).toContain(sent.status)
    if (sent.status === 413) expect(JSON.parse(sent.body.toString())).toMatchObject({ code: 'too_large' })
    expect(sent.writtenBytes).toBeLessThan(30 * MB)
  })

  test('without an account nothing of the body is read', async () => {
    const pieces = Array.from({ length: 200 }, () => Buffer.alloc(MB / 2))
    const sent = await sendSlowly(app, { path: '/api/profile/cover', type: 'image/png', pieces })
    expect([401, 0]).toContain(sent.status)
    expect(sent.writtenBytes).toBeLessThan(20 * MB)
  })

  test('a page of another site can not change a picture through its visitor', async () => {
    const answer = await fetch(`${app.url}/api/profile/avatar`, {
      method: 'PUT',
      headers: { origin: 'https://evil.example', 'content-type': 'image/png', cookie: 'flow_session=x' },
      body: new Uint8Array(await png()),
    })
    expect(await answer.json()).toMatchObject({ code: 'foreign_origin' })
  })
})
