/**
 * A process of its own: a server whose check of a handshake takes a moment, and clients that hang up meanwhile.
 * Argument: `repaired` or `bare`. It ends with 0 where somebody is let in after that.
 */
import { connect as connectTcp } from 'node:net'
import { sleep } from '../../src/core/time.ts'
import { connectTo, startEngine } from './engines.ts'

const CHECK_MS = 100
const HANDSHAKE = [
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
  'Host: x',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
]

const server = await startEngine('uws', process.argv[2] === 'bare' ? 'bare' : 'repaired')
server.io.engine.opts.allowRequest = (_request, answer) => {
  setTimeout(() => answer(undefined, true), CHECK_MS)
}
for (let i = 0; i < 10; i++) {
  const socket = connectTcp(server.port, '127.0.0.1', () => {
    socket.write(`${HANDSHAKE.join('\r\n')}\r\n\r\n`)
    setTimeout(() => socket.destroy(), CHECK_MS / 5)
  })
}
await sleep(CHECK_MS * 3)
const socket = await connectTo(server)
socket.close()
process.exit(0)
