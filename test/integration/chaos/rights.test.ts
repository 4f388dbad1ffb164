import { expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { createCuttableWay, through } from '../../support/cuttable-way.ts'
import { clientId } from '../../support/person.ts'
import { rawSocket } from '../../support/raw-socket.ts'
import { startRedis } from '../../support/redis.ts'
import { until } from '../../support/until.ts'
import { SETTINGS } from './stage.ts'

test('a gateway without Redis also puts out who is banned elsewhere, and lets nobody back in who is', async () => {
  await using redis = await startRedis()
  await using first = await startApp({ ...SETTINGS, REDIS_URL: redis.url })
  await using toRedis = await createCuttableWay(Number(new URL(redis.url).port))
  await using second = await startApp({ ...SETTINGS, REDIS_URL: through(redis.url, toRedis) }, first)
  const owner = await first.person('owner')
  const guest = await first.person('guest')
  const there = await second.enter(guest)
  const { socket, ask } = await rawSocket(second, there)
  const { streamId } = owner.account
  const topics = [{ topic: `chat:${streamId}` }]
  expect(await ask('topic:join', { topics })).toMatchObject({ ok: true })
  const closed: unknown[] = []
  const heard: string[] = []
  socket.on('topic:closed', (message) => closed.push(message))
  socket.on('topic:items', ({ items }: { items: { text: string }[] }) =>
    heard.push(...items.map((each) => each.text)),
  )

  toRedis.cut()
  await until('Redis to be away', async () => {
    const { checks } = (await (await fetch(`${second.url}/readyz`)).json()) as { checks: { redis: string } }
    return checks.redis !== 'ok'
  })
  await owner.connection.call('channel:ban', { streamId, accountId: guest.account.id })
  await until('them to be put out', () => closed.length > 0)
  expect(closed).toEqual([{ topic: `chat:${streamId}`, code: 'forbidden' }])
  await owner.connection.call('chat:send', { clientId: clientId(), streamId, text: 'They are gone' })
  const refused = { data: { topics: [{ error: { code: 'forbidden' } }] } }
  expect(await ask('topic:join', { topics })).toMatchObject(refused)
  toRedis.mend()
  await until(
    'Redis to be back',
    async () => (await (await fetch(`${second.url}/readyz`)).json()).checks.redis === 'ok',
  )
  expect(await ask('topic:join', { topics })).toMatchObject(refused)
  expect(heard).toEqual([])
  toRedis.mend()
  socket.close()
})
