import type { IncomingMessage } from 'node:http'
import { connect as connectTcp } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import packageJson from '../../package.json' with { type: 'json' }
import { drainTimes } from '../config.ts'
import { asyncApiDocument } from '../http/documents/asyncapi.ts'
import { openApiDocument } from '../http/documents/openapi.ts'
import type { Readiness } from '../http/probes.ts'
import { createHttpServer, type HttpServer } from '../http/server.ts'
import type { Platform } from './platform.ts'
import type { Services } from './services.ts'

type Deps = {
  platform: Platform
  services: Services
  webRoot: string
  socketPort: () => number | null
  ready: () => Promise<Readiness>
}

/** The http role: pages, the HTTP API, and a way for sockets where only this port can be reached. */
export async function startHttp({
  platform,
  services,
  webRoot,
  socketPort,
  ready,
}: Deps): Promise<HttpServer> {
  const { config, log, security, limits, clock, tokens, media, metrics, tls, life, disposal } = platform
  const { version } = packageJson
  const http = await createHttpServer({
    ...{ config, log, security, limits, clock, media, metrics, tls, webRoot, version, socketPort },
    ...services,
    socketTokens: tokens,
    health: { ready },
    documents: { openapi: openApiDocument(version), asyncapi: asyncApiDocument(version) },
  })
  http.server.on('upgrade', (request, socket, head) => {
    const port = socketPort()
    // Without a port of their own, sockets are on this server already and socket.io listens here too.
    if (port !== null) pipeUpgrade({ request, socket, head }, port, tls !== undefined)
  })
  life.onEnding(() => http.drain(drainTimes(config).lingerMs))
  return disposal.use(http)
}

type Upgrade = { request: IncomingMessage; socket: Duplex; head: Buffer }

/** Hands a socket's upgrade to the gateway as it came, and then every byte both ways. */
function pipeUpgrade({ request, socket, head }: Upgrade, port: number, isTls: boolean): void {
  if (!request.url?.startsWith('/socket.io/')) return void socket.destroy()
  const target = { host: '127.0.0.1', port }
  // Our own certificate need not name this address.
  const gateway = isTls ? connectTls({ ...target, rejectUnauthorized: false }) : connectTcp(target)
  const lines = [`${request.method} ${request.url} HTTP/1.1`]
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`)
  }
  gateway.once(isTls ? 'secureConnect' : 'connect', () => {
    gateway.write(`${lines.join('\r\n')}\r\n\r\n`)
    gateway.write(head)
    socket.pipe(gateway).pipe(socket)
  })
  for (const [end, other] of [
    [socket, gateway],
    [gateway, socket],
  ] as const) {
    end.on('error', () => other.destroy())
    end.on('close', () => other.destroy())
  }
}
