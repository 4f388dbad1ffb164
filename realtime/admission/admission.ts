import type { Server, Socket } from 'socket.io'
import type { Config } from '../../src/config.ts'
import { AppError, toWireError } from '../../src/core/errors.ts'
import { newId } from '../../src/core/ids.ts'
import type { Viewer } from '../../src/core/viewer.ts'
import { isAllowedOrigin } from '../../src/infra/access/origin.ts'

type Headers = { origin?: string | undefined; host?: string | undefined; 'x-forwarded-for'?: unknown }

type Door = { config: Config; httpPort: () => number; isDraining: () => boolean }

/**
 * The synchronous half of admission: pages of other sites are refused before there is a socket. It must stay
 * synchronous – on uWebSockets.js a client that hangs up during an asynchronous check would end the process.
 * A client without an Origin is no browser, and its token decides.
 *
 * A proxy can try another node only as long as the upgrade has not been answered, so what comes through one is refused
 * (403) here while this node drains. Who came straight is let in far enough to be told why (`admitByToken`).
 */
export function createDoor({ config, httpPort, isDraining }: Door) {
  return (
    request: { headers: Headers },
    answer: (error: string | null | undefined, isAllowed: boolean) => void,
  ): void => {
    const { origin, host, 'x-forwarded-for': forwarded } = request.headers
    const isForeign = Boolean(origin) && !isAllowedOrigin({ origin, host, config, httpPort: httpPort() })
    const refusal =
      isDraining() && forwarded !== undefined ? 'unavailable' : isForeign ? 'foreign_origin' : null
    answer(refusal, refusal === null)
  }
}

type Admission = {
  verify: (token: unknown) => Promise<Viewer>
  /** Whether the login session behind a token has ended meanwhile. */
  isRevoked: (loginSessionId: string | undefined) => boolean
  isDraining: () => boolean
  /** Whether it is known who was revoked elsewhere; until then nobody is let in. */
  isCurrent: () => boolean
  /** Whether the socket of this id was closed because it did not take what was sent; answers true once. */
  wasTooSlow: (socketId: unknown) => boolean
}

/** The other half: a socket is whoever its short-lived token says. Needs no database. */
export function admitByToken(io: Server, rules: Admission): void {
  io.use((socket, next) => {
    admit(socket, rules).then(
      () => next(),
      (error: unknown) => {
        const wire = toWireError(error, newId())
        next(Object.assign(new Error(wire.message), { data: wire }))
      },
    )
  })
}

async function admit(
  socket: Socket,
  { verify, isRevoked, isDraining, isCurrent, wasTooSlow }: Admission,
): Promise<void> {
  if (isDraining()) throw new AppError('unavailable', 'This node is shutting down; connect again.')
  const { token, previous } = socket.handshake.auth as { token?: unknown; previous?: unknown }
  const viewer = await verify(token)
  if (!isCurrent())
    throw new AppError('unavailable', 'This node does not hear the others; try again in a moment.')
  if (isRevoked(viewer.loginSessionId)) throw new AppError('token_expired')
  if (wasTooSlow(previous)) throw new AppError('too_slow')
  socket.data = { viewer }
}
