import { sleep } from '../../src/core/time.ts'
import { metric } from '../support/metric.ts'
import { clientId } from '../support/person.ts'
import { until } from '../support/until.ts'
import { createLoadClient, type LoadClient } from './clients/client.ts'
import { keepToken, numberOption } from './clients/crowd.ts'
import { plantStreams } from './clients/streams.ts'
import { type Product, startProduct } from './measure/product.ts'
import { leaveServerCore } from './measure/program.ts'

/**
 * Four gateways and a thousand chats, each with members at one gateway only; a line is said in every chat at that gateway
 * and one at another. A gateway must receive from the others what its own members are to get, and nothing else.
 * Option: --topics=N (1000).
 */

const GATEWAYS = 4
const TOPICS_PER_CLIENT = 50
/** Lines that one account may say here: below the limit of the call, 20 in 10 s. */
const LINES_PER_TALKER = 10
const LINES_PER_S = 100
const RECEIVED = 'topic_items_received_total'

export async function run(options: readonly string[]) {
  leaveServerCore()
  const topics = numberOption(options, 'topics', 1000)
  await using product = await startProduct({ gateways: GATEWAYS, accounts: topics })
  const streams = await plantStreams(product)
  const delivered = new Map<string, number>()
  const members = await seatMembers(product, streams, delivered)
  const talkers = product.crowd.slice(0, Math.ceil((2 * topics) / LINES_PER_TALKER)).map((member, i) =>
    createLoadClient({
      ...{ ports: product.ports, from: i % GATEWAYS, address: '127.0.0.2', token: keepToken(member) },
    }),
  )
  await until('the talkers', () => talkers.every(({ isOnline }) => isOnline))
  const before = await received(product)
  let refused = 0
  for (let n = 0; n < 2 * topics; n++) {
    const place = Math.floor(n / 2)
    // The first of two at the gateway of the members, the second at the next one.
    const gateway = ((place % GATEWAYS) + (n % 2)) % GATEWAYS
    const turn = Math.floor(n / (2 * GATEWAYS)) % (talkers.length / GATEWAYS)
    const talker = talkers[gateway + GATEWAYS * Math.floor(turn)]
    const line = { clientId: clientId(), streamId: streams[place], text: `line ${n}` }
    void talker?.ask('chat:send', line).then((ack) => ack?.ok || refused++)
    await sleep(1000 / LINES_PER_S)
  }
  const isAll = () => streams.every((id) => delivered.get(id) === 2)
  await until('every line at its member', isAll, 15_000).catch(() => {})
  const after = await received(product)
  for (const client of [...members, ...talkers]) client.close()

  const wanted = Array.from(
    { length: GATEWAYS },
    (_, gateway) => streams.filter((_id, place) => place % GATEWAYS === gateway).length,
  )
  const surplus = after.map((count, i) => count - (before[i] ?? 0) - (wanted[i] ?? 0))
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const figures = {
    foreignMessages: sum(surplus.map((value) => Math.max(0, value))),
    missingMessages: sum(surplus.map((value) => Math.max(0, -value))),
    wantedMessages: sum(wanted),
    undelivered: streams.filter((id) => delivered.get(id) !== 2).length,
    refused,
  }
  const { foreignMessages, missingMessages, undelivered } = figures
  return {
    ok: foreignMessages + missingMessages + undelivered + refused === 0,
    figures,
    goals: { foreignMessages: '= 0', missingMessages: '= 0', undelivered: '= 0', refused: '= 0' },
    notes: [
      `wantedMessages: of ${2 * topics} lines those that were said at another gateway than their members'.`,
    ],
  }
}

const received = ({ nodes }: Product) => Promise.all(nodes.map((node) => metric(node, RECEIVED)))

/** One member in every chat, at the gateway that its place says. */
async function seatMembers(
  { crowd, ports }: Product,
  streams: readonly string[],
  delivered: Map<string, number>,
): Promise<LoadClient[]> {
  const clients: LoadClient[] = []
  let joined = 0
  for (let gateway = 0; gateway < GATEWAYS; gateway++) {
    const mine = streams.filter((_, place) => place % GATEWAYS === gateway)
    for (let i = 0; i < mine.length; i += TOPICS_PER_CLIENT) {
      const member = crowd[clients.length]
      if (!member) throw new Error('There are fewer accounts than clients.')
      const client = createLoadClient({
        ports,
        from: gateway,
        address: '127.0.0.1',
        token: keepToken(member),
      })
      for (const id of mine.slice(i, i + TOPICS_PER_CLIENT))
        client.follow(`chat:${id}`, {
          onStart: () => void joined++,
          onItems: (items: unknown[]) => void delivered.set(id, (delivered.get(id) ?? 0) + items.length),
        })
      clients.push(client)
    }
  }
  await until('all members to be in', () => joined >= streams.length)
  return clients
}
