import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { v7 } from 'uuid'
import { newId } from '../../src/core/ids.ts'
import { recountAll } from '../../src/features/views/views.jobs.ts'
import { createLog } from '../../src/infra/log/log.ts'
import { startEmbeddedPostgres } from '../../src/infra/postgres/embedded.ts'
import { migrate } from '../../src/infra/postgres/migrate.ts'
import { makeRoles } from '../../src/infra/postgres/prepare.ts'
import { countingNode, viewing, watcher } from '../support/watching.ts'
import { numberOption } from './clients/crowd.ts'
import { alternate, spreadOf, spreadText } from './measure/spread.ts'

/**
 * Views of one hot video by 200 writers: the counting part of a node as it is, against one UPDATE of the video's row for each
 * event. Each event of ours is another viewer and another session, kept in a table before it is acknowledged, and
 * counted whole (session, view, watch time, day) soon after: `countedPerSecond` is the rate until all of it was. The peer writes nothing but the sum. Both on PostgreSQL with its own, durable settings.
 * Options: --writers=N (200), --ahead=N reports of a writer that wait for their answer (50), --rounds=N (5).
 */

const ROUND_MS = 4000
/** A round before those that count, in which everything is compiled and planned. */
const WARM_UP_MS = 2000
const DURATION_MS = 60_000
/** Short enough to be watched before the first report, long enough to be a view of this short video. */
const WATCHED_MS = 4000
const SHORT_MS = 8000
const NOISE_BYTES = 65_536
const ID_BYTES = 16
/** More connections make one row's queue longer and nothing faster: the best of these is the peer. */
const PEER_POOLS = [8, 32, 128]

type Round = { perSecond: number; countedPerSecond: number }

export async function run(options: readonly string[] = []) {
  const writers = numberOption(options, 'writers', 200)
  const ahead = numberOption(options, 'ahead', 50)
  const dir = await mkdtemp(join(tmpdir(), 'social-flow-bench-'))
  const log = createLog({ LOG_LEVEL: 'error' })
  const settings = ['max_connections=200']
  const server = await startEmbeddedPostgres({ dir: join(dir, 'postgres'), log, settings })
  try {
    const urls = await makeRoles(server.adminUrl, 'bench', 'counters')
    await migrate({ ...urls, migrationsDir: 'drizzle/migrations', log })
    return await compare(urls.ownerUrl, { writers, ahead, rounds: numberOption(options, 'rounds', 5) })
  } finally {
    await server[Symbol.asyncDispose]()
    await rm(dir, { recursive: true, force: true })
  }
}

type Load = { writers: number; ahead: number; rounds: number }

