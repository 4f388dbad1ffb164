import postgres from 'postgres'
import { describe, expect, test } from 'vitest'
import { startApp } from '../support/app.ts'
import { clientId } from '../support/person.ts'
import { until } from '../support/until.ts'

describe.each(['uws', 'ws'])('chat on %s', (SOCKET_ENGINE) => {
  test('a line is answered, reaches everybody once and in order, and is in the history of who comes later', async () => {
    await using app = await startApp({ SOCKET_ENGINE })
    const alice = await app.person('alice')
    const guest = await app.visitor()
    const { streamId } = alice.account
    const seen = guest.follow(`chat:${streamId}`)
    const first = await alice.connection.call('chat:send', { clientId: clientId(), streamId, text: 'Hello' })
    expect(first).toMatchObject({ seq: 1, text: 'Hello', streamId, author: { handle: 'alice' } })
    const texts = Array.from({ length: 20 }, (_, i) => `line ${i}`)
    await Promise.all(
      texts.map((text) => alice.connection.call('chat:send', { clientId: clientId(), streamId, text })),
    ).catch(() => undefined)
    await until('all lines', () => seen.items.length >= 20)
    expect(seen.items.map(({ seq }) => seq)).toEqual(seen.items.map((_, i) => i + 1))
    const late = (await app.visitor()).follow(`chat:${streamId}`)
    await until('the history', () => late.items.length === seen.items.length)
    expect(late.items).toEqual(seen.items)
  })

  test('a line of staff and of the streamer says so, in what is pushed, answered and read later, and a line of others never does', async () => {
    await using app = await startApp({ SOCKET_ENGINE })
    const [boss, host, guest] = [await app.person('boss'), await app.person('host'), await app.visitor()]
    const { streamId } = host.account
    const seen = guest.follow(`chat:${streamId}`)
    const say = (text: string) => boss.connection.call('chat:send', { clientId: clientId(), streamId, text })
    expect((await say('as anybody')).author).not.toHaveProperty('role')
    const sql = postgres(app.database.ownerUrl, { max: 1 })
    await sql`update users set role = 'moderator' where handle = 'boss'`
    await sql.end()
    boss.connection.renew()
    await until('the new rights', async () => (await say('as staff')).author.role === 'moderator')
    const lines = () => seen.items.slice(1)
    await until('the push', () => lines().some(({ author }) => author.role === 'moderator'))
    expect(seen.items[0]?.author).not.toHaveProperty('role')
    const { messages } = await guest.connection.call('chat:history', { streamId, beforeSeq: 1000 })
    expect(messages.at(-1)?.author.role).toBe('moderator')
    const own = { clientId: clientId(), streamId, text: 'in my own channel' }
    expect((await host.connection.call('chat:send', own)).author.role).toBe('streamer')
    await until('the push of the streamer', () => seen.items.at(-1)?.author.role === 'streamer')
    const later = await guest.connection.call('chat:history', { streamId, beforeSeq: 1000 })
    expect(later.messages.at(-1)?.author.role).toBe('streamer')
  })
})
