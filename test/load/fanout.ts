import { createDisposal } from '../../src/core/running/disposal.ts'
import { startProduct } from './measure/product.ts'
import { BENCH_DIR, leaveServerCore } from './measure/program.ts'
import { highestRate, openRoom, type RoomFigures, summarize } from './measure/room.ts'
import { alternate, spreadText } from './measure/spread.ts'
import { measureQuietRound, type System } from './measure/system.ts'
import { startBareUws, startSocketIo } from './peers/start.ts'
import type { Swarm } from './swarm/swarm.ts'

/**
 * One chat room, lines of 200 bytes, several gateways over Redis: deliveries per CPU-second of gateways and Redis, against
 * tuned plain socket.io on ws and against uWebSockets.js alone; and the highest rate of each at a 99th percentile of 100 ms.
 * Options: --gateways=N (2), --quick (fewer and shorter rounds), --profile (the product alone, with CPU profiles).
 */

type Kind = 'product' | 'socketIo' | 'bareUws'
type Load = { linesPerS: number; sockets: Readonly<Record<Kind, number>> }

/** Each system's room is as large as 50 to 70 % of the core allow that its processes share, on a machine of 2 cores. */
const CALM: Load = { linesPerS: 20, sockets: { product: 2000, socketIo: 1500, bareUws: 2000 } }
const BUSY: Load = { linesPerS: 200, sockets: { product: 1000, socketIo: 150, bareUws: 350 } }
/** The same for all: as few as plain socket.io can serve. What a line itself costs weighs most here. */
const SMALL: Load = { linesPerS: 200, sockets: { product: 150, socketIo: 150, bareUws: 150 } }
/** Above this, figures show what waiting costs rather than what a delivery does. */
const BUSY_MAX = 0.7

const SEARCH_SOCKETS = 800
const SEARCH = { fromLinesPerS: 20, step: 1.5, p99LimitMs: 100, durationMs: 2500 }
/** Four steps of the search then stay within what each of the room's accounts may say: 20 lines in 10 s. */
const SEARCH_TO_LINES_PER_S = 800

const ACCOUNTS = 1500
/**
 * Servers that have run for a while have compiled what they do: before a few thousand lines were said, a line costs up to
 * three times as much, in every system.
 */
const WARM_UP = { linesPerS: 200, durationMs: 30_000 }
const FULL = { rounds: 5, durationMs: 4000 }
const QUICK = { rounds: 3, durationMs: 2000 }
/** Lets the larger heap of a larger room settle, and the overload of its arrivals (three calm seconds) be over. */
const ROOM_WARM_UP_MS = 6000
type Pace = typeof FULL

const GOALS = { ratio20: 1.7, ratio200: 8, limit20: 0.85, p99Ms: 100 }

type Subject = { kind: Kind; system: System }
type Results = ReadonlyMap<Kind, RoomFigures>

export async function run(options: readonly string[] = []) {
  leaveServerCore()
  const gateways = Number(options.find((option) => option.startsWith('--gateways='))?.split('=')[1] ?? 2)
  const isProfiled = options.includes('--profile')
  const pace = options.includes('--quick') ? QUICK : FULL
  await using started = createDisposal((error) => console.error(error))
  const product = started.use(await startProduct({ gateways, accounts: ACCOUNTS, isProfiled }))
  const subjects: Subject[] = [{ kind: 'product', system: product }]
  if (!isProfiled) {
    subjects.push({ kind: 'socketIo', system: started.use(await startSocketIo(gateways)) })
    subjects.push({ kind: 'bareUws', system: started.use(await startBareUws(gateways)) })
  }
  await warmUp(subjects)
  const calm = await compare(subjects, CALM, pace)
  const busy = await compare(subjects, BUSY, pace)
  if (isProfiled) return profiled(calm, busy)
  const small = await compare(subjects, SMALL, QUICK)
  const highest = await searchAll(subjects)
  return report({ calm, busy, small, highest, gateways, isQuick: pace === QUICK })
}

async function warmUp(subjects: readonly Subject[]): Promise<void> {
  for (const { kind, system } of subjects) {
    await using swarm = await openRoom(system, SMALL.sockets[kind])
    await swarm.round(WARM_UP)
  }
}

/** All systems under the same rate in turn; each keeps its room over all rounds. */
async function compare(subjects: readonly Subject[], load: Load, pace: Pace): Promise<Results> {
  const { linesPerS, sockets } = load
  await using open = createDisposal((error) => console.error(error))
  const swarms = new Map<Subject, Swarm>()
  for (const subject of subjects) {
    const swarm = open.use(await openRoom(subject.system, sockets[subject.kind]))
    swarms.set(subject, swarm)
    await swarm.round({ linesPerS, durationMs: ROOM_WARM_UP_MS })
  }
  const rounds = await alternate([...swarms], pace.rounds, ([{ system }, swarm]) =>
    measureQuietRound(system, swarm, { linesPerS, durationMs: pace.durationMs }),
  )
  const results = new Map([...rounds].map(([[{ kind }], measured]) => [kind, summarize(measured)]))
  for (const [kind, figures] of results) console.log(describe(kind, load, figures))
  console.log()
  return results
}

