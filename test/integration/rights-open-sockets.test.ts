import { describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { CROWD_SECRET, createCrowd } from '../support/crowd.ts'
import { joinAll, type Member, openMember, visitorToken } from '../support/members.ts'
import { startNodes } from '../support/nodes.ts'
import { sendMedia, watchMedia } from '../support/peers/peers.ts'
import { clientId, type Person } from '../support/person.ts'
import { rawSocket } from '../support/raw-socket.ts'
import { openSql } from '../support/sql.ts'
import { until } from '../support/until.ts'

const details = { title: 'Among us', category: 'talk' } as const

const topicsOf = (streamId: string) => [
  `stream:${streamId}`,
  `chat:${streamId}`,
  `counters:stream:${streamId}`,
]

const start = (owner: Person, visibility: 'public' | 'followers' = 'public') =>
  owner.connection.call('broadcast:start', { clientId: clientId(), ...details, visibility })

const say = (who: Person, streamId: string, text: string) =>
  who.connection.call('chat:send', { clientId: clientId(), streamId, text })

const isOut = ({ closed }: Member) => closed.length >= 3

describe('rights that change on open sockets', () => {
  test('a stream turned followers-only closes to outsiders, and a follower who leaves is put out too', async () => {
    await using app = await startApp({ SECRET_KEY: CROWD_SECRET })
    const [owner, follower] = [await app.person('owner'), await app.person('follower')]
    const { streamId, id: accountId } = owner.account
    const { id: broadcastId } = await start(owner)
    const [outsider] = await createCrowd(app, 1)
    const following = { ...(await rawSocket(app, follower)), account: follower }
    await follower.connection.call('follow:add', { accountId })
    const members = {
      outsider: await openMember(app, (await outsider?.token()) ?? ''),
      visitor: await openMember(app, await visitorToken()),
      follower: await openMember(app, (await follower.api.request('post /api/socket-token')).token),
    }
    for (const member of Object.values(members))
      expect(await joinAll(member, topicsOf(streamId))).toEqual(['in', 'in', 'in'])
    await owner.connection.call('broadcast:update', { broadcastId, ...details, visibility: 'followers' })
    for (const member of [members.outsider, members.visitor]) {
      await until('them to be out', () => isOut(member))
      expect(member.closed.map(({ topic }) => topic).sort()).toEqual(topicsOf(streamId).sort())
      expect(new Set(member.closed.map(({ code }) => code))).toEqual(new Set(['not_found']))
    }
    await say(owner, streamId, 'among us')
    await until('the line', () => members.follower.lines.length === 1)

    await follower.connection.call('follow:remove', { accountId })
    await until('who left to be out', () => isOut(members.follower))
    expect(await joinAll(members.follower, topicsOf(streamId))).toEqual(topicsOf('').map(() => 'not_found'))
    await say(owner, streamId, 'without them')
    await follower.connection.call('follow:add', { accountId })
    expect(await joinAll(members.follower, topicsOf(streamId))).toEqual(['in', 'in', 'in'])
    await say(owner, streamId, 'together again')
    await until('the line', () => members.follower.lines.length === 2)
    expect(members.follower.lines.map(({ text }) => text)).toEqual(['among us', 'together again'])
    for (const member of [members.outsider, members.visitor]) expect(member.lines).toEqual([])
    for (const { socket } of [...Object.values(members), following]) socket.close()
  })

  test('the picture ends for those who may watch no longer, and goes on for followers', async () => {
    await using app = await startApp()
    const [owner, follower, outsider] = (await Promise.all(
      ['owner', 'follower', 'outsider'].map((handle) => app.person(handle)),
    )) as [Person, Person, Person]
    const { streamId, id: accountId } = owner.account
    await follower.connection.call('follow:add', { accountId })
    const { id: broadcastId } = await start(owner)
    await using _sender = await sendMedia(app, owner)
    await using visitors = watchMedia(app, streamId, 2)
    await until(
      'a picture',
      () => visitors.reports().filter(({ stats }) => (stats?.fps ?? 0) > 0).length === 2,
    )
    // One that joined no topic at all, and one that is about to lose its socket: both hold a transport.
    const open = async (who: Person) => {
      const { transportId } = await who.connection.call('media:open-transport', {
        streamId,
        direction: 'recv',
      })
      return transportId
    }
    const kept = await open(follower)
    const lost = await open(outsider)
    await owner.connection.call('broadcast:update', { broadcastId, ...details, visibility: 'followers' })
    await until('the pictures to end', () => visitors.reports().every(({ state }) => state === 'failed'))
    const restart = (who: Person, transportId: string) =>
      who.connection.call('media:restart-ice', { transportId }).then(
        () => 'open',
        (error: { code: string }) => error.code,
      )
    await until('the transport to be closed', async () => (await restart(outsider, lost)) === 'not_found')
    expect(await restart(follower, kept)).toBe('open')
    await owner.connection.call('channel:ban', { streamId, accountId: follower.account.id })
    expect(await restart(follower, kept)).toBe('not_found')
    const { rtpCapabilities } = await owner.connection.call('media:capabilities', { streamId })
    for (const transportId of [kept, lost])
      await expect(
        follower.connection.call('media:consume', { transportId, rtpCapabilities }),
      ).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('bans', () => {
  test('a ban closes what is open with its code, ends with its time, and is undone', async () => {
    await using app = await startApp({ SECRET_KEY: CROWD_SECRET })
    const owner = await app.person('owner')
    const { streamId } = owner.account
    const [bob] = await createCrowd(app, 1)
    const accountId = bob?.id ?? ''
    const member = await openMember(app, (await bob?.token()) ?? '')
    const join = () => joinAll(member, topicsOf(streamId))
    const ban = (more: object = {}) => owner.connection.call('channel:ban', { streamId, accountId, ...more })
    expect(await join()).toEqual(['in', 'in', 'in'])
    const first = await ban({ reason: 'Spam' })
    expect(first).toMatchObject({ account: { handle: 'crowd_0' }, reason: 'Spam', until: null })
    await until('the ban to be told', () => isOut(member))
    expect(new Set(member.closed.map(({ code }) => code))).toEqual(new Set(['forbidden']))
    expect(await join()).toEqual(['forbidden', 'forbidden', 'forbidden'])
    expect(await ban({ reason: 'Spam' })).toEqual(first)
    const refused = await member.ask('chat:send', { clientId: clientId(), streamId, text: 'I am here' })
    expect(refused).toMatchObject({ ok: false, error: { code: 'forbidden', details: { reason: 'banned' } } })

    // The same ban with an end: it is over by itself, and is in the list no longer.
    const timed = await ban({ forMs: 2000 })
    expect(timed).toMatchObject({ createdAt: first.createdAt, reason: '' })
    expect(timed.until).toBeGreaterThan(first.createdAt)
    await until('its end', async () => (await join())[0] === 'in')
    expect(await listed(owner)).toEqual([])

    member.closed.length = 0
    await ban()
    await until('the ban to be told', () => isOut(member))
    for (let i = 0; i < 2; i++) await owner.connection.call('channel:unban', { streamId, handle: 'crowd_0' })
    expect(await join()).toEqual(['in', 'in', 'in'])
    expect(await listed(owner)).toEqual([])
    member.socket.close()
  })

  test('only the owner bans, and not themselves; what does not exist can not be banned', async () => {
    await using app = await startApp()
    const [owner, mallory] = [await app.person('owner'), await app.person('mallory')]
    const { streamId, id } = owner.account
    const attempt = (who: Person, call: 'channel:ban' | 'channel:unban', input: object) =>
      who.connection.call(call, input as never).then(
        () => 'done',
        (error: { code: string }) => error.code,
      )
    const missing = '00000000-0000-4000-8000-000000000000'
    expect(await attempt(mallory, 'channel:ban', { streamId, accountId: id })).toBe('forbidden')
    expect(await attempt(mallory, 'channel:unban', { streamId, accountId: id })).toBe('forbidden')
    expect(await attempt(owner, 'channel:ban', { streamId, accountId: id })).toBe('conflict')
    expect(await attempt(owner, 'channel:ban', { streamId, handle: 'owner' })).toBe('conflict')
    expect(await attempt(owner, 'channel:ban', { streamId, handle: 'nobody_here' })).toBe('not_found')
    expect(await attempt(owner, 'channel:ban', { streamId: missing, handle: 'mallory' })).toBe('not_found')
    expect(await attempt(owner, 'channel:unban', { streamId, accountId: missing })).toBe('not_found')
    for (const input of [{ streamId }, { streamId, handle: 'mallory', accountId: mallory.account.id }])
      expect(await attempt(owner, 'channel:ban', input)).toBe('invalid_input')
    await expect(listed(owner, 'mallory')).rejects.toMatchObject({ code: 'forbidden' })
    await expect(listed(owner, 'nobody_here')).rejects.toMatchObject({ code: 'not_found' })
  })

  test('the list has pages, the newest first', async () => {
    await using app = await startApp()
    const owner = await app.person('owner')
    const crowd = await createCrowd(app, 120)
    await using sql = openSql(app)
    await sql`insert into channel_bans (stream_id, account_id, banned_by, until, created_at)
      select ${owner.account.streamId}, id, ${owner.account.id},
        case when nth % 3 = 0 then now() - interval '1 hour' when nth % 3 = 1 then now() + interval '1 hour' end,
        date_trunc('milliseconds', now()) + make_interval(secs => (nth / 2) / 1000.0)
      from unnest(${crowd.map(({ id }) => id)}::uuid[]) with ordinality as c(id, nth)`
    const found = await listed(owner)
    expect(found).toHaveLength(80)
    expect(new Set(found.map(({ account }) => account.id)).size).toBe(80)
    const times = found.map(({ createdAt }) => createdAt)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
  })
})

/** All pages of who is banned from a channel. */
async function listed(owner: Person, handle = owner.account.handle) {
  const found = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const query = cursor === undefined ? {} : { cursor }
    const page = await owner.api.request('get /api/streams/{handle}/bans', { params: { handle }, query })
    found.push(...page.bans)
    cursor = page.nextCursor
  }
  return found
}

/** Joins and bans at the same moment, over and over; the ban may come from the other node. */
async function race(
  join: TestApp,
  ban: TestApp,
  rounds: number,
): Promise<{ joined: number; reached: string[] }> {
  const owner = await ban.person('owner')
  const { streamId } = owner.account
  const [bob] = await createCrowd(ban, 1)
  const accountId = bob?.id ?? ''
  const member = await openMember(join, (await bob?.token()) ?? '')
  let joined = 0
  for (let i = 0; i < rounds; i++) {
    const both = await Promise.all([
      joinAll(member, topicsOf(streamId)),
      owner.connection.call('channel:ban', { streamId, accountId }),
    ])
    if (both[0].includes('in')) joined++
    // Whatever came first: as soon as the ban is known everywhere, they are in nothing.
    await until('them to be out', async () => {
      const inTopics = both[0].filter((answer) => answer === 'in').length
      return member.closed.length >= inTopics
    })
    await say(owner, streamId, `after ban ${i}`)
    // The other gateway hears of it a moment later than who banned them.
    await until('the refusal', async () =>
      (await joinAll(member, topicsOf(streamId))).every((answer) => answer === 'forbidden'),
    )
    member.closed.length = 0
    await owner.connection.call('channel:unban', { streamId, accountId })
  }
  await until('them to be let in', async () => (await joinAll(member, [`chat:${streamId}`]))[0] === 'in')
  await say(owner, streamId, 'last')
  await until('the last line', () => member.lines.at(-1)?.text === 'last')
  const reached = member.lines.map(({ text }) => text)
  member.socket.close()
  return { joined, reached }
}

/** Below the limit of joins and bans a minute. */
const ROUNDS = 8

describe('a join that races a ban ends outside', () => {
  test.each(['uws', 'ws'])('on one gateway with %s', async (SOCKET_ENGINE) => {
    await using app = await startApp({ SECRET_KEY: CROWD_SECRET, SOCKET_ENGINE })
    const { reached } = await race(app, app, ROUNDS)
    expect(reached).toEqual(['last'])
  })

  test('on two gateways', async () => {
    await using all = await startNodes(2, { SECRET_KEY: CROWD_SECRET })
    const [one, other] = all.nodes as [TestApp, TestApp]
    const { reached } = await race(one, other, ROUNDS)
    expect(reached).toEqual(['last'])
  })
})
