import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CallName } from '../../src/contract/index.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { joinAll, openMember } from '../support/members.ts'
import { clientId, type Person, personWith } from '../support/person.ts'
import { call, OPEN, setPrivacy } from '../support/privacy.ts'
import { type RawSocket, rawSocket, tokenOf } from '../support/raw-socket.ts'
import { openSql, plantFollowers } from '../support/sql.ts'
import { until } from '../support/until.ts'

let app: TestApp
let sql: ReturnType<typeof openSql>
let ada: Person
let ben: Person
let cyd: Person

beforeAll(async () => {
  app = await startApp()
  sql = openSql(app)
  ada = await app.person('ada')
  ben = await app.person('ben')
  cyd = await app.person('cyd')
})
afterAll(async () => {
  await sql.end()
  expect(app.output()).not.toContain('A call failed')
  await app[Symbol.asyncDispose]()
})

const attempt = (who: Pick<Person, 'connection'>, name: CallName, whom: string) =>
  call(who, name, whom).then(
    () => 'done',
    (error: { code: string }) => error.code,
  )
const profileOf = async (who: Pick<Person, 'api'>, handle: string) =>
  (await who.api.request('get /api/accounts/{handle}', { params: { handle } })).profile
const say = (who: Person, streamId: string, text = 'Hello') =>
  who.connection.call('chat:send', { clientId: clientId(), streamId, text })
const lists = {
  blocks: 'get /api/account/blocks',
  mutes: 'get /api/account/mutes',
  requests: 'get /api/account/follow-requests',
} as const
const listed = async (who: Person, name: keyof typeof lists) =>
  (await who.api.request(lists[name], { query: {} })).people.map(({ handle }) => handle)
const hidden = async (who: Person) => (await who.api.request('get /api/account/hidden')).accountIds
const between = (a: Person, b: Person) => sql`
  select 'follow' as what from follows where (follower_id, followee_id) in
    ((${a.account.id}, ${b.account.id}), (${b.account.id}, ${a.account.id}))
  union all select 'request' from follow_requests where (requester_id, target_id) in
    ((${a.account.id}, ${b.account.id}), (${b.account.id}, ${a.account.id}))`
const wrongCounters = () => sql`
  select handle from users u where
    u.followers_count <> (select count(*) from follows f where f.followee_id = u.id) or
    u.following_count <> (select count(*) from follows f where f.follower_id = u.id)`

