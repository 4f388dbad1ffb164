import { sleep } from '../../src/core/time.ts'
import { pssBytesOf } from './measure/proc.ts'
import { startProduct } from './measure/product.ts'
import { leaveServerCore } from './measure/program.ts'
import { openRoom } from './measure/room.ts'
import { alternate, spreadOf, spreadText } from './measure/spread.ts'
import type { System } from './measure/system.ts'
import { startSocketIo } from './peers/start.ts'

/**
 * The memory of connected people who do nothing: how much gateways grow (PSS) per signed-in socket in three topics, against
 * tuned socket.io on ws with sockets in three rooms.
 * Options: --gateways=N (2), --sockets=N (9000 for each gateway).
 */

/** Each gateway may open 20 000 files here, and so may the swarm, which has all sockets. */
const SOCKETS_PER_GATEWAY = 9000
/** So that each person has about ten sockets, and joins less often than the limit allows. */
const ACCOUNTS = 1500
/** Compiles what a connection needs, before the memory without sockets is read. */
const WARM_UP_SOCKETS = 300
/** Longer than a round of pings (15 s), which gives the garbage of the handshakes an end. */
const REST_MS = 20_000
const AFTER_WARM_UP_MS = 3000
/** Fresh processes each time; memory hardly differs between rounds, and five would take longer than anybody waits. */
const ROUNDS = 2

const GOALS = { kbPerSocket: 12, ratioWs: 0.75 }
const BYTES_PER_KB = 1024

type Subject = { name: string; start: () => Promise<System> }

export async function run(options: readonly string[] = []) {
  leaveServerCore()
  const option = (name: string, fallback: number) =>
    Number(options.find((candidate) => candidate.startsWith(`--${name}=`))?.split('=')[1] ?? fallback)
  const gateways = option('gateways', 2)
  const sockets = gateways * option('sockets', SOCKETS_PER_GATEWAY)
  const topics = (id: string) => [`chat:${id}`, `stream:${id}`, `counters:stream:${id}`]
  const product = { name: 'product', start: () => startProduct({ gateways, accounts: ACCOUNTS }, topics) }
  const peer = {
    name: 'socket.io on ws',
    start: () => startSocketIo(gateways, ['room 1', 'room 2', 'room 3']),
  }
  const results = await alternate<Subject, number>([product, peer], ROUNDS, ({ start }) =>
    grow(start, sockets),
  )
  const ours = spreadOf(results.get(product) ?? [])
  const theirs = spreadOf(results.get(peer) ?? [])
  const figures = {
    kbPerSocket: ours.median,
    ratioWs: ours.median / theirs.median,
    kbPerSocketWs: theirs.median,
    sockets,
  }
  return {
    ok: figures.kbPerSocket <= GOALS.kbPerSocket && figures.ratioWs <= GOALS.ratioWs,
    figures,
    goals: { kbPerSocket: `≤ ${GOALS.kbPerSocket}`, ratioWs: `≤ ${GOALS.ratioWs}` },
    notes: [
      `${gateways} ${gateways === 1 ? 'gateway' : 'gateways over Redis'}; ${ROUNDS} rounds with fresh processes: ${spreadText(ours)} KB a socket, on ws ${spreadText(theirs)}.`,
      `Growth of all gateways' PSS, read ${REST_MS / 1000} s after the last join, over that after ${WARM_UP_SOCKETS} sockets had come and gone. The kernel's own memory of connections is not in it.`,
    ],
  }
}

/** Starts a system and fills it with sockets that stay still; kilobytes that its nodes grew by per socket. */
async function grow(start: () => Promise<System>, sockets: number): Promise<number> {
  await using system = await start()
  const nodes = system.servers.filter(({ name }) => name !== 'Redis')
  const memory = async () =>
    (await Promise.all(nodes.map(({ pid }) => pssBytesOf(pid)))).reduce((a, b) => a + b)
  const warmUp = await openRoom(system, WARM_UP_SOCKETS)
  await warmUp[Symbol.asyncDispose]()
  await sleep(AFTER_WARM_UP_MS)
  const before = await memory()
  await using swarm = await openRoom(system, sockets)
  await sleep(REST_MS)
  const open = await swarm.sockets()
  if (open !== sockets)
    throw new Error(`Of ${sockets} sockets ${sockets - open} were lost while nothing happened.`)
  const kb = ((await memory()) - before) / BYTES_PER_KB / sockets
  console.log(`${system.name}: ${kb.toFixed(1)} KB a socket`)
  return kb
}
