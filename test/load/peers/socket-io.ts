/**
 * The peer: a chat node of plain socket.io on ws under its best documented settings, as one would write it: websocket
 * only, no compression, the first HTTP request of each socket forgotten (socket.io's page on memory usage), the
 * sharded Redis adapter. bufferutil is used where it is installed, as ws does by itself. It checks and keeps nothing.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createShardedAdapter } from '@socket.io/redis-adapter'
import { Redis } from 'ioredis'
import { Server } from 'socket.io'

const options = JSON.parse(process.argv[2] ?? '{}') as { redisUrl?: string }
/** Redis 7.0 does not know CLIENT SETINFO. */
const client = (url: string) => new Redis(url, { disableClientInfo: true })

const http = createServer()
const io = new Server(http, {
  transports: ['websocket'],
  perMessageDeflate: false,
  httpCompression: false,
  serveClient: false,
  ...(options.redisUrl && {
    adapter: createShardedAdapter(client(options.redisUrl), client(options.redisUrl)),
  }),
})
io.engine.on('connection', (connection: { request: unknown }) => {
  connection.request = null
})

io.on('connection', (socket) => {
  socket.on('join', (rooms: string[], answer: (ack: object) => void) => {
    void socket.join(rooms)
    answer({ ok: true })
  })
  socket.on('say', ({ room, text }: { room: string; text: string }, answer: (ack: object) => void) => {
    io.to(room).emit('line', { from: socket.id, text })
    answer({ ok: true })
  })
})

http.listen(0, '127.0.0.1', () => process.send?.({ socketPort: (http.address() as AddressInfo).port }))
process.on('SIGTERM', () => process.exit(0))
