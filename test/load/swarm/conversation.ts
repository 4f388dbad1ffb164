/** How the clients of a system speak; the texts of the swarm's plan (test/load/swarm/plan.c). */
export type Conversation = {
  path: string
  /** Said and awaited in turn until a client is ready. `{value}` is the client's own text: its token. */
  steps: readonly ({ send: string } | { expect: string; containing: string })[]
  ping?: { question: string; answer: string }
  /** How frames with items begin. */
  items: string
  /** Stands before the number that gives items their order, where they have one. */
  order?: string
  /** How answers to lines begin before their number, and what those have in them that say yes. */
  answer: { prefix: string; containing: string }
  /** `{ack}`, `{uuid}` and `{text}` are filled in. */
  line: string
}

const SOCKET_IO = {
  path: '/socket.io/?EIO=4&transport=websocket',
  ping: { question: '2', answer: '3' },
  answer: { prefix: '43', containing: '"ok":true' },
}

/** Signed-in clients of the product, in these topics; the last of them must be one that they may join. */
export function productConversation(topics: readonly string[], streamId: string): Conversation {
  const join = JSON.stringify({ topics: topics.map((topic) => ({ topic })) })
  return {
    ...SOCKET_IO,
    steps: [
      { expect: '0', containing: 'sid' },
      { send: '40{"token":"{value}"}' },
      { expect: '40', containing: 'sid' },
      { send: `420["topic:join",${join}]` },
      { expect: '430', containing: `"topic":"${topics.at(-1)}","class"` },
    ],
    items: '42["topic:items"',
    order: '"seq":',
    line: `42{ack}["chat:send",{"clientId":"{uuid}","streamId":"${streamId}","text":"{text}"}]`,
  }
}

/** Clients of test/load/peers/socket-io.ts. */
export const socketIoConversation = (rooms: readonly string[]): Conversation => ({
  ...SOCKET_IO,
  steps: [
    { expect: '0', containing: 'sid' },
    { send: '40' },
    { expect: '40', containing: 'sid' },
    { send: `420["join",${JSON.stringify(rooms)}]` },
    { expect: '430', containing: '"ok":true' },
  ],
  items: '42["line"',
  line: `42{ack}["say",{"room":"${rooms[0]}","text":"{text}"}]`,
})

/** Clients of test/load/peers/bare-uws.ts. */
export const bareUwsConversation = (): Conversation => ({
  path: '/',
  steps: [{ send: 'join' }, { expect: 'joined', containing: '' }],
  items: 'line ',
  answer: { prefix: 'answer ', containing: 'ok' },
  line: 'say {ack} {text}',
})
