import { createHash } from 'node:crypto'
import { Agent, request } from 'node:http'
import postgres from 'postgres'
import { steadyMs } from '../../src/core/time.ts'
import { signUp } from '../support/person.ts'
import { S3_SETTINGS, startS3 } from '../support/s3.ts'
import { until } from '../support/until.ts'
import { addressIn, tusOf } from '../support/videos.ts'
import { numberOption } from './clients/crowd.ts'
import { rssBytesOf } from './measure/proc.ts'
import { type Product, startProduct } from './measure/product.ts'
import { leaveServerCore } from './measure/program.ts'

/**
 * One large file by tus in pieces of 8 MB to a process with http and jobs, which then compares its SHA-256 with the promised
 * one: its memory meanwhile, and how fast it takes it. To a folder, and to S3, whose server (the one of the tests) keeps all
 * in memory and puts an object together in one buffer, which Node.js 20 bounds at 4 GB; so that file is smaller.
 * Options: --gb=N to a folder (5), --s3-gb=N (1).
 */

const PIECE_BYTES = 8 * 2 ** 20
const BYTES_PER_MB = 2 ** 20
const PIECES_PER_GB = 2 ** 30 / PIECE_BYTES
const SAMPLE_MS = 100
/** What all paths are warmed up with. */
const WARM_UP_PIECES = 16
/** Memory that is free again by then was not kept. */
const SETTLE_MS = 3000
/** Reading back and comparing what was stored. */
const VERIFY_LIMIT_MS = 300_000
/** Whatever the size of a file: the pieces that are in hands, and what the collector has not come to. */
const GROWTH_MAX_MB = 150

type Sent = { mbPerS: number; verifyMbPerS: number; beforeMb: number; peakMb: number }

export async function run(options: readonly string[]) {
  leaveServerCore()
  const gb = numberOption(options, 'gb', 5)
  const s3Gb = numberOption(options, 's3-gb', 1)
  const files = await measure(gb, {})
  await using s3 = await startS3()
  const bucket = await measure(s3Gb, { ...S3_SETTINGS, S3_URL: s3.url })
  const figures = { ...named('files', files), ...named('s3', bucket) }
  return {
    ok: figures.filesGrowthMb <= GROWTH_MAX_MB && figures.s3GrowthMb <= GROWTH_MAX_MB,
    figures,
    goals: { filesGrowthMb: `≤ ${GROWTH_MAX_MB}`, s3GrowthMb: `≤ ${GROWTH_MAX_MB}` },
    notes: [
      `${gb} GB to a folder, ${s3Gb} GB to S3, in pieces of 8 MB, one after the other; server on one core, sender, PostgreSQL and S3 on the other.`,
      'Memory: resident set of the server, after a first upload and at its peak, its comparing of the SHA-256 included.',
    ],
  }
}

const named = <K extends string>(kind: K, { mbPerS, verifyMbPerS, beforeMb, peakMb }: Sent) =>
  ({
    [`${kind}MbPerS`]: mbPerS,
    [`${kind}VerifyMbPerS`]: verifyMbPerS,
    [`${kind}BeforeMb`]: beforeMb,
    [`${kind}PeakMb`]: peakMb,
    [`${kind}GrowthMb`]: peakMb - beforeMb,
  }) as Record<`${K}${'MbPerS' | 'VerifyMbPerS' | 'BeforeMb' | 'PeakMb' | 'GrowthMb'}`, number>

async function measure(gb: number, env: Readonly<Record<string, string>>): Promise<Sent> {
  await using product = await startProduct({
    ...{ gateways: 1, accounts: 1 },
    env: { ROLES: 'gateway,http,jobs', TRANSCODES_AT_ONCE: '0', ...env },
  })
  const [node] = product.nodes
  if (!node) throw new Error('There is no server.')
  const sender = await signUp(node.url, 'sender')
  sender.connection.close()
  const send = (pieces: number) => sendFile(product, node.url, sender, pieces)
  await send(WARM_UP_PIECES)
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
  const beforeMb = (await rssBytesOf(node.program.pid)) / BYTES_PER_MB
  let peakMb = beforeMb
  const sampling = setInterval(async () => {
    peakMb = Math.max(peakMb, (await rssBytesOf(node.program.pid)) / BYTES_PER_MB)
  }, SAMPLE_MS)
  try {
    return { ...(await send(Math.round(gb * PIECES_PER_GB))), beforeMb, peakMb }
  } finally {
    clearInterval(sampling)
  }
}

/** Pieces that differ in their number alone, so that nobody keeps gigabytes, and one in a wrong place shows. */
function createPieces() {
  const bytes = Buffer.alloc(PIECE_BYTES)
  for (let at = 0, state = 1; at < PIECE_BYTES; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes.writeUInt32LE(state, at)
  }
  return (nth: number): Buffer => {
    bytes.writeUInt32LE(nth, 0)
    return bytes
  }
}

async function sendFile(
  { database }: Product,
  url: string,
  { bearer }: { bearer: string | undefined },
  pieces: number,
): Promise<Pick<Sent, 'mbPerS' | 'verifyMbPerS'>> {
  const pieceOf = createPieces()
  const hash = createHash('sha256')
  for (let nth = 0; nth < pieces; nth++) hash.update(pieceOf(nth))
  const sizeBytes = pieces * PIECE_BYTES
  const tus = tusOf({ url }, { bearer })
  const address = addressIn(await tus.begin(sizeBytes, { sha256: hash.digest('hex') }))
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const startedAtMs = steadyMs()
  for (let nth = 0; nth < pieces; nth++) {
    const offset = nth * PIECE_BYTES
    const status = await sendPiece({ agent, url: url + address, bearer, offset }, pieceOf(nth))
    if (status !== 204) throw new Error(`The piece at ${offset} was answered with ${status}.`)
  }
  const sentAtMs = steadyMs()
  await verified(database.ownerUrl, address.split('/').at(-1) ?? '')
  const perS = (tookMs: number) => sizeBytes / BYTES_PER_MB / (tookMs / 1000)
  agent.destroy()
  return { mbPerS: perS(sentAtMs - startedAtMs), verifyMbPerS: perS(steadyMs() - sentAtMs) }
}

type To = { agent: Agent; url: string; bearer: string | undefined; offset: number }

const sendPiece = ({ agent, url, bearer, offset }: To, bytes: Buffer) =>
  new Promise<number>((resolve, reject) => {
    const sending = request(url, {
      agent,
      method: 'PATCH',
      headers: {
        ...{ 'tus-resumable': '1.0.0', authorization: `Bearer ${bearer}`, 'upload-offset': String(offset) },
        ...{ 'content-type': 'application/offset+octet-stream', 'content-length': bytes.length },
      },
    })
    sending.on('response', (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
    sending.on('error', reject)
    sending.end(bytes)
  })

/** Waits until the server has read the file back and found it to be the one that was promised, which it then passes on. */
async function verified(databaseUrl: string, runId: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1 })
  try {
    await until(
      'the file to be compared',
      async () => {
        const [run] = await sql<{ state: string; failure: string | null; isPassedOn: boolean }[]>`
          select r.state, r.failure_code as failure,
            exists (select from video_chunks c where c.run_id = r.id) as "isPassedOn"
          from video_runs r where r.id = ${runId}`
        if (run?.state === 'failed') throw new Error(`The file is not what was sent: ${run.failure}.`)
        return run?.isPassedOn
      },
      VERIFY_LIMIT_MS,
    )
  } finally {
    await sql.end()
  }
}
