import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { calls, routes, topics } from '../../src/contract/index.ts'
import { HOUR_MS } from '../../src/core/time.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { sendMedia } from '../support/peers/peers.ts'
import { clientId } from '../support/person.ts'
import { rawSocket } from '../support/raw-socket.ts'
import { openSql } from '../support/sql.ts'
import { until } from '../support/until.ts'
import { plantPlaylist, plantVideo } from '../support/videos.ts'
import { viewing } from '../support/watching.ts'
import { callOf, type Probe, routeOf, shows, topicOf, type Who } from './safety-probes.ts'
import { UNASKED } from './safety-unasked.ts'

/** `friend` follows and sees everything: what a probe looks for is really there. */
const ROLES = ['friend', 'blocked', 'blocker', 'muter', 'stranger'] as const
type Role = (typeof ROLES)[number]

const TITLE = 'Title of the secret show'
const VIDEO = 'Title of the secret video'
const PREMIERE = 'Title of the secret premiere'
const LINE = 'A line of the secret chat'
const ELSEWHERE = 'A line in the chat of others'
const details = { category: 'talk', visibility: 'public' } as const

let app: TestApp
let people: Record<Role | 'owner' | 'common', Who>
let sender: AsyncDisposable
let broadcastId: string
let videoId: string
let premiereId: string
let playlistId: string
let mixedId: string
let otherId: string

const streamId = () => people.owner.account.streamId
const ofOwner = () => ({ params: { handle: 'owner' }, query: {} })
const ofVideo = (id: string) => ({ params: { videoId: id } })
const ofList = (id: string) => ({ params: { playlistId: id }, query: {} })
const ofCommon = () => ({ params: { handle: 'common' }, query: {} })

/**
 * Everything of the contract: how to ask for it what there is of `owner`, and what the friend finds there; or why it needs
 * no question. Whatever is added to the contract must be added here or to `UNASKED`.
 */
