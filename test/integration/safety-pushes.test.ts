import { describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { joinAll, openMember } from '../support/members.ts'
import { startNodes } from '../support/nodes.ts'
import { clientId, type Person } from '../support/person.ts'
import { call, setPrivacy } from '../support/privacy.ts'
import { rawSocket, tokenOf } from '../support/raw-socket.ts'
import { openSql } from '../support/sql.ts'
import { until } from '../support/until.ts'

const say = (who: Person, streamId: string, text: string) =>
  who.connection.call('chat:send', { clientId: clientId(), streamId, text })

test('the list of live streams is pushed without them to who is not to hear of them', async () => {
  await using app = await startApp()
  await using sql = openSql(app)
  const [ada, ben, cyd] = [await app.person('ada'), await app.person('ben'), await app.person('cyd')]
  const listeners = await Promise.all([ben, cyd].map((who) => rawSocket(app, who)))
  const heard = listeners.map(({ socket }) => {
    const events: { type: string; stream?: { title: string } }[] = []
    socket.on('topic:items', ({ items }: { items: typeof events }) => void events.push(...items))
    return events
  }) as [{ type: string; stream?: { title: string } }[], { type: string; stream?: { title: string } }[]]
  const about = { category: 'talk', visibility: 'public' } as const
  const input = { clientId: clientId(), title: 'At first', ...about }
  const { id: broadcastId } = await ada.connection.call('broadcast:start', input)
  await sql`update broadcasts set state = 'live', started_at = now(), grace_ends_at = null where id = ${broadcastId}`
  await call(ada, 'block:add', ben.account.id)
  for (const socket of listeners) expect(await joinAll(socket, ['directory:live'])).toEqual(['in'])
  const rename = (title: string) => ada.connection.call('broadcast:update', { broadcastId, title, ...about })
  const titles = (at: 0 | 1) => heard[at].flatMap(({ stream }) => stream?.title ?? [])
  await rename('Without ben')
  await until('the card', () => titles(1).includes('Without ben'))
  await until('its removal', () => heard[0].some(({ type }) => type === 'remove'))
  await call(ada, 'block:remove', ben.account.id)
  await rename('With both')
  await until('the card', () => heard.every((_, at) => titles(at as 0 | 1).includes('With both')))
  await call(ben, 'mute:add', ada.account.id)
  await rename('Without ben again')
  await until('the card', () => titles(1).includes('Without ben again'))
  await call(ben, 'mute:remove', ada.account.id)
  await setPrivacy(ada, { isPrivate: true })
  await rename('For followers')
  await setPrivacy(ada, {})
  await until('it to be back', () => titles(0).length === 2)
  expect(titles(0)).toEqual(['With both', 'For followers'])
  expect(titles(1)).toEqual(['Without ben', 'With both', 'Without ben again', 'For followers'])
  await ada.connection.call('broadcast:end', { broadcastId })
  for (const { close } of listeners) close()
})

describe('on two gateways', () => {
  test('a block and a private account close what is open at the other one', async () => {
    await using all = await startNodes(2)
    const [one, other] = all.nodes as [TestApp, TestApp]
    const [owner, bob, outsider] = [
      await one.person('owner'),
      await one.person('bob'),
      await one.person('out'),
    ]
    const { streamId, id } = owner.account
    const topics = [`stream:${streamId}`, `chat:${streamId}`, `counters:stream:${streamId}`]
    const members = [
      await openMember(other, await tokenOf(bob)),
      await openMember(other, await tokenOf(outsider)),
    ]
    const [blocked, stranger] = members as [(typeof members)[0], (typeof members)[0]]
    for (const member of members) expect(await joinAll(member, topics)).toEqual(['in', 'in', 'in'])
    expect(await joinAll(blocked, [`counters:account:${id}`])).toEqual(['in'])
    await call(owner, 'block:add', bob.account.id)
    await until('the blocked one to be out', () => blocked.closed.length === 4)
    await say(owner, streamId, 'without bob')
    await until('the line', () => stranger.lines.length === 1)
    await setPrivacy(owner, { isPrivate: true })
    await until('the outsider to be out', () => stranger.closed.length === 3)
    await say(owner, streamId, 'among us')
    for (const member of members) expect(await joinAll(member, topics)).toEqual(topics.map(() => 'not_found'))
    await setPrivacy(owner, {})
    await until('the outsider to be let in', async () => (await joinAll(stranger, topics))[0] === 'in')
    await until('the door to be shut to who is blocked', async () =>
      (await joinAll(blocked, topics)).every((answer) => answer === 'not_found'),
    )
    expect([blocked.lines, stranger.lines.map(({ text }) => text)]).toEqual([[], ['without bob']])
    for (const { socket } of members) socket.close()
  })
})
