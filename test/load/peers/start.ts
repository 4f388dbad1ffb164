import { createDisposal } from '../../../src/core/running/disposal.ts'
import { bundleProgram, readyMessage, SERVER_CORE, startProgram } from '../measure/program.ts'
import { startBenchRedis } from '../measure/redis.ts'
import type { System } from '../measure/system.ts'
import { bareUwsConversation, type Conversation, socketIoConversation } from '../swarm/conversation.ts'

/** Tuned plain socket.io on ws; its clients join these rooms. */
export const startSocketIo = (nodes: number, rooms: readonly string[] = ['room']): Promise<System> =>
  startPeer('socket.io on ws', 'socket-io', nodes, socketIoConversation(rooms))

/** uWebSockets.js alone. */
export const startBareUws = (nodes: number): Promise<System> =>
  startPeer('bare uWebSockets.js', 'bare-uws', nodes, bareUwsConversation())

/** Several nodes of a peer, which share rooms over a Redis of their own. */
async function startPeer(
  name: string,
  file: string,
  nodes: number,
  conversation: Conversation,
): Promise<System> {
  const started = createDisposal((error) => console.error(error))
  try {
    const redis = nodes > 1 ? started.use(await startBenchRedis()) : undefined
    const program = await bundleProgram(`test/load/peers/${file}.ts`, file)
    const options = JSON.stringify({ redisUrl: redis?.url })
    const ports: number[] = []
    const servers: { name: string; pid: number }[] = []
    for (let i = 0; i < nodes; i++) {
      const node = started.use(
        startProgram({ command: process.execPath, args: [program, options], core: SERVER_CORE }),
      )
      ports.push((await readyMessage<{ socketPort: number }>(node)).socketPort)
      servers.push({ name: `node ${i + 1}`, pid: node.pid })
    }
    if (redis) servers.push({ name: 'Redis', pid: redis.program.pid })
    return {
      ...{ name, ports, servers, conversation },
      [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
    }
  } catch (error) {
    await started[Symbol.asyncDispose]()
    throw error
  }
}
