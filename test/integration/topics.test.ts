import { describe, expect, test } from 'vitest'
import type { Ack } from '../../src/core/errors.ts'
import { startApp } from '../support/app.ts'
import { clientId } from '../support/person.ts'
import { rawSocket } from '../support/raw-socket.ts'

type Joined = Ack<{ topics: { topic: string; items?: unknown[]; error?: { code: string } }[] }>

describe.each(['uws', 'ws'])('topics on %s', (SOCKET_ENGINE) => {
  test('a topic named many times in one call is answered once, and one that nobody may see is not found', async () => {
    await using app = await startApp({ SOCKET_ENGINE })
    const alice = await app.person('alice')
    const { streamId } = alice.account
    for (const text of ['one', 'two']) {
      await alice.connection.call('chat:send', { clientId: clientId(), streamId, text })
    }
    const socket = await rawSocket(app, await app.visitor())
    const chat = `chat:${streamId}`
    const names = [
      ...Array.from({ length: 50 }, () => chat),
      chat.toUpperCase(),
      `chat:${clientId()}`,
      'nothing',
    ]
    const ack = (await socket.ask('topic:join', { topics: names.map((topic) => ({ topic })) })) as Joined
    const answers = ack.ok ? ack.data.topics : []
    expect(answers.map(({ topic }) => topic)).toEqual(names)
    expect(answers[0]?.items).toHaveLength(2)
    expect(answers.slice(1).map(({ error }) => error?.code)).toEqual([
      ...Array.from({ length: 49 }, () => 'conflict'),
      ...['not_found', 'not_found', 'not_found'],
    ])
    socket.close()
  })
})
