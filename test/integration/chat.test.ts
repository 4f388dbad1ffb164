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
})
