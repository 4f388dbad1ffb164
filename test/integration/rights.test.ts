import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CallError } from '../../client/types.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { joinAll } from '../support/members.ts'
import { sendMedia } from '../support/peers/peers.ts'
import { clientId, type Person } from '../support/person.ts'
import { type RawSocket, rawSocket } from '../support/raw-socket.ts'
import { openSql } from '../support/sql.ts'
import { until } from '../support/until.ts'

const ROLES = ['owner', 'follower', 'outsider', 'banned', 'visitor'] as const
type Role = (typeof ROLES)[number]
type Who = Person & RawSocket

const details = { title: 'Among us', category: 'talk' } as const
const codeOf = (error: CallError) => error.code

/** What everybody is answered to everything there is of one channel, over HTTP and sockets. */
describe('a channel as it is seen', () => {
  let app: TestApp
  let people: Record<Role, Who>
  let streamId: string
  let broadcastId: string

  beforeAll(async () => {
    app = await startApp()
    const enter = async (person: Person): Promise<Who> => ({ ...person, ...(await rawSocket(app, person)) })
    people = {
      owner: await enter(await app.person('owner')),
      follower: await enter(await app.person('follower')),
      outsider: await enter(await app.person('outsider')),
      banned: await enter(await app.person('banned')),
      visitor: await enter(await app.visitor()),
    }
    const { owner, follower, banned } = people
    streamId = owner.account.streamId
    for (const { connection } of [follower, banned])
      await connection.call('follow:add', { accountId: owner.account.id })
    const started = await owner.connection.call('broadcast:start', {
      ...{ clientId: clientId(), ...details, visibility: 'followers' },
    })
    broadcastId = started.id
    await owner.connection.call('channel:ban', { streamId, handle: 'banned', reason: 'Spam' })
  })
  afterAll(async () => {
    for (const { close } of Object.values(people)) close()
    await app[Symbol.asyncDispose]()
  })

  const call = async (who: Who, name: string, input: object) => {
    const ack = await who.ask(name, input)
    return ack.ok ? 'yes' : ack.error.code
  }
  const reads: Record<string, (who: Who) => Promise<string>> = {
    'the live page': ({ api }) =>
      api
        .request('get /api/streams/{handle}', { params: { handle: 'owner' } })
        .then(({ stream }) => (stream.broadcast?.id === broadcastId ? 'yes' : 'no'), codeOf),
    'the topic of the stream': async (who) => String(await joinAll(who, [`stream:${streamId}`])),
    'the topic of the chat': async (who) => String(await joinAll(who, [`chat:${streamId}`])),
    'the topic of the counters': async (who) => String(await joinAll(who, [`counters:stream:${streamId}`])),
    'chat:history': (who) => call(who, 'chat:history', { streamId, beforeSeq: 100 }),
    'chat:send': (who) => call(who, 'chat:send', { clientId: clientId(), streamId, text: 'Hello' }),
    'like:add': (who) => call(who, 'like:add', { broadcastId }),
    'like:remove': (who) => call(who, 'like:remove', { broadcastId }),
    'media:capabilities': (who) => call(who, 'media:capabilities', { streamId }),
    'media:open-transport': (who) => call(who, 'media:open-transport', { streamId, direction: 'recv' }),
  }
  const account = { visitor: 'unauthenticated' } as const
  const forAccounts: Record<string, Partial<Record<Role, string>>> = {
    'chat:send': account,
    'like:add': account,
    'like:remove': account,
  }
  const isTopic = (name: string) => name.startsWith('the topic')

  /** The answers of a read while the broadcast has a visibility; `yes` where it is open to somebody. */
  const expected = (name: string, visibility: 'public' | 'unlisted' | 'followers') => {
    const open = isTopic(name) ? 'in' : 'yes'
    const outside = visibility === 'followers' ? 'not_found' : open
    const all = { owner: open, follower: open, outsider: outside, banned: 'forbidden', visitor: outside }
    return { ...all, ...forAccounts[name] }
  }

  describe.each(['followers', 'public', 'unlisted', 'followers'] as const)('%s', (visibility) => {
    beforeAll(async () => {
      await people.owner.connection.call('broadcast:update', { broadcastId, ...details, visibility })
    })

    test.each(Object.keys(reads))('%s', async (name) => {
      const answers = await Promise.all(
        ROLES.map(async (role) => [role, await reads[name]?.(people[role])] as const),
      )
      expect(Object.fromEntries(answers)).toEqual(expected(name, visibility))
    })

    test('the list of live streams has public ones only', async () => {
      const { streams } = await people.follower.api.request('get /api/streams/live')
      // It has no picture yet, and is in no list.
      expect(streams).toEqual([])
    })

    test('a transport of others is as closed as one that never was', async () => {
      const opened = await people.follower.ask('media:open-transport', { streamId, direction: 'recv' })
      const { transportId } = (opened as { data: { transportId: string } }).data
      expect(await call(people.outsider, 'media:restart-ice', { transportId })).toBe('not_found')
      expect(await call(people.follower, 'media:close-transport', { transportId })).toBe('yes')
    })
  })

  test('why somebody is banned from what is told to them, with its end', async () => {
    const { owner, banned } = people
    const refusal = () =>
      banned.api.request('get /api/streams/{handle}', { params: { handle: 'owner' } }).then(
        () => undefined,
        (error: CallError) => error.details,
      )
    expect(await refusal()).toEqual({ reason: 'banned', untilMs: null })
    const { until: endsAt } = await owner.connection.call('channel:ban', {
      ...{ streamId, handle: 'banned', forMs: 600_000 },
    })
    expect(await refusal()).toEqual({ reason: 'banned', untilMs: endsAt })
    const sent = await banned.ask('chat:send', { clientId: clientId(), streamId, text: 'Hello' })
    expect(sent).toMatchObject({ ok: false, error: { code: 'forbidden', details: { untilMs: endsAt } } })
  })

  test('a stream by another spelling of its id is none: nobody could be put out of it', async () => {
    const topics = [`stream:${streamId.toUpperCase()}`, `chat:${streamId.toUpperCase()}`]
    expect(await joinAll(people.follower, topics)).toEqual(['not_found', 'not_found'])
  })
})

