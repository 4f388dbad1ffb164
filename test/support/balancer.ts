import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { sleep } from '../../src/core/time.ts'

/** One origin in front of several nodes, as a proxy in production is. */
export type Balancer = AsyncDisposable & {
  url: string
  port: number
  /** Nodes that said last that they are ready. */
  ready(): readonly string[]
}

type Node = { url: string; isReady: boolean; open: number }

/** As often as proxies that ask actively are usually told to. */
const ASK_MS = 300
const UPGRADE_REFUSED = new Set([403, 503])

/**
 * Sends requests to the node with the fewest open ones among those that are ready (`/readyz`), and to the next where
 * one can't be reached; WebSocket upgrades likewise, also past a node that refuses them because it drains. Sockets are
 * expected on the nodes' HTTP port, which passes them on.
 */
export async function startBalancer(
  urls: readonly string[],
  { host = '127.0.0.1', port = 0 } = {},
): Promise<Balancer> {
  const nodes: Node[] = urls.map((url) => ({ url, isReady: true, open: 0 }))
  let isOver = false
  const asking = Promise.all(
    nodes.map(async (node) => {
      while (!isOver) {
        node.isReady = await fetch(`${node.url}/readyz`).then(
          (answer) => answer.ok,
          () => false,
        )
        await sleep(ASK_MS)
      }
    }),
  )
  const inOrder = () => {
    const ready = nodes.filter(({ isReady }) => isReady)
    return [...(ready.length > 0 ? ready : nodes)].sort((a, b) => a.open - b.open)
  }
  const open = new Set<Duplex>()
  const server = createServer((request, response) => pass(request, response, inOrder()))
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  server.on('upgrade', (request, socket, head) => upgrade({ request, socket, head }, inOrder()))
  await new Promise<void>((resolve) => void server.listen(port, host, resolve))
  const { port: own } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${own}`,
    port: own,
    ready: () => nodes.filter(({ isReady }) => isReady).map(({ url }) => url),
    async [Symbol.asyncDispose]() {
      isOver = true
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => void server.close(resolve))
      await asking
    },
  }
}

const headersOf = ({ headers, socket }: IncomingMessage) => ({
  ...headers,
  'x-forwarded-for': socket.remoteAddress ?? '',
})

/** Without an agent: every request has a connection of its own, so that none is sent into a closing one. */
const ask = (node: Node, { method, url }: IncomingMessage, headers: object) =>
  httpRequest(new URL(url ?? '/', node.url), {
    ...(method && { method }),
    headers: { ...headers },
    agent: false,
  })

function pass(request: IncomingMessage, response: ServerResponse, [node, ...others]: Node[]): void {
  if (!node) return void response.writeHead(502).end('No node can be reached.')
  node.open++
  const asked = ask(node, request, headersOf(request))
  let isConnected = false
  asked.once('socket', (socket) =>
    socket.once('connect', () => {
      isConnected = true
      request.pipe(asked)
    }),
  )
  asked.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  asked.once('error', () => {
    // What may have been begun there must not be done twice.
    if (!isConnected) pass(request, response, others)
    else if (response.headersSent) response.destroy()
    else response.writeHead(502).end('The node broke off.')
  })
  asked.once('close', () => node.open--)
  response.once('close', () => asked.destroy())
}

type Upgrade = { request: IncomingMessage; socket: Duplex; head: Buffer }

function upgrade(given: Upgrade, [node, ...others]: Node[]): void {
  const { request, socket, head } = given
  socket.on('error', () => {})
  if (!node) return void socket.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n')
  const asked = ask(node, request, headersOf(request))
  // Counted as it is asked: of many that come at once, each must know of those before it.
  node.open++
  let far: Duplex | undefined
  asked.once('close', () => {
    if (!far) node.open--
  })
  asked.once('response', (answer) => {
    answer.resume()
    if (UPGRADE_REFUSED.has(answer.statusCode ?? 0) && others.length > 0) return upgrade(given, others)
    socket.end(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\nConnection: close\r\n\r\n`)
  })
  asked.once('error', () => upgrade(given, others))
  asked.once('upgrade', (answer, upgraded, first) => {
    far = upgraded
    upgraded.once('close', () => node.open--)
    const lines = [`HTTP/1.1 101 Switching Protocols`]
    for (let i = 0; i < answer.rawHeaders.length; i += 2)
      lines.push(`${answer.rawHeaders[i]}: ${answer.rawHeaders[i + 1]}`)
    socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    socket.write(first)
    upgraded.write(head)
    upgraded.pipe(socket).pipe(upgraded)
    for (const [end, other] of [
      [socket, upgraded],
      [upgraded, socket],
    ] as const) {
      end.on('error', () => other.destroy())
      end.on('close', () => other.destroy())
    }
  })
  asked.end()
}
