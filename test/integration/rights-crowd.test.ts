import { expect, test } from 'vitest'
import { SECOND_MS, sleep } from '../../src/core/time.ts'
import type { TestApp } from '../support/app.ts'
import { CROWD_SECRET, type CrowdMember, createCrowd } from '../support/crowd.ts'
import { joinAll, type Member, openMember, visitorToken } from '../support/members.ts'
import { startNodes } from '../support/nodes.ts'
import { clientId } from '../support/person.ts'
import { openSql } from '../support/sql.ts'
import { until } from '../support/until.ts'

const FOLLOWERS = 100
const OUTSIDERS = 500
const VISITORS = 400
/** So many followers talk, each below the limit of calls. */
const TALKERS = 6
const TALK_EVERY_MS = 600
/** Sockets that are opened at once: more would wait for their handshakes longer than a client does. */
const OPEN_AT_ONCE = 50
/** The bound of the product: from then on nothing reaches whoever may not see it. */
const BOUND_MS = SECOND_MS
const LIMIT_MS = 600_000

const details = { title: 'A full house', category: 'talk' } as const

/** Members on both nodes in turn, each in all topics of the stream. */
async function enter(nodes: readonly TestApp[], tokens: (() => Promise<string>)[], topics: string[]) {
  const members: Member[] = []
  for (let from = 0; from < tokens.length; from += OPEN_AT_ONCE) {
    const some = tokens.slice(from, from + OPEN_AT_ONCE).map(async (token, i) => {
      const member = await openMember(nodes[i % nodes.length] as TestApp, await token())
      expect(await joinAll(member, topics)).toEqual(topics.map(() => 'in'))
      return member
    })
    members.push(...(await Promise.all(some)))
  }
  return members
}

/** Lines whose text is when they were sent, until it is ended. */
function talk(members: readonly Member[], streamId: string) {
  let isOver = false
  const talking = members.map(async (member, i) => {
    await sleep((i * TALK_EVERY_MS) / members.length)
    while (!isOver) {
      await member.ask('chat:send', { clientId: clientId(), streamId, text: String(Date.now()) })
      await sleep(TALK_EVERY_MS)
    }
  })
  return {
    async end() {
      isOver = true
      await Promise.all(talking)
    },
  }
}

test(
  'a stream turned followers-only with 1 000 members on two gateways: nothing later than a second reaches an outsider',
  async () => {
    await using all = await startNodes(2, { SECRET_KEY: CROWD_SECRET })
    const { nodes } = all
    const [one] = nodes as [TestApp, TestApp]
    const owner = await one.person('owner')
    const { streamId, id: ownerId } = owner.account
    const crowd = await createCrowd(one, FOLLOWERS + OUTSIDERS)
    await using sql = openSql(one)
    const following = crowd.slice(0, FOLLOWERS)
    await sql`insert into follows (follower_id, followee_id)
      select i, ${ownerId} from unnest(${following.map(({ id }) => id)}::uuid[]) as t(i)`
    const started = await owner.connection.call('broadcast:start', {
      ...{ clientId: clientId(), ...details, visibility: 'public' },
    })
    const topics = [`stream:${streamId}`, `chat:${streamId}`, `counters:stream:${streamId}`]
    const tokens = (people: readonly CrowdMember[]) => people.map(({ token }) => token)
    const followers = await enter(nodes, tokens(following), topics)
    const outsiders = await enter(
      nodes,
      [...tokens(crowd.slice(FOLLOWERS)), ...Array.from({ length: VISITORS }, () => visitorToken)],
      topics,
    )
    const talking = talk(followers.slice(0, TALKERS), streamId)
    await until('everybody to hear', () =>
      [...followers, ...outsiders].every(({ lines }) => lines.length >= 5),
    )

    const change = { broadcastId: started.id, ...details, visibility: 'followers' } as const
    await owner.connection.call('broadcast:update', change)
    const changedAtMs = Date.now()
    await until('all outsiders to be told', () => outsiders.every(({ closed }) => closed.length === 3))
    await sleep(BOUND_MS + TALK_EVERY_MS)
    await talking.end()

    // In order: once somebody was told that they are out, nothing came.
    const afterTold = outsiders.filter(({ lines, closed }) => {
      const chat = closed.find(({ topic }) => topic.startsWith('chat:'))
      return lines.some(({ atMs }) => atMs > (chat?.atMs ?? 0))
    })
    expect(afterTold).toHaveLength(0)
    const sentAtMs = outsiders.flatMap(({ lines }) => lines.map(({ text }) => Number(text)))
    expect(sentAtMs.filter((at) => at > changedAtMs + BOUND_MS)).toEqual([])
    // The followers heard all of it, to the end.
    await owner.connection.call('chat:send', { clientId: clientId(), streamId, text: 'last' })
    await until('the last line', () => followers.every(({ lines }) => lines.at(-1)?.text === 'last'))
    const late = followers[0]?.lines.filter(({ text }) => Number(text) > changedAtMs + BOUND_MS)
    expect(late?.length).toBeGreaterThan(0)
    expect(followers.every(({ closed }) => closed.length === 0)).toBe(true)
    expect(outsiders.every(({ lines }) => lines.at(-1)?.text !== 'last')).toBe(true)
    const toldMs = outsiders.flatMap(({ closed }) => closed.map(({ atMs }) => atMs - changedAtMs))
    const lastLineMs = Math.max(...sentAtMs) - changedAtMs
    console.info(`told after ${Math.min(...toldMs)}…${Math.max(...toldMs)} ms; last line ${lastLineMs} ms`)
    for (const { socket } of [...followers, ...outsiders]) socket.close()
  },
  LIMIT_MS,
)
