import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import type { Person } from '../support/person.ts'
import { png, profileSeenBy, setAvatar } from '../support/pictures.ts'
import { openSql } from '../support/sql.ts'

let app: TestApp
let alice: Person
let bob: Person
let visitor: Person
const profileOf = (handle: string) => profileSeenBy(visitor, handle)

beforeAll(async () => {
  app = await startApp()
  ;[alice, bob] = await Promise.all([app.person('alice'), app.person('bob')])
  visitor = await app.visitor()
})
afterAll(() => app[Symbol.asyncDispose]())

describe('what people tell of themselves', () => {
  test('is empty at first, and what is sent is what everybody sees; the rest stays', async () => {
    const before = await profileOf('alice')
    expect(before).toMatchObject({
      bio: '',
      location: '',
      links: [],
      avatar: null,
      cover: null,
      isVerified: false,
    })
    const { profile } = await alice.api.request('patch /api/profile', {
      body: { bio: 'Painter.\r\n\r\n\r\n\r\nHarbours.', links: ['https://example.com/alice'] },
    })
    expect(profile).toMatchObject({ displayName: 'alice', bio: 'Painter.\n\nHarbours.' })
    await alice.api.request('patch /api/profile', { body: { displayName: 'Alice A.', location: 'Oslo' } })
    const told = { displayName: 'Alice A.', bio: 'Painter.\n\nHarbours.', location: 'Oslo' }
    expect(await profileOf('alice')).toMatchObject({ ...told, links: ['https://example.com/alice'] })
    const { account } = await alice.api.request('get /api/me')
    expect(account).toMatchObject({ displayName: 'Alice A.' })
  })

  test.each([
    ['a long bio', { bio: 'x'.repeat(501) }],
    ['six links', { links: Array.from({ length: 6 }, (_, i) => `https://example.com/${i}`) }],
    ['a link without TLS', { links: ['http://example.com'] }],
    ['a script as a link', { links: ['javascript:alert(1)'] }],
    ['a link that looks like another', { links: ['https://example.com@evil.example/'] }],
    ['a link into the own network', { links: ['https://localhost/'] }],
    ['no name', { displayName: '   ' }],
    ['something else than text', { bio: { $gt: '' } as never }],
  ])('%s is refused', async (_what, body) => {
    await expect(alice.api.request('patch /api/profile', { body })).rejects.toMatchObject({
      code: 'invalid_input',
    })
  })

  test('nobody makes themselves somebody else: other fields of an account are left alone', async () => {
    const more = {
      role: 'admin',
      handle: 'boss',
      verifiedAt: 1,
      userId: bob.account.id,
      id: bob.account.id,
    }
    const body = { bio: 'me', isVerified: true, followersCount: 9, ...more } as never
    await alice.api.request('patch /api/profile', { body })
    expect(await profileOf('alice')).toMatchObject({ bio: 'me', isVerified: false, followers: 0 })
    const { account } = await alice.api.request('get /api/me')
    expect(account).toMatchObject({ handle: 'alice', role: 'member' })
    expect((await profileOf('bob')).bio).toBe('')
  })

  test('an anonymous visitor changes nothing', async () => {
    const refused = { code: 'unauthenticated' }
    await expect(visitor.api.request('patch /api/profile', { body: { bio: 'x' } })).rejects.toMatchObject(
      refused,
    )
    await expect(setAvatar(visitor, png())).rejects.toMatchObject(refused)
    await expect(visitor.api.request('delete /api/profile/cover')).rejects.toMatchObject(refused)
    await expect(visitor.api.request('get /api/preferences')).rejects.toMatchObject(refused)
  })

  test('a badge is what admins gave', async () => {
    await using sql = openSql(app)
    await sql`update users set verified_at = now() where handle = 'bob'`
    expect(await profileOf('bob')).toMatchObject({ isVerified: true })
  })
})

describe('preferences', () => {
  test('are the defaults until they are changed, one by one', async () => {
    const get = async () => (await alice.api.request('get /api/preferences')).preferences
    const defaults = { language: null, autoplay: true, sensitiveContent: 'blur', keepsHistory: true }
    expect(await get()).toEqual({ ...defaults, notifications: { follow: true, live: true } })
    await Promise.all([
      alice.api.request('patch /api/preferences', { body: { autoplay: false } }),
      alice.api.request('patch /api/preferences', { body: { notifications: { live: false } } }),
      alice.api.request('patch /api/preferences', { body: { language: 'pt-BR' } }),
    ])
    const changed = { ...defaults, language: 'pt-BR', autoplay: false }
    expect(await get()).toEqual({ ...changed, notifications: { follow: true, live: false } })
    const { preferences } = await alice.api.request('patch /api/preferences', { body: { language: null } })
    expect(preferences.language).toBeNull()
    expect((await bob.api.request('get /api/preferences')).preferences.autoplay).toBe(true)
    await expect(
      alice.api.request('patch /api/preferences', { body: { language: '<script>' } }),
    ).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('a kind of notification that is off is not written, and comes again once it is on', async () => {
    const [dave, erin] = await Promise.all([app.person('dave'), app.person('erin')])
    const told = async () =>
      (await dave.connection.call('notifications:list', { beforeSeq: 100 })).notifications
    const follow = (who: Person) => who.connection.call('follow:add', { accountId: dave.account.id })
    await dave.api.request('patch /api/preferences', { body: { notifications: { follow: false } } })
    await follow(erin)
    expect(await told()).toEqual([])
    await dave.api.request('patch /api/preferences', { body: { notifications: { follow: true } } })
    await follow(bob)
    expect((await told()).map(({ seq, actor }) => [seq, actor?.handle])).toEqual([[1, 'bob']])
    // That erin follows was not told, so a new follow of hers is news.
    await erin.connection.call('follow:remove', { accountId: dave.account.id })
    await follow(erin)
    expect((await told()).map(({ seq, actor }) => [seq, actor?.handle])).toEqual([
      [1, 'bob'],
      [2, 'erin'],
    ])
  })
})
