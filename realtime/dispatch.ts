import type { z } from 'zod'
import type { CallSpec } from '../src/contract/define.ts'
import type { CallName, Calls } from '../src/contract/index.ts'
import { scopeRefusal } from '../src/core/access/scopes.ts'
import { type Ack, AppError, type ErrorCode, toWireError, type WireError } from '../src/core/errors.ts'
import { newId } from '../src/core/ids.ts'
import type { Logger, SecurityEvent, SecurityLog } from '../src/core/log.ts'
import type { Limits } from '../src/core/ports.ts'
import { translateOutage } from '../src/infra/postgres/outage.ts'
import type { Session } from './session.ts'

/** One function per call of the contract; its input is parsed, its output is parsed again before it is answered. */
export type Handlers<Names extends CallName = CallName> = {
  [K in Names]: (session: Session, input: z.output<Calls[K]['input']>) => Promise<z.input<Calls[K]['output']>>
}

type Deps = {
  calls: Readonly<Record<string, CallSpec>>
  handlers: Handlers
  limits: Limits
  /** Of this gateway alone. */
  ownLimits: Limits
  /** Those that gateways share a moment late. */
  eventualLimits: Limits
  /** The clock that suspensions end by. */
  nowMs: () => number
  log: Logger
  security: SecurityLog
  /** Whether the holder of a login session proved lately to be the owner, for calls that are declared `stepUp`. */
  isConfirmed: (loginSessionId: string) => Promise<boolean>
  /** Told of every answer: the call's name (`unknown` for one that does not exist), how it ended, how long it took. */
  observe: (call: string, outcome: 'ok' | ErrorCode, durationMs: number) => void
}

/** Frames up to the engine's limit are read; a call in one larger than this is answered `too_large` and not looked at. */
const CALL_MAX_BYTES = 64 * 1024
/** A client of another version may ask for a few; more is noise. */
const UNKNOWN_CALLS = { credits: 60, perMs: 60_000 }
/** Of a refused input, this many problems are told. */
const ISSUES_MAX = 10

const REFUSALS: Partial<Record<ErrorCode, SecurityEvent>> = {
  forbidden: 'permission_refused',
  too_many_requests: 'limit_hit',
}

type Handle = (session: Session, input: unknown) => Promise<unknown>

/**
 * Answers calls: find → authenticate → limit → judge token and suspension → step up → parse input → handle → parse output →
 * answer. Every call gets exactly one answer; one listener per socket. This is one of the two places where something from a
 * wire is parsed.
 */
export function createDispatcher(deps: Deps) {
  const { calls, handlers, limits, ownLimits, eventualLimits, nowMs, log, security, isConfirmed, observe } =
    deps
  const table = new Map(Object.entries(calls))
  for (const name of table.keys()) {
    if (!(name in handlers)) throw new Error(`No handler was given for the call ${name}.`)
  }

  async function perform(
    session: Session,
    name: string,
    input: unknown,
    sizeBytes: number,
  ): Promise<unknown> {
    const spec = table.get(name)
    if (!spec) {
      await limits.take(`call:unknown:${session.viewer.id}`, UNKNOWN_CALLS)
      throw new AppError('unknown_call')
    }
    if (spec.auth === 'user' && !session.viewer.account) throw new AppError('unauthenticated')
    const { perNode, isEventual } = spec.limit
    const counting = perNode ? ownLimits : isEventual ? eventualLimits : limits
    await counting.take(`call:${name}:${session.viewer.id}`, spec.limit)
    const refusal = scopeRefusal(session.viewer, spec.scope, nowMs(), spec.whileLeaving)
    if (refusal) throw refusal
    if (spec.stepUp) {
      const { loginSessionId } = session.viewer
      if (!loginSessionId || !(await isConfirmed(loginSessionId))) throw new AppError('confirm_required')
    }
    if (sizeBytes > CALL_MAX_BYTES) throw new AppError('too_large', undefined, { maxBytes: CALL_MAX_BYTES })
    const parsed = spec.input.safeParse(input)
    if (!parsed.success) throw new AppError('invalid_input', undefined, { issues: issuesOf(parsed.error) })
    const answer = await (handlers[name as CallName] as Handle)(session, parsed.data)
    return spec.output.parse(answer)
  }

  async function dispatch(session: Session, args: readonly unknown[], sizeBytes: number): Promise<void> {
    const [event, input] = args
    const last = args.at(-1)
    // Without an acknowledgement nobody waits for an answer: such a packet is not of this protocol.
    if (typeof last !== 'function') return
    const answer = last as (ack: Ack<unknown>) => void
    const name = typeof event === 'string' ? event : ''
    const metricName = table.has(name) ? name : 'unknown'
    const startedAtMs = performance.now()
    try {
      const data = await perform(session, name, input === last ? undefined : input, sizeBytes)
      observe(metricName, 'ok', performance.now() - startedAtMs)
      answer({ ok: true, data })
    } catch (error) {
      const wire = toWireError(translateOutage(error), newId())
      if (wire.code === 'internal')
        log.error({ call: name, error, requestId: wire.requestId }, 'A call failed')
      noteRefusal(security, session, metricName, wire)
      observe(metricName, wire.code, performance.now() - startedAtMs)
      answer({ ok: false, error: wire })
    }
  }

  return {
    /** Begins to answer the calls of a socket. */
    attach(session: Session): void {
      session.socket.onAny((...args: unknown[]) => {
        void dispatch(session, args, lastPacketBytes(session))
      })
    },
  }
}

/** The address of a socket is its handshake's, and is not kept: whose login session it is, is known. */
function noteRefusal(security: SecurityLog, { viewer }: Session, at: string, wire: WireError): void {
  const event = REFUSALS[wire.code]
  if (!event) return
  const { code, details, requestId } = wire
  const reason = typeof details?.reason === 'string' ? { reason: details.reason } : {}
  const who = { accountId: viewer.account?.id, sessionId: viewer.loginSessionId }
  security.note(event, { ...who, at, code, requestId, ...reason })
}

type Sized = { lastPacketBytes?: number }

/** Called with every packet of a connection before the packet is decoded; see `lastPacketBytes`. */
export function rememberPacketSize(this: object, packet: { data?: unknown }): void {
  ;(this as Sized).lastPacketBytes = typeof packet.data === 'string' ? packet.data.length : 0
}

const lastPacketBytes = ({ socket }: Session) => (socket.conn as Sized).lastPacketBytes ?? 0

/** Path and message of what is wrong with an input; for people and programs alike. */
function issuesOf(error: z.ZodError): { path: string; message: string }[] {
  return error.issues
    .slice(0, ISSUES_MAX)
    .map(({ path, message }) => ({ path: path.map(String).join('.'), message }))
}
