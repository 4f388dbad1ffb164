import { createConnection } from '../../../client/connection.ts'
import { createApi } from '../../../client/http.ts'
import type { Connection } from '../../../client/types.ts'
import { sleep } from '../../../src/core/time.ts'
import type { ChatMessage } from '../../../src/features/chat/chat.repo.ts'
import type { TestApp } from '../../support/app.ts'
import { judge, type Line, type Recorder, recorder, type Verdict } from '../../support/delivery.ts'
import { clientId, type Person } from '../../support/person.ts'
import { until } from '../../support/until.ts'

/** Where a node is reached; its socket port may lie behind a way of the test's own. */
export type Place = { url: string; socketPort: number | undefined }

/** Somebody's client that goes on to the next place whenever the one it is at can't be reached, as behind a balancer. */
export function roam(places: readonly Place[], from: number, bearer?: string): Connection {
  let tries = from - 1
  const here = () => places[tries % places.length] as Place
  return createConnection({
    async getConfig() {
      tries++
      return { socketUrl: `http://127.0.0.1:${here().socketPort}`, socketPort: null }
    },
    async getToken() {
      const api = createApi({ baseUrl: here().url, bearer: () => bearer })
      return (await api.request('post /api/socket-token')).token
    },
  })
}

/** Settings of every node: nobody sends a picture, and the broadcast must last as long as the longest test. */
export const SETTINGS = {
  SECRET_KEY: 'the secret that all nodes of a test share',
  BROADCAST_GRACE_SECONDS: '3600',
}

/** Between two lines of one person: below the limit of `chat:send`, which is 20 in 10 s. */
const LINE_PAUSE_MS = 550
/** `broadcast:update` may be called 30 times a minute. */
const TITLE_PAUSE_MS = 2100
/** A call that gets no answer is given up, and the next one begun. */
const CALL_LIMIT_MS = 30_000
/** A head in the database is compared every 10 s, and a client that was cut off comes back within 8 s more. */
const SETTLE_LIMIT_MS = 120_000

/** Says numbered things until it is ended, and keeps what was acknowledged. */
function speaker(pauseMs: number, say: (n: number) => Promise<Line>) {
  const acknowledged: Line[] = []
  let isOver = false
  let failure: unknown
  const speaking = (async () => {
    for (let n = 1; !isOver; n++) {
      const line = await say(n).catch((error: unknown) => {
        failure = error
      })
      if (line) acknowledged.push(line)
      await sleep(pauseMs)
    }
  })()
  return {
    acknowledged,
    async more(count: number): Promise<void> {
      const before = acknowledged.length
      await until(`${count} lines`, () => acknowledged.length >= before + count).catch((error: Error) => {
        throw new Error(`${error.message} The last failure was: ${failure}`)
      })
    },
    async end(): Promise<void> {
      isOver = true
      await speaking
    },
  }
}

/** Lines in the chat of a stream. */
const talk = (connection: Connection, streamId: string, name: string) =>
  speaker(LINE_PAUSE_MS, async (n) => {
    const text = `${name} ${n}`
    const input = { clientId: clientId(), streamId, text }
    const { seq } = await connection.call('chat:send', input, { timeoutMs: CALL_LIMIT_MS })
    return { order: seq, text }
  })

/** New titles of a broadcast, which are items of the live topic of its stream. */
async function rename(connection: Connection) {
  const details = { category: 'talk', visibility: 'public' } as const
  const start = { clientId: clientId(), title: 'title 0', ...details }
  const { id: broadcastId } = await connection.call('broadcast:start', start)
  return speaker(TITLE_PAUSE_MS, async (n) => {
    const text = `title ${n}`
    await connection.call(
      'broadcast:update',
      { broadcastId, title: text, ...details },
      { timeoutMs: CALL_LIMIT_MS },
    )
    return { order: n, text }
  })
}

type Speaker = ReturnType<typeof speaker>

/** What one client saw of a stream. */
type Watching = { chat: Recorder<ChatMessage>; titles: Recorder<StreamItem> }
type StreamItem = { type: string; broadcast?: { title: string } }

async function watch(connection: Connection, streamId: string): Promise<Watching> {
  const chat = recorder<ChatMessage>(({ seq, text }) => ({ order: seq, text }))
  const titles = recorder<StreamItem>(({ broadcast }) =>
    broadcast ? { order: Number(broadcast.title.split(' ')[1]), text: broadcast.title } : undefined,
  )
  let isIn = false
  connection.subscribe(`chat:${streamId}`, chat.listener)
  connection.subscribe(`stream:${streamId}`, {
    ...titles.listener,
    onStart(...args) {
      isIn = true
      titles.listener.onStart(...args)
    },
  })
  await until('a watcher to be in', () => isIn)
  return { chat, titles }
}

type Outcome = { chat: Verdict[]; titles: Verdict[]; lines: number; renames: number }

/** Ends all talking, waits for the last line everywhere, and judges every log. */
async function settle(
  watchers: readonly Watching[],
  { talks, titles }: { talks: readonly Speaker[]; titles: Speaker },
): Promise<Outcome> {
  await Promise.all([...talks, titles].map((each) => each.end()))
  const lines = talks.flatMap(({ acknowledged }) => acknowledged)
  const lastLine = Math.max(...lines.map(({ order }) => order))
  const lastTitle = titles.acknowledged.at(-1)?.order ?? 0
  const isSettled = (watching: Watching) =>
    watching.chat.last() >= lastLine &&
    (watching.titles.last() >= lastTitle || watching.titles.told.at(-1) === 'gap')
  const settled = () => watchers.every(isSettled)
  // Who does not get there is judged all the same: the verdict says what is missing.
  await until('the last lines everywhere', settled, SETTLE_LIMIT_MS).catch(() => {})
  return {
    chat: watchers.map((each) => judge(each.chat.told, lines)),
    titles: watchers.map((each) => judge(each.titles.told, titles.acknowledged)),
    ...{ lines: lines.length, renames: titles.acknowledged.length },
  }
}

/**
 * A host who renames and who talks with a guest, both at nodes of their own, and a watcher at every place. All of them go
 * on elsewhere when their place is gone, unless `isBound`. `places`: where clients reach the nodes, themselves by default.
 */
export async function gather(
  nodes: readonly TestApp[],
  { places = nodes, isBound = false }: { places?: readonly Place[]; isBound?: boolean } = {},
) {
  const open: Connection[] = []
  const enter = (place: number, { bearer }: Partial<Person> = {}) => {
    const only = places[place]
    const connection = isBound && only ? roam([only], 0, bearer) : roam(places, place, bearer)
    open.push(connection)
    return connection
  }
  const [host, guest] = [await nodes[0]?.person('host'), await nodes[1]?.person('guest')]
  if (!host || !guest) throw new Error('There are too few nodes.')
  const { streamId } = host.account
  const [hosting, talking] = [enter(0, host), enter(1, guest)]
  const watchers = [...places.keys()].map((i) => enter(i))
  const seen = await Promise.all([hosting, talking, ...watchers].map((each) => watch(each, streamId)))
  const titles = await rename(hosting)
  const talks = [talk(hosting, streamId, 'host'), talk(talking, streamId, 'guest')] as const
  return {
    ...{ seen, talks, titles, watchers, streamId, guest },
    /** Waits until each of both has said so many more. */
    more: (count: number) => Promise.all(talks.map((each) => each.more(count))),
    settle: () => settle(seen, { talks, titles }),
    async [Symbol.asyncDispose]() {
      await Promise.all([...talks, titles].map((each) => each.end()))
      for (const connection of open) connection.close()
    },
  }
}