describe('blocks', () => {
  test('end follows both ways, are told to who blocks alone, and are undone without bringing follows back', async () => {
    const [a, b] = [ada.account.id, ben.account.id]
    await call(ada, 'follow:add', b)
    await call(ben, 'follow:add', a)
    for (let i = 0; i < 2; i++) expect(await call(ada, 'block:add', b)).toEqual({ isBlocked: true })
    expect([...(await between(ada, ben))]).toEqual([])
    expect([...(await wrongCounters())]).toEqual([])
    expect([await listed(ada, 'blocks'), await hidden(ada), await hidden(ben)]).toEqual([['ben'], [b], []])
    await expect(profileOf(ada, 'ben')).rejects.toMatchObject({
      ...{ code: 'forbidden', details: { reason: 'blocked', account: { id: b, handle: 'ben' } } },
    })
    await expect(profileOf(ben, 'ada')).rejects.toMatchObject({ code: 'not_found' })
    expect(await attempt(ada, 'follow:add', b)).toBe('forbidden')
    expect(await attempt(ada, 'follow:remove', b)).toBe('forbidden')
    expect(await attempt(ben, 'follow:add', a)).toBe('not_found')
    expect(await attempt(ben, 'follow:remove', a)).toBe('not_found')
    for (let i = 0; i < 2; i++) expect(await call(ada, 'block:remove', b)).toEqual({ isBlocked: false })
    expect(await profileOf(ben, 'ada')).toMatchObject({ isFollowing: false, isBlocked: false })
    expect(await listed(ada, 'blocks')).toEqual([])
  })

  test('oneself, nobody, and more than one may are refused', async () => {
    const id = ada.account.id
    for (const name of ['block:add', 'mute:add'] as const) {
      expect(await attempt(ada, name, id)).toBe('conflict')
      expect(await attempt(ada, name, randomUUID())).toBe('not_found')
    }
    for (const name of ['block:remove', 'mute:remove'] as const)
      expect(await attempt(ada, name, randomUUID())).toBe('done')
    await sql`insert into users (id, handle, display_name)
      select gen_random_uuid(), 'full_' || i, 'Full' from generate_series(1, 5000) as i`
    await sql`insert into mutes (muter_id, muted_id) select ${id}, id from users where handle like 'full%'`
    expect(await attempt(ada, 'mute:add', ben.account.id)).toBe('conflict')
    const seen = new Set<string>()
    for (let cursor: string | null | undefined, i = 0; cursor !== null && i < 3; i++) {
      const query = cursor === undefined ? {} : { cursor }
      const page = await ada.api.request('get /api/account/mutes', { query })
      for (const person of page.people) seen.add(person.id)
      cursor = page.nextCursor
    }
    expect(seen.size).toBe(150)
    await sql`delete from mutes where muter_id = ${id}`
  })

  test('count as bans in the chat and the stream, and reach open sockets at once', async () => {
    const { streamId, id } = ada.account
    const counters = `counters:account:${id}`
    const socket = await openMember(app, await tokenOf(ben))
    expect(await joinAll(socket, [`stream:${streamId}`, `chat:${streamId}`, counters])).toEqual([
      'in',
      'in',
      'in',
    ])
    await say(ben, streamId)
    await call(ada, 'block:add', ben.account.id)
    await until('them to be out', () => socket.closed.length === 3)
    expect(new Set(socket.closed.map(({ code }) => code))).toEqual(new Set(['not_found']))
    await expect(say(ben, streamId)).rejects.toMatchObject({ code: 'not_found' })
    // Their own channel is shut to who blocks them, with the reason.
    await expect(say(ada, ben.account.streamId)).rejects.toMatchObject({
      ...{ code: 'forbidden', details: { reason: 'blocked' } },
    })
    await call(ada, 'block:remove', ben.account.id)
    expect(await joinAll(socket, [`chat:${streamId}`, counters])).toEqual(['in', 'in'])
    socket.socket.close()
  })

  test('of a block and a follow that race, the block stands', async () => {
    for (let i = 0; i < 8; i++) {
      const [follow] = await Promise.all([
        attempt(ben, 'follow:add', ada.account.id),
        call(ada, 'block:add', ben.account.id),
      ])
      expect(['done', 'not_found']).toContain(follow)
      expect([...(await between(ada, ben))]).toEqual([])
      await call(ada, 'block:remove', ben.account.id)
    }
    expect([...(await wrongCounters())]).toEqual([])
  })

  test('no notification is made by who is blocked or muted', async () => {
    const told = ada.follow(`notifications:${ada.account.id}`)
    await call(ada, 'mute:add', cyd.account.id)
    await call(cyd, 'follow:add', ada.account.id)
    const dan = await app.person('dan')
    await call(dan, 'follow:add', ada.account.id)
    await until('the one that is heard', () => told.items.some(({ actor }) => actor?.handle === 'dan'))
    const rows =
      await sql`select actor_id from notifications where user_id = ${ada.account.id} and actor_id = ${cyd.account.id}`
    expect([...rows]).toEqual([])
    expect(await listed(ada, 'mutes')).toEqual(['cyd'])
    expect(await profileOf(ada, 'cyd')).toMatchObject({ isMuted: true })
    // What was told before is told without them from then on.
    await call(ada, 'block:add', dan.account.id)
    const { notifications } = await ada.connection.call('notifications:list', { beforeSeq: 1000 })
    expect(notifications.filter(({ actor }) => actor?.handle === 'dan')).toEqual([])
    expect(notifications.filter(({ actor }) => actor === null).length).toBeGreaterThan(0)
    await call(ada, 'block:remove', dan.account.id)
    await call(ada, 'mute:remove', cyd.account.id)
    expect(await hidden(ada)).toEqual([])
  })
})

/** What a topic of one's own answers to a join: everything since a position where one is given, else where it is. */
async function answersOf({ ask }: RawSocket, topic: string, since?: unknown) {
  await ask('topic:leave', { topics: [topic] })
  const answer = await ask('topic:join', { topics: [{ topic, ...(since !== undefined && { since }) }] })
  const { topics } = (answer.ok ? answer.data : {}) as {
    topics: { position: unknown; items: unknown[] }[]
  }
  return topics[0] ?? expect.fail('The topic was not joined.')
}