const SURFACES: Record<string, { probe: Probe; finds: string } | string> = {
  getProfile: shows((who) => who.api.request('get /api/accounts/{handle}', ofOwner()), '"handle":"owner"'),
  listFollowers: shows(
    (who) => who.api.request('get /api/accounts/{handle}/followers', ofCommon()),
    '"handle":"owner"',
  ),
  listFollowing: shows(
    (who) => who.api.request('get /api/accounts/{handle}/following', ofCommon()),
    '"handle":"owner"',
  ),
  getStream: shows((who) => who.api.request('get /api/streams/{handle}', ofOwner()), TITLE),
  listLive: { probe: routeOf((who) => who.api.request('get /api/streams/live')), finds: TITLE },
  getVideo: shows((who) => who.api.request('get /api/videos/{videoId}', ofVideo(videoId)), VIDEO),
  getPlayback: shows(
    (who) => who.api.request('get /api/videos/{videoId}/playback', ofVideo(videoId)),
    'ready',
  ),
  listRelatedVideos: shows(
    (who) => who.api.request('get /api/videos/{videoId}/related', ofVideo(otherId)),
    VIDEO,
  ),
  listVideos: { probe: routeOf((who) => who.api.request('get /api/videos', { query: {} })), finds: VIDEO },
  listChannelVideos: shows((who) => who.api.request('get /api/accounts/{handle}/videos', ofOwner()), VIDEO),
  listPremieres: {
    probe: routeOf((who) => who.api.request('get /api/videos/premieres', { query: {} })),
    finds: PREMIERE,
  },
  'listPremieres of a channel': shows(
    (who) => who.api.request('get /api/videos/premieres', { query: { handle: 'owner' } }),
    PREMIERE,
  ),
  'getVideo of a premiere': shows(
    (who) => who.api.request('get /api/videos/{videoId}', ofVideo(premiereId)),
    PREMIERE,
  ),
  'premiere:{videoId}': { probe: topicOf(() => `premiere:${premiereId}`), finds: '"position"' },
  getPlaylist: shows((who) => who.api.request('get /api/playlists/{playlistId}', ofList(playlistId)), VIDEO),
  'getPlaylist of others': shows(
    (who) => who.api.request('get /api/playlists/{playlistId}', ofList(mixedId)),
    VIDEO,
  ),
  listOwnPlaylists: shows((who) => who.api.request('get /api/playlists', { query: {} }), VIDEO),
  listChannelPlaylists: shows(
    (who) => who.api.request('get /api/accounts/{handle}/playlists', ofOwner()),
    VIDEO,
  ),
  listHistory: shows((who) => who.api.request('get /api/history', { query: {} }), VIDEO),
  reportWatching: {
    probe: routeOf((who) =>
      who.api.request('post /api/videos/{videoId}/watching', { params: { videoId }, body: viewing(videoId) }),
    ),
    finds: 'isAccepted',
  },
  'watch:report': { probe: callOf('watch:report', () => viewing(videoId)), finds: 'isAccepted' },
  'counters:video:{videoId}': { probe: topicOf(() => `counters:video:${videoId}`), finds: '"position"' },
  getFeed: { probe: routeOf((who) => who.api.request('get /api/feed', { query: {} })), finds: TITLE },
  'notifications:list': { probe: callOf('notifications:list', () => ({ beforeSeq: 1000 })), finds: TITLE },
  'chat:history': {
    probe: callOf('chat:history', () => ({ streamId: streamId(), beforeSeq: 1000 })),
    finds: LINE,
  },
  'chat:history elsewhere': {
    probe: callOf('chat:history', () => ({ streamId: people.common.account.streamId, beforeSeq: 1000 })),
    finds: ELSEWHERE,
  },
  'chat:send': {
    probe: callOf('chat:send', () => ({ clientId: clientId(), streamId: streamId(), text: 'Hello' })),
    finds: '"ok":true',
  },
  'like:add': { probe: callOf('like:add', () => ({ broadcastId })), finds: '"ok":true' },
  'like:remove': { probe: callOf('like:remove', () => ({ broadcastId })), finds: '"ok":true' },
  'follow:add': {
    probe: callOf('follow:add', () => ({ accountId: people.owner.account.id })),
    finds: '"ok":true',
  },
  'media:capabilities': {
    probe: callOf('media:capabilities', () => ({ streamId: streamId() })),
    finds: '"ok":true',
  },
  'media:open-transport': {
    probe: callOf('media:open-transport', () => ({ streamId: streamId(), direction: 'recv' })),
    finds: '"ok":true',
  },
  'stream:{streamId}': { probe: topicOf(() => `stream:${streamId()}`), finds: TITLE },
  'chat:{streamId}': { probe: topicOf(() => `chat:${streamId()}`), finds: LINE },
  'counters:stream:{streamId}': {
    probe: topicOf(() => `counters:stream:${streamId()}`),
    finds: '"position"',
  },
  'counters:account:{accountId}': {
    probe: topicOf(() => `counters:account:${people.owner.account.id}`),
    finds: '"position"',
  },
  'directory:live': { probe: topicOf(() => 'directory:live'), finds: TITLE },
  'notifications:{userId}': { probe: topicOf(() => 'notifications:{self}'), finds: TITLE },
  'feed:{userId}': { probe: topicOf(() => 'feed:{self}'), finds: TITLE },
  ...UNASKED,
}
const asked = Object.entries(SURFACES).flatMap(([name, surface]) =>
  typeof surface === 'string' ? [] : [[name, surface] as const],
)

test.each([...Object.keys(calls), ...Object.keys(topics), ...Object.keys(routes)])(
  'it is known whom %s shows to whom',
  (name) => expect(Object.keys(SURFACES)).toContain(name),
)

beforeAll(async () => {
  app = await startApp()
  const enter = async (handle: string): Promise<Who> => {
    const person = await app.person(handle)
    return { ...person, ...(await rawSocket(app, person)) }
  }
  const entered: [string, Who][] = []
  for (const handle of ['owner', 'common', ...ROLES]) entered.push([handle, await enter(handle)])
  people = Object.fromEntries(entered) as typeof people
  const { owner, common } = people
  const follow = (who: Who, whom: Who) => who.connection.call('follow:add', { accountId: whom.account.id })
  await Promise.all(ROLES.filter((role) => role !== 'stranger').map((role) => follow(people[role], owner)))
  await follow(common, owner)
  await follow(owner, common)
  // They are there when it happens: pushed and kept, not only read.
  const feeds = ROLES.map((role) => people[role].follow(`feed:${people[role].account.id}`))
  const told = ROLES.map((role) => people[role].follow(`notifications:${people[role].account.id}`))
  for (const role of ROLES) people[role].follow('directory:live')
  const started = await owner.connection.call('broadcast:start', {
    clientId: clientId(),
    title: TITLE,
    ...details,
  })
  broadcastId = started.id
  await using sql = openSql(app)
  videoId = await plantVideo(sql, { ownerId: owner.account.id, title: VIDEO })
  premiereId = await plantVideo(sql, {
    ...{ ownerId: owner.account.id, title: PREMIERE, premiereInMs: HOUR_MS },
  })
  playlistId = await plantPlaylist(sql, { ownerId: owner.account.id, videoIds: [videoId] })
  otherId = await plantVideo(sql, { ownerId: common.account.id })
  mixedId = await plantPlaylist(sql, { ownerId: common.account.id, videoIds: [videoId] })
  for (const role of ROLES) {
    await plantPlaylist(sql, { ownerId: people[role].account.id, videoIds: [videoId] })
    await sql`insert into watch_history (user_id, video_id, session_id, watched_at)
      values (${people[role].account.id}, ${videoId}, gen_random_uuid(), date_trunc('milliseconds', now()))`
  }
  sender = await sendMedia(app, owner)
  for (const logs of [feeds, told])
    await until(
      'it to be told to the four who follow',
      () => logs.filter(({ items }) => items.length > 0).length === 4,
    )
  await owner.connection.call('chat:send', { clientId: clientId(), streamId: streamId(), text: LINE })
  await owner.connection.call('chat:send', {
    ...{ clientId: clientId(), streamId: common.account.streamId, text: ELSEWHERE },
  })
})
afterAll(async () => {
  for (const { close } of Object.values(people ?? {})) close()
  await sender?.[Symbol.asyncDispose]()
  await app?.[Symbol.asyncDispose]()
})

