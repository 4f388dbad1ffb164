import { describe, expect, test } from 'vitest'
import type { TopicItem } from '../../src/contract/index.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { sendMedia } from '../support/peers/peers.ts'
import { clientId, type Person, personWith } from '../support/person.ts'
import { openSql, plantFollowers } from '../support/sql.ts'
import { until } from '../support/until.ts'

type Note = TopicItem<`notifications:${string}`>
type State = TopicItem<`notification-state:${string}`>

const details = { title: 'Tell everybody', category: 'music', visibility: 'public' } as const
const start = (who: Person, more: object = {}) =>
  who.connection.call('broadcast:start', { clientId: clientId(), ...details, ...more })
const follow = (who: Person, { account }: Person) =>
  who.connection.call('follow:add', { accountId: account.id })

/** Keeps what a device of somebody is told: their notifications, and how many are unread. */
function device({ connection }: Pick<Person, 'connection'>, userId: string) {
  const seen = { notes: [] as Note[], state: undefined as State | undefined, gaps: 0 }
  connection.subscribe(`notifications:${userId}`, {
    onItems: (items) => void seen.notes.push(...items),
    onStart(items, _at, isGap) {
      seen.notes.push(...items)
      if (isGap) seen.gaps++
    },
  })
  connection.subscribe(`notification-state:${userId}`, {
    onItems: (items) => {
      seen.state = items.at(-1)
    },
  })
  return seen
}

const kindsOf = ({ notes }: { notes: Note[] }) => notes.map(({ kind, actor }) => `${kind} ${actor?.handle}`)
const seqsOf = ({ notes }: { notes: Note[] }) => notes.map(({ seq }) => seq)

describe('notifications', () => {
  test('of a live broadcast reach each follower once; unread is one number on all devices; unlisted ones tell nobody', async () => {
    await using app = await startApp()
    const [host, fan, away] = [await app.person('host'), await app.person('fan'), await app.person('away')]
    await follow(fan, host)
    await follow(away, host)
    const { id: fanId } = fan.account
    const other = personWith(app.url, fan.bearer)
    const [phone, laptop] = [device(fan, fanId), device(other, fanId)]
    const hosts = device(host, host.account.id)
    await until('nothing unread', () => phone.state?.unread === 0 && laptop.state?.unread === 0)
    await until('two new followers', () => hosts.state?.unread === 2)
    const secret = await start(host, { visibility: 'unlisted' })
    await (await sendMedia(app, host))[Symbol.asyncDispose]()
    await host.connection.call('broadcast:end', { broadcastId: secret.id })
    const { id: broadcastId } = await start(host)
    {
      await using _sender = await sendMedia(app, host)
      await until('the notification', () => phone.notes.length > 0 && laptop.notes.length > 0)
    }
    // It is live again, which is no news.
    await using _again = await sendMedia(app, host)
    await until('one unread on both', () => phone.state?.unread === 1 && laptop.state?.unread === 1)
    expect(phone.notes).toMatchObject([
      {
        seq: 1,
        kind: 'live',
        actor: { handle: 'host' },
        broadcast: { id: broadcastId, title: details.title },
      },
    ])
    expect(laptop.notes).toEqual(phone.notes)
    expect(kindsOf(hosts)).toEqual(['follow fan', 'follow away'])

    expect(await fan.connection.call('notifications:read', { upTo: 1 })).toEqual({ unread: 0, readUpTo: 1 })
    await until('the other device to be told', () => laptop.state?.unread === 0)
    expect(laptop.state?.readUpTo).toBe(1)
    // The mark neither goes back nor beyond what there is.
    expect(await host.connection.call('notifications:read', { upTo: 1_000_000 })).toEqual({
      ...{ unread: 0, readUpTo: 2 },
    })
    expect(await host.connection.call('notifications:read', { upTo: 1 })).toEqual({ unread: 0, readUpTo: 2 })

    // Made unlisted, it can be seen by nobody who was told.
    const hidden = { broadcastId, ...details, visibility: 'unlisted' } as const
    await host.connection.call('broadcast:update', hidden)
    const { notifications } = await away.connection.call('notifications:list', { beforeSeq: 100 })
    expect(notifications).toMatchObject([{ seq: 1, kind: 'live', broadcast: null }])
    other.connection.close()
  })

  test('are all there after a time offline, each once; older ones come page by page', async () => {
    await using app = await startApp()
    const [host, fan] = [await app.person('host'), await app.person('fan')]
    const sql = openSql(app)
    const phone = device(host, host.account.id)
    await until('the phone to be in', () => phone.state !== undefined)
    await follow(fan, host)
    await until('the first', () => phone.notes.length === 1)
    await app.kill()
    // Committed while nobody could be told, as by a server that was killed before its push.
    await plantNotifications(sql, host.account.id, 40)
    await app.restart()
    await until('what was missed', () => phone.notes.length === 41)
    expect(seqsOf(phone)).toEqual(Array.from({ length: 41 }, (_, i) => i + 1))
    expect(phone.gaps).toBe(0)
    await until('the number', () => phone.state?.unread === 41)
    const seen: number[] = []
    for (let beforeSeq = 42; ; beforeSeq = seen[0] ?? 1) {
      const page = await host.connection.call('notifications:list', { beforeSeq, limit: 15 })
      seen.unshift(...page.notifications.map(({ seq }) => seq))
      if (!page.hasMore) break
    }
    expect(seen).toEqual(seqsOf(phone))
    await sql.end()
  })

  test('of a follower are not repeated within a day, and are after it', async () => {
    await using app = await startApp()
    await using sql = openSql(app)
    const [host, fan] = [await app.person('host'), await app.person('fan')]
    const phone = device(host, host.account.id)
    const again = async () => {
      await fan.connection.call('follow:remove', { accountId: host.account.id })
      await follow(fan, host)
    }
    await follow(fan, host)
    await again()
    await again()
    await sql`update notification_keys set expires_at = now() - interval '1 second'`
    await again()
    await until('the second one', () => phone.notes.length === 2)
    expect(kindsOf(phone)).toEqual(['follow fan', 'follow fan'])
    expect(await sql`select count(*)::int as n from notifications`).toEqual([{ n: 2 }])
  })

  test('and feed of somebody can be joined by nobody else', async () => {
    await using app = await startApp()
    const [host, fan, guest] = [await app.person('host'), await app.person('fan'), await app.visitor()]
    const { id } = host.account
    for (const who of [fan, guest]) {
      const joined = [
        who.follow(`notifications:${id}`),
        who.follow(`notification-state:${id}`),
        who.follow(`feed:${id}`),
      ]
      await until('all to be refused', () => joined.every(({ closed }) => closed.length > 0))
      for (const { closed } of joined) expect(closed).toEqual(['not_found'])
    }
    const own = guest.connection.call('notifications:read', { upTo: 1 })
    await expect(own).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect(guest.api.request('get /api/feed', { query: {} })).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })
})

