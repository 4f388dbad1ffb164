import { connect, type Socket } from 'node:net'

/** A WebSocket (RFC 6455) for text, as cheap as Node.js allows: what a benchmark saves here is left to the servers. */
export type WebSocketClient = {
  send(text: string): void
  /** Ends the connection as a lost network does: without a word. */
  cut(): void
}

type Events = {
  onOpen(): void
  onText(text: string): void
  /** Once, also where it never opened. */
  onClose(): void
}

/** Any will do: it only proves that the server read it, which is not what is measured. */
const KEY = 'AAAAAAAAAAAAAAAAAAAAAA=='
const TEXT = 1
const CLOSE = 8
const PING = 9
const PONG = 10
/** Lengths up to this stand in the second byte; the two values above it announce 2 or 8 bytes of length. */
const SHORT_MAX = 125
const NOTHING = Buffer.alloc(0)

export function openWebSocket(
  { port, path, from }: { port: number; path: string; from: string },
  events: Events,
): WebSocketClient {
  const socket: Socket = connect({ host: '127.0.0.1', port, localAddress: from, noDelay: true })
  let kept: Buffer = NOTHING
  let isOpen = false
  let parts = ''
  socket.on('connect', () =>
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`,
    ),
  )
  socket.on('error', () => {})
  socket.on('close', () => events.onClose())
  socket.on('data', (bytes) => {
    kept = kept.length === 0 ? bytes : Buffer.concat([kept, bytes])
    if (!isOpen && !takeUpgrade()) return
    while (takeFrame());
  })

  function takeUpgrade(): boolean {
    const end = kept.indexOf('\r\n\r\n')
    if (end < 0) return false
    isOpen = kept.subarray(0, 12).toString() === 'HTTP/1.1 101'
    kept = kept.subarray(end + 4)
    if (isOpen) events.onOpen()
    else socket.destroy()
    return isOpen
  }

  function takeFrame(): boolean {
    const found = frameAt(kept)
    if (!found) return false
    const { isLast, opcode, payload, bytes } = found
    kept = kept.subarray(bytes)
    if (opcode === PING) socket.write(frameOf(PONG, payload))
    else if (opcode === CLOSE) socket.destroy()
    else if (opcode <= TEXT) {
      parts += payload.toString()
      if (isLast) {
        const text = parts
        parts = ''
        events.onText(text)
      }
    }
    return true
  }

  return {
    send: (text) => void socket.write(frameOf(TEXT, Buffer.from(text))),
    cut: () => void socket.resetAndDestroy(),
  }
}

function frameAt(data: Buffer) {
  if (data.length < 2) return undefined
  const [first = 0, second = 0] = data
  let at = 2
  let length = second & 0x7f
  if (length > SHORT_MAX) {
    at = length === SHORT_MAX + 1 ? 4 : 10
    if (data.length < at) return undefined
    length = at === 4 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2))
  }
  if (data.length < at + length) return undefined
  return {
    ...{ isLast: (first & 0x80) !== 0, opcode: first & 0x0f },
    ...{ payload: data.subarray(at, at + length), bytes: at + length },
  }
}

/** Masked, as clients must, with a key of zeros. */
function frameOf(opcode: number, payload: Buffer): Buffer {
  const isShort = payload.length <= SHORT_MAX
  const head = Buffer.alloc(isShort ? 6 : 8)
  head[0] = 0x80 | opcode
  head[1] = 0x80 | (isShort ? payload.length : SHORT_MAX + 1)
  if (!isShort) head.writeUInt16BE(payload.length, 2)
  return Buffer.concat([head, payload])
}
