import postgres from 'postgres'
import { sleep } from '../../src/core/time.ts'
import { until } from '../support/until.ts'
import { judgeCrowd, numberOption, quantile, seatCrowd, talkAt } from './clients/crowd.ts'
import { cpuOf, secondsBetween } from './measure/proc.ts'
import { type Product, startProduct } from './measure/product.ts'
import { leaveServerCore } from './measure/program.ts'

/**
 * One of two gateways is killed; everybody on it comes back to the other at once, to all the topics of a page. How long
 * that takes, whether anybody is left behind or misses a line, and what PostgreSQL is asked for it.
 * Options: --victims=N sockets on the one that is killed (5000), --others=N on the other (1000), --rooms without the topics of
 * one's own.
 */

const TALKERS = 10
const LINES_PER_S = 2
/** Who is not back by then is stranded. */
const RETURN_LIMIT_MS = 20_000
/** An idle backend of PostgreSQL tells what it has done within 10 s (PGSTAT_IDLE_INTERVAL). */
const STATISTICS_MS = 12_000
const QUIET_MS = 15_000
const SETTLE_LIMIT_MS = 30_000
const GOALS = { back99Ms: 3000, backAllMs: 10_000 }
/** Queries per return that are rounded away: reads that many returns share. */
const SHARED = 0.1

const NOTES = [
  'Back: from the kill until the answer that holds what was missed. Clients hold a token that is still good.',
  `pgQueriesPerResume: pgQueries, what PostgreSQL was asked beyond the quiet rate, for each return; what is asked for once for hundreds is a fraction of one.`,
  'gatewayCpuS, loadCpuS: CPU time of the other gateway and of all clients (one process), from the kill until the last one was back.',
]

export async function run(options: readonly string[]) {
  leaveServerCore()
  const victims = numberOption(options, 'victims', 5000)
  const others = numberOption(options, 'others', 1000)
  await using product = await startProduct({
    ...{ gateways: 2, accounts: TALKERS + others + victims },
    isProfiled: options.includes('--profile'),
  })
  const { streamId, nodes, database } = product
  const { staying, fleeing, backAtMs } = await seat(product, others, !options.includes('--rooms'))
  const talk = talkAt(staying.slice(0, TALKERS), streamId, LINES_PER_S)

  const statistics = openStatistics(database.ownerUrl)
  const first = await statistics.read()
  await sleep(QUIET_MS)
  const quiet = await statistics.read()
  const perMs = (quiet.count - first.count) / (quiet.atMs - first.atMs)

  const load = process.cpuUsage()
  const served = await cpuOf(nodes[0]?.program.pid ?? 0)
  const killedAtMs = performance.now()
  await nodes[1]?.program.end('SIGKILL')
  await until('everybody to be back', () => backAtMs.size === victims, RETURN_LIMIT_MS).catch(() => {})
  const used = process.cpuUsage(load)
  const servedS = secondsBetween(served, await cpuOf(nodes[0]?.program.pid ?? 0))
  // Now: who comes later was stranded for too long.
  const tookMs = [...backAtMs.values()].map((atMs) => atMs - killedAtMs)
  const after = await statistics.read()
  const asked = Math.max(0, after.count - quiet.count - perMs * (after.atMs - quiet.atMs))
  await statistics.end()
  await talk.end()
  const verdict = await judgeCrowd([...staying, ...fleeing], talk, SETTLE_LIMIT_MS)
  for (const { client } of [...staying, ...fleeing]) client.close()

  const figures = {
    back99Ms: tookMs.length < victims * 0.99 ? Number.NaN : quantile(tookMs, 0.99),
    back50Ms: quantile(tookMs, 0.5),
    backAllMs: Math.max(...tookMs),
    stranded: victims - tookMs.length,
    pgQueriesPerResume: asked / victims,
    pgQueries: asked,
    pgQueriesQuietPerS: perMs * 1000,
    deliveredShare: verdict.delivered / verdict.expected,
    silentGaps: verdict.silentGaps + verdict.doubled + verdict.disordered + verdict.altered,
    gatewayCpuS: servedS,
    loadCpuS: (used.user + used.system) / 1e6,
  }
  const { back99Ms, backAllMs, stranded, pgQueriesPerResume, deliveredShare, silentGaps } = figures
  return {
    ok:
      back99Ms <= GOALS.back99Ms &&
      backAllMs <= GOALS.backAllMs &&
      pgQueriesPerResume < SHARED &&
      stranded + silentGaps === 0 &&
      deliveredShare === 1,
    figures,
    goals: {
      back99Ms: `≤ ${GOALS.back99Ms}`,
      backAllMs: `≤ ${GOALS.backAllMs}`,
      ...{ stranded: '= 0', pgQueriesPerResume: `< ${SHARED}`, deliveredShare: '= 1', silentGaps: '= 0' },
    },
    notes: NOTES,
  }
}

/** Those who stay at the first gateway, and those at the second, whose returns are noted; each in rooms and in topics of their own. */
async function seat({ crowd, ports, streamId }: Product, others: number, haveOwnTopics: boolean) {
  const seating = {
    ...{ ports, streamId },
    topicsOf: ({ id }: { id: string }) => [
      ...[`stream:${streamId}`, `counters:stream:${streamId}`],
      ...(haveOwnTopics ? [`notifications:${id}`, `notification-state:${id}`] : []),
    ],
  }
  const backAtMs = new Map<number, number>()
  const stayers = TALKERS + others
  const staying = await seatCrowd({ ...seating, members: crowd.slice(0, stayers), placeOf: () => 0 })
  const fleeing = await seatCrowd({
    ...{ ...seating, members: crowd.slice(stayers), placeOf: () => 1 },
    onReplayed: (_tookMs, i) => backAtMs.set(i, performance.now()),
  })
  return { staying, fleeing, backAtMs }
}

/** What PostgreSQL has done for the product so far; every statement outside of a transaction counts as one. */
function openStatistics(url: string) {
  const sql = postgres(url, { max: 1 })
  return {
    async read() {
      await sleep(STATISTICS_MS)
      const [row] = await sql`
        select xact_commit::float8 as n from pg_stat_database where datname = current_database()`
      return { count: Number(row?.n), atMs: performance.now() }
    },
    end: () => sql.end(),
  }
}
