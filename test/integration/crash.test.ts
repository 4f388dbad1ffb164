import { describe, expect, test } from 'vitest'
import { sleep } from '../../src/core/time.ts'
import { startApp } from '../support/app.ts'
import { clientId } from '../support/person.ts'
import { until } from '../support/until.ts'

type Sent = { text: string; seq: number }

describe('the server is killed during chat', () => {
  test('no acknowledged line is missing, none is doubled, and everybody online sees what was committed', async () => {
    await using app = await startApp()
    const alice = await app.person('alice')
    const viewers = await Promise.all([app.visitor(), app.visitor(), app.visitor()])
    const { streamId } = alice.account
    const logs = viewers.map((viewer) => viewer.follow(`chat:${streamId}`))
    const acknowledged: Sent[] = []
    let isOver = false
    const talking = (async () => {
      for (let i = 0; !isOver; i++) {
        const text = `line ${i}`
        const input = { clientId: clientId(), streamId, text }
        // The client itself repeats under the same clientId until it has an answer.
        const line = await alice.connection
          .call('chat:send', input, { timeoutMs: 30_000 })
          .catch(() => undefined)
        if (line) acknowledged.push({ text, seq: line.seq })
        else await sleep(200)
      }
    })()
    for (let kills = 0; kills < 2; kills++) {
      const before = acknowledged.length
      await until('some lines', () => acknowledged.length > before + 3)
      await app.restart()
    }
    const before = acknowledged.length
    await until('lines after the last start', () => acknowledged.length > before + 2)
    isOver = true
    await talking
    for (const log of logs) {
      await until('every acknowledged line', () =>
        acknowledged.every(({ seq }) => log.items.some((m) => m.seq === seq)),
      )
      expect(log.items.map(({ seq }) => seq)).toEqual(log.items.map((_, i) => i + 1))
      expect(log.gaps).toBe(0)
      for (const { text, seq } of acknowledged) {
        expect(log.items.filter((m) => m.text === text).map((m) => m.seq)).toEqual([seq])
      }
    }
  })

  test('between commit and push: the line is there after the restart, for everybody, once', async () => {
    await using app = await startApp({ CRASH_POINT: 'chat:committed' })
    const alice = await app.person('alice')
    const guest = await app.visitor()
    const { streamId } = alice.account
    const log = guest.follow(`chat:${streamId}`)
    const own = alice.follow(`chat:${streamId}`)
    await until('the guest to be in', () => guest.connection.state === 'online')
    const died = until('the planted crash', () => isGone(app.pid))
    const sending = alice.connection.call(
      'chat:send',
      { clientId: clientId(), streamId, text: 'committed, not pushed' },
      { timeoutMs: 60_000 },
    )
    // So that a failure before it is awaited is that of the test.
    sending.catch(() => {})
    await died
    expect(log.items).toEqual([])
    await app.restart({ CRASH_POINT: 'none' })
    const line = await sending
    await until('the line at the guest', () => log.items.length > 0)
    await until('the line at its author', () => own.items.length > 0)
    await alice.connection.call('chat:send', { clientId: clientId(), streamId, text: 'and on' })
    await until('the next line', () => log.items.length > 1 && own.items.length > 1)
    for (const items of [log.items, own.items]) {
      expect(items.map(({ text, seq }) => [text, seq])).toEqual([
        ['committed, not pushed', line.seq],
        ['and on', line.seq + 1],
      ])
    }
  })
})

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}
