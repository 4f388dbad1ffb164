import postgres from 'postgres'
import { SECOND_MS } from '../../src/core/time.ts'
import { createPasswords } from '../../src/features/accounts/accounts.passwords.ts'
import { PASSWORD } from '../support/person.ts'
import { type Product, startProduct } from './measure/product.ts'
import { leaveServerCore } from './measure/program.ts'
import { openRoom, p99MsOf } from './measure/room.ts'
import { alternate, spreadOf, spreadText } from './measure/spread.ts'
import { faultOf, type Measured, measureQuietRound } from './measure/system.ts'
import type { Swarm } from './swarm/swarm.ts'

/**
 * The chat of a room through one process that also serves HTTP, calm and while many people sign in by password: what the
 * hashing of passwords leaves of the core to sockets. Options: --per-second=N sign-ins (50), --rounds=N (5).
 */

const SOCKETS = 200
const LINES_PER_S = 20
const ROUND_MS = 6000
const WARM_UP = { linesPerS: LINES_PER_S, durationMs: 5000 }
/** An account may be tried 60 times an hour by strangers: everybody signs in a few times at most. */
const ACCOUNTS = 1500
/** Chat that people call immediate: below the blink of an eye, also while others sign in. */
const GOALS = { chatP99Ms: 250 }

/** Sign-ins of one round: how long each took from when it was due, and all together. */
type SignIns = { done: number; refused: number; tookMs: number[]; lastedMs: number }
type Round = { measured: Measured; signIns: SignIns }

export async function run(options: readonly string[] = []) {
  leaveServerCore()
  const number = (name: string, otherwise: number) =>
    Number(options.find((option) => option.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise)
  const perSecond = number('per-second', 50)
  await using product = await startProduct({
    ...{ gateways: 1, accounts: ACCOUNTS },
    env: { TRUSTED_PROXIES: '127.0.0.1' },
  })
  await givePasswords(product)
  await using room = await openRoom(product, SOCKETS)
  await room.round(WARM_UP)
  const visitors = signInsAt(product)
  // Also what signing in runs through is compiled before anything is measured.
  await visitors(perSecond, WARM_UP.durationMs)

  const kinds = ['calm', 'signIns'] as const
  const rounds = await alternate(kinds, number('rounds', 5), (kind) =>
    measure(product, room, () => visitors(kind === 'calm' ? 0 : perSecond, ROUND_MS)),
  )
  return report(rounds.get('calm') ?? [], rounds.get('signIns') ?? [], perSecond)
}

async function measure(product: Product, room: Swarm, signIn: () => Promise<SignIns>): Promise<Round> {
  let signIns: Promise<SignIns> | undefined
  // A round that is repeated, as others disturbed it, has its sign-ins too.
  const signingRoom: Swarm = {
    ...room,
    round: async (load) => {
      signIns = signIn()
      const report = await room.round(load)
      await signIns
      return report
    },
  }
  const measured = await measureQuietRound(product, signingRoom, {
    linesPerS: LINES_PER_S,
    durationMs: ROUND_MS,
  })
  const done = (await signIns) ?? { done: 0, refused: 0, tookMs: [], lastedMs: 0 }
  return { measured, signIns: done }
}

/** One hash for all: what is measured is how it is checked. */
async function givePasswords({ database, crowd }: Product): Promise<void> {
  const hash = await createPasswords().hash(PASSWORD)
  const sql = postgres(database.appUrl, { max: 1 })
  await sql`insert into credentials (user_id, email, password_hash, email_verified_at)
    select id, handle || '@example.com', ${hash}, now() from users`
  await sql`insert into streams (id, owner_id) select gen_random_uuid(), id from users
    where id <> ${crowd[0]?.id ?? ''} on conflict do nothing`
  await sql.end()
}

/** Signs accounts in one after the other, each from an address of its own, at a steady rate whatever the answers do. */
function signInsAt({ nodes, crowd }: Product) {
  let next = 0
  const signIn = async (): Promise<number> => {
    const nth = next++
    const member = crowd[nth % crowd.length]
    const response = await fetch(`${nodes[0]?.url}/api/auth/sign-in`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': `10.${(nth >> 16) & 255}.${(nth >> 8) & 255}.${nth & 255}`,
      },
      body: JSON.stringify({ email: `${member?.handle}@example.com`, password: PASSWORD, session: 'bearer' }),
    })
    await response.arrayBuffer()
    return response.status
  }
  return async (perSecond: number, durationMs: number): Promise<SignIns> => {
    const result: SignIns = { done: 0, refused: 0, tookMs: [], lastedMs: 0 }
    const asked: Promise<void>[] = []
    const startedAtMs = performance.now()
    const count = Math.round((perSecond * durationMs) / SECOND_MS)
    for (let i = 0; i < count; i++) {
      const dueAtMs = startedAtMs + (i * SECOND_MS) / perSecond
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueAtMs - performance.now())))
      asked.push(
        signIn().then((status) => {
          if (status === 200) result.done++
          else result.refused++
          result.tookMs.push(performance.now() - dueAtMs)
        }),
      )
    }
    await Promise.all(asked)
    return { ...result, lastedMs: performance.now() - startedAtMs }
  }
}

function report(calm: readonly Round[], signing: readonly Round[], perSecond: number) {
  const spread = (rounds: readonly Round[], of: (round: Round) => number) => spreadOf(rounds.map(of))
  const p99 = ({ measured }: Round) => p99MsOf(measured)
  // Who still waits for their turn when the last line was said, is waited for: their time counts.
  const busy = ({ measured, signIns }: Round) =>
    (measured.cpuS * SECOND_MS) / Math.max(measured.report.tookMs, signIns.lastedMs)
  const doneOf = ({ signIns }: Round) => (signIns.done * SECOND_MS) / signIns.lastedMs
  const p99OfSignIns = ({ signIns }: Round) =>
    signIns.tookMs.toSorted((a, b) => a - b)[Math.ceil(signIns.tookMs.length * 0.99) - 1] ?? Number.NaN
  const perSignIn = spread(signing, busy).median - spread(calm, busy).median
  const figures = {
    chatP99MsCalm: spread(calm, p99).median,
    chatP99Ms: spread(signing, p99).median,
    signInsPerS: spread(signing, doneOf).median,
    signInP99Ms: spread(signing, p99OfSignIns).median,
    refused: signing.reduce((sum, { signIns }) => sum + signIns.refused, 0),
    busyShareCalm: spread(calm, busy).median,
    busyShare: spread(signing, busy).median,
    cpuMsPerSignIn: (perSignIn * SECOND_MS) / spread(signing, doneOf).median,
  }
  const faults = [...calm, ...signing].flatMap(({ measured }) => faultOf(measured) ?? [])
  return {
    ok: figures.chatP99Ms <= GOALS.chatP99Ms && faults.length === 0,
    figures,
    goals: { chatP99Ms: `≤ ${GOALS.chatP99Ms}` },
    notes: [
      `${SOCKETS} sockets, ${LINES_PER_S} lines/s, one process on one core; ${perSecond} sign-ins a second are begun, at a steady rate.`,
      `Chat p99, calm: ${spreadText(spread(calm, p99))} ms; with sign-ins: ${spreadText(spread(signing, p99))} ms; sign-ins a second: ${spreadText(spread(signing, doneOf))}.`,
      ...new Set(faults),
    ],
  }
}