async function compare(url: string, { writers, ahead, rounds }: Load) {
  await using sql = Object.assign(postgres(url, { max: 2, onnotice: () => {} }), {
    [Symbol.asyncDispose]: () => sql.end(),
  })
  const ownerId = newId()
  const [hot, peers] = [newId(), newId()]
  await sql`insert into users (id, handle, display_name) values (${ownerId}, 'owner', 'Owner')`
  for (const [id, durationMs] of [
    [hot, SHORT_MS],
    [peers, DURATION_MS],
  ] as const)
    await sql`insert into videos (id, owner_id, title, visibility, state, published_at, duration_ms, width, height)
      values (${id}, ${ownerId}, 'Hot', 'public', 'ready', now(), ${durationMs}, 1920, 1080)`
  const known = new Map([[hot, { ownerId, durationMs: SHORT_MS }]])
  await using node = countingNode(url, { nowMs: () => Date.now() }, known)

  /** Of ids that players make: a call for each would be most of what a report costs here. */
  const noise = randomBytes(NOISE_BYTES + ID_BYTES)
  let acknowledged = 0
  let nth = 0
  const somebody = watcher()
  const watched = viewing(hot, { sections: [[0, WATCHED_MS]], positionMs: WATCHED_MS })
  /** Another viewer and another session each time: the most that a report can be. */
  const stranger = async () => {
    nth++
    const address = `10.${(nth >> 16) & 255}.${(nth >> 8) & 255}.${nth & 255}`
    const random = noise.subarray(nth % NOISE_BYTES, (nth % NOISE_BYTES) + ID_BYTES)
    await node.keep(
      { ...somebody, viewer: { id: `anon:${nth}` }, address },
      { ...watched, sessionId: v7({ random }) },
    )
    acknowledged++
  }
  let updates = 0
  const update = (pool: postgres.Sql) => async () => {
    await pool`update videos set views_count = views_count + 1, watch_ms = watch_ms + ${WATCHED_MS} where id = ${peers}`
    updates++
  }

  const pools = PEER_POOLS.map((max) => postgres(url, { max, onnotice: () => {} }))
  const trials: { pool: postgres.Sql; perSecond: number }[] = []
  for (const pool of pools)
    trials.push({ pool, perSecond: (await drive(writers, 1, WARM_UP_MS, update(pool))).perSecond })
  const best = trials.reduce((a, b) => (b.perSecond > a.perSecond ? b : a))
  await drive(writers, ahead, WARM_UP_MS, stranger)
  await node.views.countAll()
  const measured = await alternate(['ours', 'peer'] as const, rounds, (kind) =>
    kind === 'ours'
      ? drive(writers, ahead, ROUND_MS, stranger, node.views.countAll)
      : drive(writers, 1, ROUND_MS, update(best.pool)),
  )
  for (const pool of pools) await pool.end()
  const rate = (kind: 'ours' | 'peer', of: keyof Round = 'perSecond') =>
    spreadOf((measured.get(kind) ?? []).map((round: Round) => round[of]))

  const [row] = await sql`select views_count::int as views, (watch_ms / ${WATCHED_MS})::int as watched,
    (select count(counted_at)::int from video_views where video_id = ${hot}) as recounted from videos where id = ${hot}`
  const [peer] = await sql`select views_count::int as views from videos where id = ${peers}`
  const mended = await recountAll(node, new Date(Date.now() - 86_400_000).toISOString().slice(0, 10))
  const figures = {
    ratio: rate('ours').median / rate('peer').median,
    reportsPerSecond: rate('ours').median,
    countedPerSecond: rate('ours', 'countedPerSecond').median,
    updatesPerSecond: rate('peer').median,
    acknowledged,
    lost: acknowledged - (row?.recounted ?? 0),
    wrong: Math.abs(acknowledged - (row?.views ?? 0)) + Math.abs(acknowledged - (row?.watched ?? 0)) + mended,
    peerLost: updates - (peer?.views ?? 0),
  }
  return {
    ok: figures.ratio >= 50 && figures.lost === 0 && figures.wrong === 0,
    figures,
    goals: { ratio: '≥ 50', lost: '= 0', wrong: '= 0' },
    notes: [
      `reportsPerSecond: ${spreadText(rate('ours'))}; updatesPerSecond: ${spreadText(rate('peer'))}.`,
      `The peer used ${best.pool.options.max} connections, its best of ${PEER_POOLS.join(', ')}.`,
      'Each report is a session, a viewer and a view of its own; an update of the peer is a sum alone.',
    ],
  }
}

/** Writers that each keep so many events under way, until the time is over and all are answered. */
async function drive(
  writers: number,
  ahead: number,
  forMs: number,
  event: () => Promise<void>,
  finish: () => Promise<void> = async () => {},
): Promise<Round> {
  const startedMs = performance.now()
  let done = 0
  const write = async () => {
    while (performance.now() - startedMs < forMs) {
      await event()
      done++
    }
  }
  await Promise.all(Array.from({ length: writers * ahead }, write))
  const perSecond = (done / (performance.now() - startedMs)) * 1000
  await finish()
  return { perSecond, countedPerSecond: (done / (performance.now() - startedMs)) * 1000 }
}