describe('the fan-out to many followers', () => {
  test.each(['notifications:written', 'notifications:committed'])(
    'killed at %s in the middle, tells everybody exactly once',
    async (CRASH_POINT) => {
      await using app = await startApp({ CRASH_POINT })
      await using sql = openSql(app)
      const [host, fan] = [await app.person('host'), await app.person('fan')]
      const phone = device(fan, fan.account.id)
      // Older followers than the fan, so that the fan is in the last batch.
      const planted = await plantFollowers(sql, host.account.id, 1200)
      await follow(fan, host)
      await start(host)
      const sending = sendMedia(app, host)
      sending.catch(() => {})
      await until('the planted crash', () => isGone(app.pid))
      const written = async () =>
        (await sql`select count(*)::int as n from notifications where kind = 'live'`)[0]?.n
      expect(await written()).toBe(CRASH_POINT === 'notifications:written' ? 0 : 500)
      await app.restart({ CRASH_POINT: 'none' })
      await until('the last follower to be told', () => phone.notes.length > 0)
      await until('all to be told', async () => (await written()) === planted.length + 1)
      const doubled =
        await sql`select user_id from notifications where kind = 'live' group by user_id having count(*) > 1`
      expect([...doubled]).toEqual([])
      const told = await sql<{ id: string }[]>`select user_id as id from notifications where kind = 'live'`
      expect(told.map(({ id }) => id).sort()).toEqual([...planted, fan.account.id].sort())
      expect(kindsOf(phone)).toEqual(['live host'])
      await sending.then(
        (sender) => sender[Symbol.asyncDispose](),
        () => {},
      )
    },
  )

  test('in another process than the sockets is seen by who is online', async () => {
    await using app = await startApp({ ROLES: 'gateway,http,media' })
    await using _jobs = await startApp({ ROLES: 'jobs', ...databaseOf(app) })
    const [host, fan] = [await app.person('host'), await app.person('fan')]
    const phone = device(fan, fan.account.id)
    await until('the phone to be in', () => phone.state?.unread === 0)
    await follow(fan, host)
    await start(host)
    await using _sender = await sendMedia(app, host)
    await until('the notification', () => phone.notes.length === 1 && phone.state?.unread === 1)
    expect(kindsOf(phone)).toEqual(['live host'])
  })
})

const databaseOf = ({ database }: TestApp) => ({
  DATABASE_URL: database.appUrl,
  DATABASE_OWNER_URL: database.ownerUrl,
})

/** Followers of before, told of now, as if each had been written by a server that could not push. */
async function plantNotifications(sql: ReturnType<typeof openSql>, userId: string, count: number) {
  const ids = await plantFollowers(sql, userId, count)
  await sql.begin(async (tx) => {
    const [head] = await tx<{ seq: number }[]>`
      update topic_heads set seq = seq + ${count} where topic = ${`notifications:${userId}`} returning seq::int as seq`
    await tx`insert into notifications (user_id, seq, id, kind, actor_id, subject_id)
      select ${userId}::uuid, ${(head?.seq ?? 0) - count}::int + nth, gen_random_uuid(), 'follow', id, id
      from unnest(${ids}::uuid[]) with ordinality as i(id, nth)`
  })
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}
