import { expect, test } from 'vitest'
import { createConnection } from '../../client/connection.ts'
import type { Connection } from '../../client/types.ts'
import { sleep } from '../../src/core/time.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { CROWD_SECRET, createCrowd } from '../support/crowd.ts'
import { freePort } from '../support/free-port.ts'
import { metric } from '../support/metric.ts'
import { startSite } from '../support/nodes.ts'
import { sendMedia } from '../support/peers/peers.ts'
import { clientId, type Person, signUp, visitor } from '../support/person.ts'
import { until } from '../support/until.ts'

const SOCKETS = 300
const GROUP = 50
/** Long enough for the proxy to notice, and for sockets to go one after the other. */
const DRAIN_SECONDS = '2'

/** A transport that was taken from its sender would be replaced within this. */
const SETTLED_MS = 4000

const sockets = (node: TestApp) => metric(node, 'gateway_sockets')

test('300 sockets of a node that ends come back at the other, each once and with every line', async () => {
  await using site = await startSite(2, { SECRET_KEY: CROWD_SECRET, DRAIN_SECONDS })
  const [leaving, staying] = site.nodes as [TestApp, TestApp]
  const host = await signUp(site.front.url, 'host')
  const topic = `chat:${host.account.streamId}` as const
  const crowd = await createCrowd(leaving, SOCKETS)
  const getConfig = async () => ({ socketUrl: site.front.url, socketPort: null })
  await until('both to take sockets', () => site.front.ready().length === 2)
  const join = ({ token }: (typeof crowd)[number]) => {
    const connection = createConnection({ getConfig, getToken: token })
    const seen = { seqs: [] as number[], gaps: 0, breaks: 0 }
    connection.onState((state) => {
      if (state === 'offline') seen.breaks++
    })
    connection.subscribe(topic, {
      onItems: (items) => void seen.seqs.push(...items.map(({ seq }) => seq)),
      onStart(items, _at, isGap) {
        seen.seqs.push(...items.map(({ seq }) => seq))
        if (isGap) seen.gaps++
      },
    })
    return { connection, seen }
  }
  const members: ReturnType<typeof join>[] = []
  // In groups: a node that was busy for a moment is given its share of the next one.
  for (let i = 0; i < SOCKETS; i += GROUP) {
    members.push(...crowd.slice(i, i + GROUP).map(join))
    await until('all so far to be in', () => members.every(({ connection }) => connection.state === 'online'))
  }
  const counts = async () => [await sockets(leaving), await sockets(staying)]
  await until('all to be counted', async () => Math.min(...(await counts())) > 100)
  const moved = (await sockets(leaving)) - (host.connection.state === 'online' ? 1 : 0)

  const talking = talk(host, host.account.streamId)
  expect(await leaving.stop()).toBe(0)
  await until('all to be at the other', async () => (await sockets(staying)) === SOCKETS + 1)
  const said = await talking.end()
  const last = said.acknowledged.at(-1)?.seq ?? 0
  await until('the last line', () => members.every(({ seen }) => seen.seqs.at(-1) === last))
  const all = Array.from({ length: last }, (_, i) => i + 1)
  for (const { seen } of members) expect(seen).toMatchObject({ seqs: all, gaps: 0 })
  // Who was told to move came to the right place at the first try, and nobody else was disturbed.
  expect(Math.max(...members.map(({ seen }) => seen.breaks))).toBe(1)
  expect(members.filter(({ seen }) => seen.breaks > 0).length).toBeGreaterThanOrEqual(moved - 1)
  expect(said.failed).toEqual([])
  for (const { connection } of members) connection.close()
})

