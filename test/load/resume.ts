import { sleep } from '../../src/core/time.ts'
import { judgeCrowd, numberOption, quantile, type Seat, seatCrowd, talkAt } from './clients/crowd.ts'
import { cpuOf, secondsBetween } from './measure/proc.ts'
import { type Product, startProduct } from './measure/product.ts'
import { leaveServerCore } from './measure/program.ts'

/**
 * Clients of one chat that are cut off again and again while people talk; then with a gateway killed, Redis restarted, and
 * all gateways stopped and started in turn. Every log is compared with what was acknowledged.
 * Options: --clients=N (2000), --calm=SECONDS (60), --part=SECONDS of each of the other parts (30).
 */

const LINES_PER_S = 2
/** Lines are said by as many, so that nobody runs into the limit of the call. They are not cut, but fall with their gateway. */
const TALKERS = 10
/** A client is cut after 10 to 20 s, for 1 to 3 s. */
const CUT_AFTER_MS = { from: 10_000, to: 20_000 }
const AWAY_MS = { from: 1000, to: 3000 }
const DOWN_MS = 2000
/** After the last line: a return within 8 s, and a look at the heads every 10 s. */
const SETTLE_LIMIT_MS = 40_000
const GOALS = { replayP99Ms: 2500 }

export async function run(options: readonly string[]) {
  leaveServerCore()
  const clients = numberOption(options, 'clients', 2000)
  const calmS = numberOption(options, 'calm', 60)
  const partS = numberOption(options, 'part', 30)
  await using product = await startProduct({ gateways: 2, accounts: clients + TALKERS })
  const replaysMs: number[] = []
  const { crowd, ports, streamId } = product
  const seating = { ports, streamId, placeOf: (i: number) => i % ports.length }
  const talkers = await seatCrowd({ ...seating, members: crowd.slice(0, TALKERS) })
  const seats = await seatCrowd({
    ...{ ...seating, members: crowd.slice(TALKERS) },
    onReplayed: (tookMs) => replaysMs.push(tookMs),
  })
  const talk = talkAt(talkers, streamId, LINES_PER_S)
  const cutting = cutAgainAndAgain(seats)

  const before = { load: process.cpuUsage(), servers: await serverCpuS(product), atMs: performance.now() }
  await sleep(calmS * 1000)
  const seconds = (performance.now() - before.atMs) / 1000
  const load = process.cpuUsage(before.load)
  const loadCpu = (load.user + load.system) / 1e6 / seconds
  const serversCpu = ((await serverCpuS(product)) - before.servers) / seconds
  const calmReplaysMs = replaysMs.splice(0)

  await trouble(product, partS * 1000)
  await talk.end()
  cutting.end()
  const verdict = await judgeCrowd([...talkers, ...seats], talk, SETTLE_LIMIT_MS)
  for (const { client } of [...seats, ...talkers]) client.close()

  const figures = {
    deliveredShare: verdict.delivered / verdict.expected,
    disordered: verdict.disordered,
    doubled: verdict.doubled,
    silentGaps: verdict.silentGaps,
    toldMissing: verdict.toldMissing,
    altered: verdict.altered,
    replayP99Ms: quantile([...calmReplaysMs, ...replaysMs], 0.99),
    replayP99CalmMs: quantile(calmReplaysMs, 0.99),
    replayP99TroubleMs: quantile(replaysMs, 0.99),
    returns: calmReplaysMs.length + replaysMs.length,
    cuts: cutting.count(),
    lines: talk.acknowledged.length,
    expected: verdict.expected,
    loadCpu,
    serversCpu,
  }
  const { deliveredShare, disordered, doubled, silentGaps, altered, replayP99Ms } = figures
  const ok =
    deliveredShare === 1 &&
    disordered + doubled + silentGaps + altered === 0 &&
    replayP99Ms <= GOALS.replayP99Ms
  return {
    ...{ ok, figures },
    goals: {
      ...{ deliveredShare: '= 1', disordered: '= 0', doubled: '= 0', silentGaps: '= 0' },
      replayP99Ms: `≤ ${GOALS.replayP99Ms}`,
    },
    notes: [
      `${clients} clients with the client package's own keeping of positions over a lean WebSocket, in one process.`,
      'loadCpu, serversCpu: cores used in the calm part by the clients, and by gateways and Redis together.',
    ],
  }
}

async function trouble({ nodes, redis }: Product, partMs: number): Promise<void> {
  await nodes[1]?.program.end('SIGKILL')
  await sleep(DOWN_MS)
  await nodes[1]?.restart()
  await sleep(partMs)
  await redis?.restart(DOWN_MS)
  await sleep(partMs)
  for (const node of nodes) {
    await node.program.end('SIGTERM')
    await node.restart()
    await sleep(partMs / nodes.length)
  }
}

function cutAgainAndAgain(seats: readonly Seat[]) {
  const timers = new Map<Seat, NodeJS.Timeout>()
  let cuts = 0
  const within = ({ from, to }: { from: number; to: number }) => from + Math.random() * (to - from)
  const plan = (seat: Seat) => {
    const cut = () => {
      cuts++
      seat.client.cut(within(AWAY_MS))
      plan(seat)
    }
    timers.set(seat, setTimeout(cut, within(CUT_AFTER_MS)))
  }
  for (const seat of seats) plan(seat)
  return {
    count: () => cuts,
    end: () => {
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}

async function serverCpuS({ nodes, redis }: Product): Promise<number> {
  const pids = [...nodes.map(({ program }) => program.pid), ...(redis ? [redis.program.pid] : [])]
  const all = await Promise.all(pids.map(cpuOf))
  return all.reduce((sum, each) => sum + secondsBetween({ userS: 0, systemS: 0 }, each), 0)
}
