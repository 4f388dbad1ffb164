import postgres from 'postgres'
import { describe, expect, test } from 'vitest'
import type { TopicItem } from '../../src/contract/index.ts'
import { startApp } from '../support/app.ts'
import { mediaWorkersOf } from '../support/media-workers.ts'
import { sendMedia, watchMedia } from '../support/peers/peers.ts'
import { clientId, type Followed, type Person } from '../support/person.ts'
import { until } from '../support/until.ts'

type StreamItem = TopicItem<`stream:${string}`>
const details = { title: 'On air', category: 'music', visibility: 'public' } as const

const start = (who: Person, more: object = {}) =>
  who.connection.call('broadcast:start', { clientId: clientId(), ...details, ...more })

const statesOf = ({ items }: Followed<StreamItem>) =>
  items.flatMap((item) => (item.type === 'broadcast' ? [item.broadcast.state] : []))

const reach = (followed: Followed<StreamItem>, state: string) =>
  until(`the state ${state}`, () => statesOf(followed).at(-1) === state)

describe('the life of a broadcast', () => {
  test('starting → live → interrupted → live → ended, each pushed, and shown to who is on the home page', async () => {
    await using app = await startApp()
    const [host, guest] = [await app.person('host'), await app.visitor()]
    const { streamId } = host.account
    const stream = guest.follow(`stream:${streamId}`)
    const directory = guest.follow('directory:live')
    const counter = guest.follow(`counters:stream:${streamId}`)
    await until('the guest to be counted', () => counter.items.at(-1)?.viewers === 1)
    const { id } = await start(host)
    await reach(stream, 'starting')
    {
      await using _sender = await sendMedia(app, host)
      await reach(stream, 'live')
      await until('the card to come', () => directory.items.at(-1)?.type === 'upsert')
      expect(directory.items.at(-1)).toMatchObject({ stream: { handle: 'host', state: 'live' } })
      const { streams } = await guest.api.request('get /api/streams/live')
      expect(streams).toMatchObject([{ handle: 'host', title: 'On air', state: 'live', viewers: 1 }])
    }
    await reach(stream, 'interrupted')
    await using _again = await sendMedia(app, host)
    await reach(stream, 'live')
    const ended = await host.connection.call('broadcast:end', { broadcastId: id })
    expect(ended).toMatchObject({ id, state: 'ended', endReason: 'ended_by_owner' })
    await reach(stream, 'ended')
    expect(statesOf(stream)).toEqual(['starting', 'live', 'interrupted', 'live', 'ended'])
    await until('the card to go', () => directory.items.at(-1)?.type === 'remove')
    expect((await guest.api.request('get /api/streams/live')).streams).toEqual([])
    expect(await host.connection.call('broadcast:end', { broadcastId: id })).toEqual(ended)
  })

  test('one that never gets a picture, or loses it for longer than the grace, ends by itself', async () => {
    await using app = await startApp({ BROADCAST_GRACE_SECONDS: '5' })
    const [never, lost] = [await app.person('never'), await app.person('lost')]
    const neverStream = never.follow(`stream:${never.account.streamId}`)
    const lostStream = lost.follow(`stream:${lost.account.streamId}`)
    await start(never)
    await start(lost)
    await (await sendMedia(app, lost))[Symbol.asyncDispose]()
    await Promise.all([reach(neverStream, 'ended'), reach(lostStream, 'ended')])
    const reasonOf = (followed: Followed<StreamItem>) => {
      const last = followed.items.findLast((item) => item.type === 'broadcast')
      return last?.type === 'broadcast' ? last.broadcast.endReason : undefined
    }
    expect(reasonOf(neverStream)).toBe('never_started')
    expect(reasonOf(lostStream)).toBe('connection_lost')
    expect(statesOf(lostStream)).toEqual(['starting', 'live', 'interrupted', 'ended'])
  })

  test('a worker that is killed is replaced; sender and viewers come back into the same broadcast', async () => {
    await using app = await startApp()
    const host = await app.person('host')
    const { streamId } = host.account
    const stream = host.follow(`stream:${streamId}`)
    const { id } = await start(host)
    await using _sender = await sendMedia(app, host)
    await reach(stream, 'live')
    await using viewers = watchMedia(app, streamId, 3)
    const fps = () =>
      viewers.reports().map(({ state, stats }) => (state === 'playing' ? (stats?.fps ?? 0) : 0))
    const everybodySees = () =>
      until('a picture everywhere', () => fps().length === 3 && fps().every((n) => n > 0))
    await everybodySees()
    const generation = () => stream.items.findLast((item) => item.type === 'media')
    const before = generation()
    const old = await mediaWorkersOf(app.pid)
    for (const pid of old) process.kill(pid, 'SIGKILL')
    await until('new workers', async () => {
      const now = await mediaWorkersOf(app.pid)
      return now.length === old.length && now.every((pid) => !old.includes(pid))
    })
    await until('the sender to send again', () => {
      const now = generation()
      return (
        now?.type === 'media' &&
        before?.type === 'media' &&
        now.generation > before.generation &&
        now.kinds.length === 2
      )
    })
    await everybodySees()
    const { stream: page } = await host.api.request('get /api/streams/{handle}', {
      params: { handle: 'host' },
    })
    await reach(stream, 'live')
    expect(page.broadcast?.id).toBe(id)
  })

  test('a server that is killed and started again goes on with the broadcast when the sender is back', async () => {
    await using app = await startApp()
    const [host, guest] = [await app.person('host'), await app.visitor()]
    const { streamId } = host.account
    const { id } = await start(host)
    await using _sender = await sendMedia(app, host)
    const stateOf = async () =>
      (await guest.api.request('get /api/streams/{handle}', { params: { handle: 'host' } })).stream.broadcast
    await until('the stream to be live', async () => (await stateOf())?.state === 'live')
    await app.restart()
    await using viewers = watchMedia(app, streamId, 1)
    await until('the picture after the restart', () => (viewers.reports()[0]?.stats?.fps ?? 0) > 0)
    await until('the state', async () => (await stateOf())?.state === 'live')
    expect((await stateOf())?.id).toBe(id)
  })
})