test('two gateways are replaced one after the other under chat: nobody misses a line, and no call or page fails', async () => {
  await using site = await startSite(2, { DRAIN_SECONDS })
  const { url } = site.front
  const [alice, bob] = [await signUp(url, 'alice'), await signUp(url, 'bob')]
  const guests = [await visitor(url), await visitor(url)]
  const everybody = [alice, bob, ...guests]
  const { streamId } = alice.account
  const logs = everybody.map((who) => who.follow(`chat:${streamId}`))
  await until('all to be in', () => everybody.every(({ connection }) => connection.state === 'online'))
  const talks = [talk(alice, streamId), talk(bob, streamId)]
  const asking = askAll(
    guests.map(({ connection }) => connection),
    streamId,
  )
  const pages = visit(url)
  for (const node of site.nodes) {
    expect(await node.stop()).toBe(0)
    await node.restart()
    await until('it to be back', () => site.front.ready().length === 2)
  }
  const said = await Promise.all(talks.map((each) => each.end()))
  const acknowledged = said.flatMap((each) => each.acknowledged)
  const last = Math.max(...acknowledged.map(({ seq }) => seq))
  for (const { items, gaps } of logs) {
    await until('the last line', () => items.at(-1)?.seq === last)
    expect(items.map(({ seq }) => seq)).toEqual(items.map((_, i) => i + 1))
    expect(gaps).toBe(0)
    for (const { seq, text } of acknowledged) expect(items[seq - 1]?.text).toBe(text)
  }
  expect(said.flatMap((each) => each.failed)).toEqual([])
  expect(await asking.end()).toEqual([])
  expect(await pages.end()).toEqual([])
  for (const { connection } of everybody) connection.close()
})

test('a broadcast goes on over the same transport while its sender is moved from gateway to gateway', async () => {
  const control = String(await freePort())
  const noDatabase = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', DATABASE_OWNER_URL: '' }
  await using sfu = await startApp({
    ...{ ROLES: 'media', MEDIA_CONTROL_PORT: control, SECRET_KEY: CROWD_SECRET, ...noDatabase },
  })
  const media = { ROLES: 'gateway,http,jobs', MEDIA_NODES: `http://127.0.0.1:${control}` }
  await using site = await startSite(2, { ...media, SECRET_KEY: CROWD_SECRET, DRAIN_SECONDS })
  expect(sfu.pid).toBeGreaterThan(0)
  const { url } = site.front
  const host = await signUp(url, 'host')
  const guest = await visitor(url)
  const told = guest.follow(`stream:${host.account.streamId}`)
  const status = guest.follow('media:status')
  await until('the SFU to be found', () => status.items.at(-1)?.state === 'ready')
  await host.connection.call('broadcast:start', {
    ...{ clientId: clientId(), title: 'On the move', category: 'talk', visibility: 'public' },
  })
  await using _sender = await sendMedia({ url }, host)
  const states = () => told.items.flatMap((item) => (item.type === 'broadcast' ? [item.broadcast.state] : []))
  await until('it to be live', () => states().at(-1) === 'live')
  for (const node of site.nodes) {
    expect(await node.stop()).toBe(0)
    await node.restart()
    await until('it to be back', () => site.front.ready().length === 2)
  }
  await until('the guest to be back', () => guest.connection.state === 'online')
  await sleep(SETTLED_MS)
  expect(states()).toEqual(['starting', 'live'])
  const sent = told.items.flatMap((item) => (item.type === 'media' ? [item] : []))
  expect(sent.at(-1)?.kinds).toEqual(['audio', 'video'])
  // Each producer that comes or goes has a generation of its own: sound, then picture, and nothing since.
  expect(new Set(sent.map(({ generation }) => generation)).size).toBe(2)
  for (const { connection } of [host, guest]) connection.close()
})

/** Repeats `work` until it is ended; answers what failed. */
function repeat(pauseMs: number, work: (i: number) => Promise<unknown>) {
  const failed: string[] = []
  let isOver = false
  const running = (async () => {
    for (let i = 0; !isOver; i++) {
      await work(i).catch((error: unknown) => failed.push(String(error)))
      await sleep(pauseMs)
    }
  })()
  return {
    async end() {
      isOver = true
      await running
      return failed
    },
  }
}

/** Talks below the limit of calls: 10 lines in 10 seconds would be refused. */
function talk(who: Person, streamId: string) {
  const acknowledged: { seq: number; text: string }[] = []
  const talking = repeat(1050, async (i) => {
    const text = `${who.account.handle} ${i}`
    const { seq } = await who.connection.call('chat:send', { clientId: clientId(), streamId, text })
    acknowledged.push({ seq, text })
  })
  return { end: async () => ({ acknowledged, failed: await talking.end() }) }
}

/** Calls that can't be repeated without knowing what became of them. */
const askAll = (connections: readonly Connection[], streamId: string) =>
  repeat(1000, () =>
    Promise.all(
      connections.map((connection) => connection.call('topic:leave', { topics: [`directory:${streamId}`] })),
    ),
  )

/** Below the limit of requests per minute, as somebody who opens one page after the other. */
const visit = (url: string) =>
  repeat(400, async () => {
    const answer = await fetch(`${url}/api/config`)
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  })