const answerOf = async (probe: Probe, role: Role) => JSON.stringify(await probe(people[role]))
/** Everything that is of the owner, and nobody else's. */
const made = [TITLE, LINE, ELSEWHERE, VIDEO, PREMIERE]

describe('before anybody minds', () => {
  test.each(asked)('%s shows the owner to a friend', async (_name, { probe, finds }) => {
    expect(await answerOf(probe, 'friend')).toContain(finds)
  })
})

describe('once people block and mute', () => {
  beforeAll(async () => {
    const { owner, blocked, blocker, muter } = people
    await owner.connection.call('block:add', { accountId: blocked.account.id })
    await blocker.connection.call('block:add', { accountId: owner.account.id })
    await muter.connection.call('mute:add', { accountId: owner.account.id })
  })

  test.each(asked)('%s shows whom one is blocked by to nobody', async (_name, { probe, finds }) => {
    const answer = await answerOf(probe, 'blocked')
    for (const text of [...made, finds, '"handle":"owner"']) expect(answer).not.toContain(text)
  })

  test.each(asked)('%s shows whom one blocks by the notice at most', async (_name, { probe }) => {
    const answer = await answerOf(probe, 'blocker')
    for (const text of made) expect(answer).not.toContain(text)
  })

  test('who mutes is told of nothing, and finds everything that they look for', async () => {
    const quiet = [
      'listLive',
      'listVideos',
      'listPremieres',
      'listRelatedVideos',
      'getFeed',
      'notifications:list',
      'chat:history',
      'chat:history elsewhere',
    ]
    const pushed = ['directory:live', 'notifications:{userId}', 'feed:{userId}']
    for (const [name, { probe, finds }] of asked) {
      const answer = await answerOf(probe, 'muter')
      if ([...quiet, ...pushed].includes(name))
        for (const text of made) expect(answer, name).not.toContain(text)
      else expect(answer, name).toContain(finds)
    }
  })

  test.each(asked)('%s shows the owner to a friend as before', async (_name, { probe, finds }) => {
    expect(await answerOf(probe, 'friend')).toContain(finds)
  })
})

describe('once the account is private', () => {
  beforeAll(async () => {
    await people.owner.api.request('put /api/account/privacy', {
      body: { isPrivate: true, comments: 'everyone', mentions: 'everyone', messages: 'everyone' },
    })
  })

  /** The card, and that it stands in lists of others. */
  const cards = ['getProfile', 'listFollowers', 'listFollowing', 'counters:account:{accountId}', 'follow:add']

  test.each(asked)('%s shows no more than the card to a stranger', async (name, { probe, finds }) => {
    const answer = await answerOf(probe, 'stranger')
    // In the room of somebody else, they said it to everybody.
    if (name === 'chat:history elsewhere') return expect(answer).toContain(ELSEWHERE)
    for (const text of made) expect(answer).not.toContain(text)
    if (cards.includes(name)) expect(answer).toContain(finds)
    else expect(answer).not.toContain(finds)
  })

  test.each(asked)(
    '%s shows everything to a follower, but for the list of everybody',
    async (name, { probe, finds }) => {
      const answer = await answerOf(probe, 'friend')
      // A list for everybody has what one's own eyes may see; a live one is told to all alike.
      if (['listLive', 'directory:live'].includes(name)) expect(answer).not.toContain(finds)
      else expect(answer).toContain(finds)
    },
  )
})