test('a sender that goes while the database is away is missed when it is back', async () => {
  await using app = await startApp()
  const [host, guest] = [await app.person('host'), await app.visitor()]
  const { streamId } = host.account
  const stream = guest.follow(`stream:${streamId}`)
  await start(host)
  const sender = await sendMedia(app, host)
  await reach(stream, 'live')
  const admin = postgres(app.database.adminUrl, { max: 1 })
  const name = new URL(app.database.appUrl).pathname.slice(1)
  await admin.unsafe(`alter database ${name} with allow_connections false`)
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`
  await sender[Symbol.asyncDispose]()
  await until('the move that could not be written', () => app.output().includes(`"streamId":"${streamId}"`))
  expect(statesOf(stream).at(-1)).toBe('live')
  await admin.unsafe(`alter database ${name} with allow_connections true`)
  await admin.end()
  await reach(stream, 'interrupted')
})

describe('rights and races', () => {
  test('changing and cancelling an announcement leaves alone what is on air', async () => {
    await using app = await startApp()
    const [host, guest] = [await app.person('host'), await app.visitor()]
    const stream = guest.follow(`stream:${host.account.streamId}`)
    const directory = guest.follow('directory:live')
    const { id } = await start(host)
    await using _sender = await sendMedia(app, host)
    await reach(stream, 'live')
    const input = { clientId: clientId(), ...details, scheduledFor: Date.now() + 3_600_000 }
    const { id: broadcastId } = await host.connection.call('broadcast:schedule', input)
    await host.connection.call('broadcast:update', { broadcastId, ...details, title: 'Another time' })
    const cancelled = await host.connection.call('broadcast:end', { broadcastId })
    expect(cancelled).toMatchObject({ state: 'ended', endReason: 'cancelled' })
    await until('the word of it', () => statesOf(stream).at(-1) === 'ended')
    // Ending the media would show as a room with nothing in it.
    const renamed = { broadcastId: id, ...details, title: 'Still on air' }
    expect(await host.connection.call('broadcast:update', renamed)).toMatchObject({ id, state: 'live' })
    await until('the new title', () => {
      const last = directory.items.at(-1)
      return last?.type === 'upsert' && last.stream.title === 'Still on air'
    })
    expect(directory.items.filter(({ type }) => type === 'remove').length).toBeLessThanOrEqual(1)
    expect(stream.items.filter((item) => item.type === 'media').at(-1)).toMatchObject({
      kinds: expect.arrayContaining(['video']),
    })
  })

  test('two devices press the button at once: one broadcast, one conflict', async () => {
    await using app = await startApp()
    const host = await app.person('host')
    const both = await Promise.allSettled([start(host), start(host)])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = both.find((one) => one.status === 'rejected')
    expect(refused?.reason).toMatchObject({ code: 'conflict', details: { reason: 'on_air' } })
  })

  test('others can not change, end or feed a broadcast, and transports belong to who opened them', async () => {
    await using app = await startApp()
    const [host, mallory] = [await app.person('host'), await app.person('mallory')]
    const { streamId } = host.account
    const { id: broadcastId } = await start(host)
    const attempt = (who: Person, ...args: Parameters<Person['connection']['call']>) =>
      who.connection.call(...args).then(
        () => 'done',
        (error: { code: string }) => error.code,
      )
    expect(await attempt(mallory, 'broadcast:end', { broadcastId })).toBe('not_found')
    expect(await attempt(mallory, 'broadcast:update', { broadcastId, ...details })).toBe('not_found')
    expect(await attempt(mallory, 'media:open-transport', { streamId, direction: 'send' })).toBe('forbidden')
    const { transportId } = await host.connection.call('media:open-transport', {
      streamId,
      direction: 'send',
    })
    expect(await attempt(mallory, 'media:restart-ice', { transportId })).toBe('not_found')
    expect(await attempt(mallory, 'media:close-transport', { transportId })).toBe('not_found')
    const produce = { transportId, kind: 'audio', rtpParameters: { codecs: [] } } as const
    expect(await attempt(mallory, 'media:produce', produce)).toBe('not_found')
    expect(await attempt(host, 'media:produce', produce)).toBe('invalid_input')
    const own = await mallory.connection.call('media:open-transport', { streamId, direction: 'recv' })
    expect(await attempt(mallory, 'media:produce', { ...produce, transportId: own.transportId })).toBe(
      'forbidden',
    )
    const other = mallory.account.streamId
    expect(await attempt(host, 'media:open-transport', { streamId: other, direction: 'recv' })).toBe(
      'stream_not_live',
    )
    expect(await attempt(host, 'media:open-transport', { streamId: broadcastId, direction: 'recv' })).toBe(
      'not_found',
    )
  })

  test('an announced broadcast is listed, can be started or cancelled, and is not live before', async () => {
    await using app = await startApp()
    const [host, guest] = [await app.person('host'), await app.visitor()]
    const scheduledFor = Date.now() + 3_600_000
    const schedule = () =>
      host.connection.call('broadcast:schedule', { clientId: clientId(), ...details, scheduledFor })
    const [first, second] = [await schedule(), await schedule()]
    const page = async () =>
      (await guest.api.request('get /api/streams/{handle}', { params: { handle: 'host' } })).stream
    expect((await page()).upcoming.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort())
    await host.connection.call('broadcast:end', { broadcastId: second.id })
    expect((await page()).upcoming.map(({ id }) => id)).toEqual([first.id])
    const begun = await start(host, { scheduledBroadcastId: first.id })
    expect(begun).toMatchObject({ id: first.id, state: 'starting' })
    await expect(start(host, { scheduledBroadcastId: first.id })).rejects.toMatchObject({ code: 'not_found' })
    expect((await page()).broadcast?.id).toBe(first.id)
    await expect(
      host.connection.call('broadcast:schedule', { clientId: clientId(), ...details, scheduledFor: 5 }),
    ).rejects.toMatchObject({ code: 'conflict' })
  })
})