describe('what is for followers', () => {
  test('feed and notifications tell followers of it, and nobody else', async () => {
    await using app = await startApp()
    const [owner, follower, outsider, banned] = (await Promise.all(
      ['owner', 'follower', 'outsider', 'banned'].map((handle) => app.person(handle)),
    )) as [Person, Person, Person, Person]
    const { id: accountId, streamId } = owner.account
    for (const { connection } of [follower, banned]) await connection.call('follow:add', { accountId })
    await owner.connection.call('channel:ban', { streamId, accountId: banned.account.id })
    const pushed = [follower, outsider, banned].map((who) => who.follow(`feed:${who.account.id}`))
    const stream = outsider.follow(`stream:${streamId}`)
    await until('everybody to be in', async () =>
      (await joinAll(await rawSocket(app, outsider), [`stream:${streamId}`])).includes('in'),
    )
    const input = { clientId: clientId(), ...details, visibility: 'followers' } as const
    await owner.connection.call('broadcast:schedule', { ...input, scheduledFor: Date.now() + 3_600_000 })
    await until('the push to the follower', () => pushed[0]?.items.length === 1)
    // Who is in the stream learns that something changed, and not what.
    await until('the hint', () => stream.items.length === 1)
    expect(stream.items).toEqual([{ type: 'changed' }])
    const upcoming = async (who: Person) => {
      const params = { handle: 'owner' }
      return (await who.api.request('get /api/streams/{handle}', { params })).stream.upcoming.length
    }
    expect([await upcoming(follower), await upcoming(outsider)]).toEqual([1, 0])
    const feed = async (who: Person) => (await who.api.request('get /api/feed', { query: {} })).items.length
    expect([await feed(follower), await feed(outsider), await feed(banned)]).toEqual([1, 0, 0])
    expect(pushed.map(({ items }) => items.length)).toEqual([1, 0, 0])

    // Once it is live, whoever follows and is not banned is notified. The last one follows without a ban: all are told by then.
    const last = await app.person('last')
    await last.connection.call('follow:add', { accountId })
    const told = [follower, outsider, banned, last].map((who) =>
      who.follow(`notifications:${who.account.id}`),
    )
    await owner.connection.call('broadcast:start', { ...input, clientId: clientId(), title: 'Live among us' })
    await using _sender = await sendMedia(app, owner)
    for (const log of [told[0], told[3]])
      await until('the notification', () =>
        log?.items.some(({ broadcast }) => broadcast?.title === 'Live among us'),
      )
    expect(told.map(({ items }) => items.filter(({ kind }) => kind === 'live').length)).toEqual([1, 0, 0, 1])
  })

  test('what was said among followers stays among them when the stream is open again', async () => {
    await using app = await startApp()
    const [owner, follower, outsider] = (await Promise.all(
      ['owner', 'follower', 'outsider'].map((handle) => app.person(handle)),
    )) as [Person, Person, Person]
    const { id: accountId, streamId } = owner.account
    await follower.connection.call('follow:add', { accountId })
    const say = (text: string) => owner.connection.call('chat:send', { clientId: clientId(), streamId, text })
    const socket = await rawSocket(app, outsider)
    const events = outsider.follow(`stream:${streamId}`)
    await say('before')
    const secret = {
      clientId: clientId(),
      ...details,
      title: 'Secret title',
      visibility: 'followers',
    } as const
    const { id: broadcastId } = await owner.connection.call('broadcast:start', secret)
    await until('the outsider to be out', () => events.closed.length === 1)
    await say('secret')
    await owner.connection.call('broadcast:end', { broadcastId })
    await until('the stream to be open', async () =>
      (await joinAll(socket, [`chat:${streamId}`])).includes('in'),
    )
    await say('after')
    const texts = async (who: Person) => {
      const page = await who.connection.call('chat:history', { streamId, beforeSeq: 1000 })
      return page.messages.map(({ text }) => text)
    }
    expect(await texts(outsider)).toEqual(['after'])
    expect(await texts(follower)).toEqual(['before', 'secret', 'after'])
    // Every way into the history: without a position, from the beginning, and of the states of the stream.
    const since = { epoch: '', offset: 0 }
    const joined = await socket.ask('topic:join', { topics: [{ topic: `chat:${streamId}` }] })
    since.epoch = epochOf(joined)
    const replay = await socket.ask('topic:join', {
      topics: [{ topic: `chat:${streamId}`, since }, { topic: `stream:${streamId}` }],
    })
    const epoch = epochOf(replay, 1)
    const states = await socket.ask('topic:join', {
      topics: [{ topic: `stream:${streamId}`, since: { epoch, offset: 0 } }],
    })
    for (const answer of [joined, replay, states]) {
      expect(answer.ok).toBe(true)
      expect(JSON.stringify(answer)).not.toMatch(/before|secret/i)
    }
    expect(JSON.stringify(replay)).toContain('after')
    const { stream } = await outsider.api.request('get /api/streams/{handle}', {
      params: { handle: 'owner' },
    })
    expect(stream).toMatchObject({ broadcast: null, upcoming: [] })
    // As one that had been live: it is the last broadcast of the stream now.
    await using sql = openSql(app)
    await sql`update broadcasts set end_reason = 'ended_by_owner' where id = ${broadcastId}`
    const shown = async (who: Person) => {
      const params = { handle: 'owner' }
      return (await who.api.request('get /api/streams/{handle}', { params })).stream.broadcast?.title
    }
    expect([await shown(follower), await shown(outsider)]).toEqual(['Secret title', undefined])
    const liked = await socket.ask('like:add', { broadcastId })
    expect(liked).toMatchObject({ ok: false, error: { code: 'not_found' } })
    const counters = outsider.follow(`counters:stream:${streamId}`)
    await until('the counters', () => counters.items.length > 0)
    expect(counters.items.at(-1)?.likes).toBeNull()
    socket.close()
  })
})

const epochOf = (answer: unknown, at = 0): string =>
  (answer as { data: { topics: { position: { epoch: string } }[] } }).data.topics[at]?.position.epoch ?? ''