function describe(kind: Kind, { linesPerS, sockets }: Load, figures: RoomFigures): string {
  const {
    deliveriesPerCpuS,
    p99Ms,
    busyShare,
    strangersCores,
    loadPerServerCpu,
    itemsPerFrame,
    bytesPerItem,
  } = figures
  const percent = (share: number) => `${Math.round(share * 100)} %`
  return (
    `${kind.padEnd(9)} ${linesPerS} lines/s to ${sockets[kind]} sockets: ${spreadText(deliveriesPerCpuS)} deliveries ` +
    `per CPU-second, p99 ${spreadText(p99Ms)} ms, ${percent(busyShare)} of the core (strangers up to ` +
    `${percent(strangersCores)}), load generator ${percent(loadPerServerCpu)} of that, ` +
    `${itemsPerFrame.toFixed(1)} lines a frame, ${Math.round(bytesPerItem)} bytes a line`
  )
}

async function searchAll(subjects: readonly Subject[]): Promise<Record<Kind, number>> {
  const highest = { product: 0, socketIo: 0, bareUws: 0 }
  for (const { kind, system } of subjects) {
    await using swarm = await openRoom(system, SEARCH_SOCKETS)
    highest[kind] = await highestRate(system, swarm, { ...SEARCH, toLinesPerS: SEARCH_TO_LINES_PER_S })
  }
  return highest
}

type Measurements = {
  calm: Results
  busy: Results
  small: Results
  highest: Readonly<Record<Kind, number>>
  gateways: number
  isQuick: boolean
}

function report({ calm, busy, small, highest, gateways, isQuick }: Measurements) {
  const per = (results: Results, kind: Kind) => results.get(kind)?.deliveriesPerCpuS.median ?? Number.NaN
  const ratio = (results: Results, to: Kind) => per(results, 'product') / per(results, to)
  const p99 = (results: Results) => results.get('product')?.p99Ms.median ?? Number.NaN
  const figures = {
    ratio20: ratio(calm, 'socketIo'),
    ratio200: ratio(busy, 'socketIo'),
    limit20: ratio(calm, 'bareUws'),
    p99Ms: Math.max(p99(calm), p99(busy)),
    limit200: ratio(busy, 'bareUws'),
    ratio200Small: ratio(small, 'socketIo'),
    ...Object.fromEntries(raw(calm, CALM)),
    ...Object.fromEntries(raw(busy, BUSY)),
    highestLinesPerS: highest.product,
    highestLinesPerSSocketIo: highest.socketIo,
    highestLinesPerSBareUws: highest.bareUws,
  }
  const faults = [calm, busy, small].flatMap((results) => [...results.values()].flatMap((one) => one.faults))
  const { ratio20, ratio200, limit20, p99Ms } = GOALS
  const isMet =
    figures.ratio20 >= ratio20 &&
    figures.ratio200 >= ratio200 &&
    figures.limit20 >= limit20 &&
    figures.p99Ms <= p99Ms
  return {
    ok: isMet && faults.length === 0,
    figures,
    goals: {
      ratio20: `≥ ${ratio20}`,
      ratio200: `≥ ${ratio200}`,
      limit20: `≥ ${limit20}`,
      p99Ms: `≤ ${p99Ms}`,
    },
    notes: [...notesOf(gateways, isQuick), ...tooBusy([calm, busy, small]), ...new Set(faults)],
  }
}

const raw = (results: Results, { linesPerS }: Load) =>
  [...results].map(([kind, { deliveriesPerCpuS }]) => [
    `${kind}${linesPerS}PerCpuS`,
    deliveriesPerCpuS.median,
  ])

const notesOf = (gateways: number, isQuick: boolean) => [
  `${gateways} ${gateways === 1 ? 'gateway' : 'gateways over Redis'}, as many nodes of each peer. All processes of a system and its Redis share the first core; load generator and PostgreSQL the last.`,
  "A ratio is of deliveries per CPU-second (user and system) of gateways and Redis; PostgreSQL, which keeps the product's lines and has no counterpart in the peers, is not in it.",
  `Each system has a room that it can serve (see above); ratio200Small is with ${SMALL.sockets.product} sockets for all. The peers check and keep nothing, and their lines carry nothing but text and sender.`,
  `highestLinesPerS: to ${SEARCH_SOCKETS} sockets with p99 ≤ ${SEARCH.p99LimitMs} ms, in steps of ${SEARCH.step}, ${SEARCH_TO_LINES_PER_S} at most.`,
  ...(isQuick ? ['--quick: shorter and fewer rounds than docs/benchmarks.md asks for.'] : []),
]

/** The rule that no system is measured at its end. */
const tooBusy = (all: readonly Results[]): string[] =>
  all.flatMap((results) =>
    [...results].flatMap(([kind, { busyShare }]) =>
      busyShare > BUSY_MAX ? [`${kind} used ${Math.round(busyShare * 100)} % of its core, above 70 %.`] : [],
    ),
  )

/** With a profiler in it, nothing is compared. */
function profiled(calm: Results, busy: Results) {
  return {
    ok: true,
    figures: Object.fromEntries([...raw(calm, CALM), ...raw(busy, BUSY)]) as Record<string, number>,
    notes: [`With a profiler in the gateways; their profiles are in ${BENCH_DIR}/profiles.`],
  }
}