describe('a private account', () => {
  test('is asked, lets in or not, and everybody is told what is theirs', async () => {
    const { id, streamId } = cyd.account
    await setPrivacy(cyd, { isPrivate: true })
    expect((await cyd.api.request('get /api/account/privacy')).privacy).toEqual({ ...OPEN, isPrivate: true })
    const told = cyd.follow(`notifications:${id}`)
    const answered = ben.follow(`notifications:${ben.account.id}`)
    const socket = await rawSocket(app, ben)
    for (let i = 0; i < 2; i++)
      expect(await call(ben, 'follow:add', id)).toMatchObject({ isFollowing: false, isRequested: true })
    await until('the request', () =>
      told.items.some(({ kind, actor }) => kind === 'follow_request' && actor?.handle === 'ben'),
    )
    expect(await profileOf(ben, 'cyd')).toMatchObject({
      isPrivate: true,
      isRequested: true,
      isFollowing: false,
    })
    expect(await joinAll(socket, [`stream:${streamId}`])).toEqual(['not_found'])
    const follows = () =>
      ben.api.request('get /api/accounts/{handle}/following', { params: { handle: 'cyd' }, query: {} })
    await expect(follows()).rejects.toMatchObject({ code: 'forbidden', details: { reason: 'private' } })
    expect(await listed(cyd, 'requests')).toEqual(['ben'])

    const topic = `follow-answers:${ben.account.id}` as const
    const before = await answersOf(socket, topic)
    const answers: unknown[] = []
    await new Promise<void>((listens) =>
      ben.connection.subscribe(topic, { onStart: () => listens(), onItems: (told) => answers.push(...told) }),
    )
    for (let i = 0; i < 2; i++) await call(cyd, 'follow-request:decline', ben.account.id)
    expect(await attempt(cyd, 'follow-request:accept', ben.account.id)).toBe('not_found')
    await call(ben, 'follow:add', id)
    await call(ben, 'follow:remove', id)
    expect(await listed(cyd, 'requests')).toEqual([])
    await call(ben, 'follow:add', id)
    for (let i = 0; i < 2; i++) await call(cyd, 'follow-request:accept', ben.account.id)
    await until('the answer', () => answered.items.some(({ kind }) => kind === 'follow_accepted'))
    await until('both answers', () => answers.length >= 2)
    const both = [false, true].map((isFollowing) => ({ accountId: id, isFollowing }))
    expect(answers).toEqual(both)
    // Nobody else hears them, and what is kept of them is judged again.
    const other = await rawSocket(app, ada)
    expect(await joinAll(other, [topic])).toEqual(['not_found'])
    other.close()
    expect((await answersOf(socket, topic, before.position)).items).toEqual(both)
    await call(cyd, 'block:add', ben.account.id)
    expect((await answersOf(socket, topic, before.position)).items).toEqual([])
    await call(cyd, 'block:remove', ben.account.id)
    await call(ben, 'follow:add', id)
    await call(cyd, 'follow-request:accept', ben.account.id)
    expect(await profileOf(ben, 'cyd')).toMatchObject({ isRequested: false, isFollowing: true })
    expect(await joinAll(socket, [`stream:${streamId}`])).toEqual(['in'])
    expect((await follows()).people).toMatchObject([{ handle: 'ada', isFollowing: false }])
    expect([...(await wrongCounters())]).toEqual([])
    socket.close()
  })

  test('an acceptance and a withdrawal at once leave nobody in', async () => {
    await call(ben, 'follow:remove', cyd.account.id)
    const device = personWith(app.url, ben.bearer)
    for (let i = 0; i < 8; i++) {
      await call(ben, 'follow:add', cyd.account.id)
      const [accepted] = await Promise.all([
        attempt(cyd, 'follow-request:accept', ben.account.id),
        call(device, 'follow:remove', cyd.account.id),
      ])
      expect(['done', 'not_found']).toContain(accepted)
      expect([...(await between(ben, cyd))]).toEqual([])
    }
    expect([...(await wrongCounters())]).toEqual([])
    device.connection.close()
  })

  test('that opens lets in everybody who waits, and keeps what was said among followers', async () => {
    const waiting = await plantFollowers(sql, cyd.account.id, 230)
    await sql`delete from follows where followee_id = ${cyd.account.id} and follower_id = any(${waiting}::uuid[])`
    await sql`update users set following_count = 0 where id = any(${waiting}::uuid[])`
    await sql`update users set followers_count = followers_count - 230 where id = ${cyd.account.id}`
    await sql`insert into follow_requests (requester_id, target_id)
      select id, ${cyd.account.id} from unnest(${waiting}::uuid[]) as w(id)`
    await say(cyd, cyd.account.streamId, 'among us')
    await setPrivacy(cyd, { isPrivate: false })
    await until('all to be in', async () => (await profileOf(ben, 'cyd')).followers >= 230)
    expect([...(await sql`select 1 from follow_requests where target_id = ${cyd.account.id}`)]).toEqual([])
    expect([...(await wrongCounters())]).toEqual([])
    await say(cyd, cyd.account.streamId, 'to everybody')
    const { messages } = await ben.connection.call('chat:history', {
      ...{ streamId: cyd.account.streamId, beforeSeq: 1000 },
    })
    expect(messages.map(({ text }) => text)).toEqual(['to everybody'])
  })

  test('who may write in a chat is what its owner says', async () => {
    const { streamId, id } = cyd.account
    await setPrivacy(cyd, { comments: 'followers' })
    await expect(say(ben, streamId)).rejects.toMatchObject({
      ...{ code: 'forbidden', details: { reason: 'audience', audience: 'followers' } },
    })
    await call(ben, 'follow:add', id)
    await say(ben, streamId)
    await setPrivacy(cyd, { comments: 'nobody' })
    await expect(say(ben, streamId)).rejects.toMatchObject({ details: { audience: 'nobody' } })
    await say(cyd, streamId)
    await setPrivacy(cyd, {})
    await say(ben, streamId)
  })
})
