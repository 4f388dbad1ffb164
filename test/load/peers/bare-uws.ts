/**
 * The limit: uWebSockets.js without anything above it. One topic, one publish per line, and a Redis channel that takes
 * lines to the other nodes. Own members get a line at once, those elsewhere when it comes from Redis.
 */

import uWS from 'uWebSockets.js'
import { Redis } from 'ioredis'

const options = JSON.parse(process.argv[2] ?? '{}') as { redisUrl?: string }
const ROOM = 'room'
const SAY = 'say '
/** As the product's: a client is closed above it. */
const BUFFER_MAX_BYTES = 1024 * 1024
const IDLE_TIMEOUT_SECONDS = 120
const node = String(process.pid)

const client = (url: string) => new Redis(url, { disableClientInfo: true })
const publisher = options.redisUrl ? client(options.redisUrl) : undefined

const app = uWS.App()
app.ws('/*', {
  compression: uWS.DISABLED,
  maxBackpressure: BUFFER_MAX_BYTES,
  idleTimeout: IDLE_TIMEOUT_SECONDS,
  message(socket, message) {
    const text = Buffer.from(message).toString()
    if (!text.startsWith(SAY)) {
      socket.subscribe(ROOM)
      socket.send('joined')
      return
    }
    const [ack, line] = cut(text.slice(SAY.length))
    app.publish(ROOM, `line ${line}`)
    void publisher?.publish(ROOM, `${node} ${line}`)
    socket.send(`answer ${ack} ok`)
  },
})

function cut(text: string): [string, string] {
  const space = text.indexOf(' ')
  return [text.slice(0, space), text.slice(space + 1)]
}

if (options.redisUrl) {
  const subscriber = client(options.redisUrl)
  subscriber.on('message', (_channel, text: string) => {
    const [from, line] = cut(text)
    if (from !== node) app.publish(ROOM, `line ${line}`)
  })
  await subscriber.subscribe(ROOM)
}

app.listen('127.0.0.1', 0, (token) => {
  process.send?.({ socketPort: token ? uWS.us_socket_local_port(token) : 0 })
})
process.on('SIGTERM', () => process.exit(0))
