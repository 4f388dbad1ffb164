import type { Logger } from '../../src/core/log.ts'
import { type Clock, systemClock } from '../../src/core/time.ts'
import type { MediaControl, MediaEvent } from './control.ts'
import { RemoteCluster } from './remote-cluster.ts'
import type { RemoteNode } from './remote-node.ts'

type Deps = {
  /** `http://host:3002`, one for each node. */
  addresses: readonly string[]
  /** What the nodes were given as theirs. */
  secret: string
  log: Logger
  clock?: Clock
}

/**
 * Media-only nodes, as a gateway sees them. A room stays on the node that has it; a new one goes to a node by rendezvous
 * hashing, so that every gateway picks the same. Ids carry the mark of their node's process: `<mark>.<id>`.
 */
export function createRemoteMediaControl({ clock = systemClock, ...deps }: Deps): MediaControl & Disposable {
  const listeners = new Set<(event: MediaEvent) => void>()
  const cluster = new RemoteCluster({
    ...deps,
    clock,
    emit(event) {
      for (const listener of listeners) listener(event)
    },
  })
  return {
    ...roomCalls(cluster),
    ...transportCalls(cluster),
    ...consumerCalls(cluster),
    status: () => cluster.status(),
    rooms: async () => cluster.rooms(),
    onEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    [Symbol.dispose]() {
      listeners.clear()
      cluster[Symbol.dispose]()
    },
  }
}

type Calls<Name extends keyof MediaControl> = Pick<MediaControl, Name>

const marked = (nodeId: string, id: string) => `${nodeId}.${id}`

/** The node of a marked id, and the id as the node knows it. */
function find(cluster: RemoteCluster, markedId: string): { node: RemoteNode; nodeId: string; id: string } {
  const [nodeId = '', id = ''] = markedId.split('.', 2)
  return { node: cluster.byMark(nodeId), nodeId, id }
}

const roomCalls = (cluster: RemoteCluster): Calls<'capabilities' | 'openTransport' | 'closeRoom'> => ({
  capabilities: async (room) => cluster.place(room).call('capabilities', room),
  async openTransport(request) {
    const node = cluster.place(request.room)
    const nodeId = node.nodeId ?? ''
    const opened = await node.call('openTransport', request)
    cluster.remember(node, request.room)
    return { ...opened, transportId: marked(nodeId, opened.transportId) }
  },
  closeRoom: (room) => cluster.closeRoom(room),
})

type TransportCall =
  | 'claimTransport'
  | 'connectTransport'
  | 'restartIce'
  | 'closeTransport'
  | 'produce'
  | 'consume'

const transportCalls = (cluster: RemoteCluster): Calls<TransportCall> => ({
  async claimTransport({ transportId, peer }) {
    const { node, id } = find(cluster, transportId)
    const claimed = await node.call('claimTransport', { transportId: id, peer })
    cluster.remember(node, claimed.room)
    return claimed
  },
  async connectTransport(request) {
    const { node, id } = find(cluster, request.transportId)
    await node.call('connectTransport', { ...request, transportId: id })
  },
  async restartIce(transportId) {
    const { node, id } = find(cluster, transportId)
    return node.call('restartIce', id)
  },
  async closeTransport(transportId) {
    const { node, id } = find(cluster, transportId)
    await node.call('closeTransport', id)
  },
  async produce(request) {
    const { node, id } = find(cluster, request.transportId)
    return node.call('produce', { ...request, transportId: id })
  },
  async consume(request) {
    const { node, nodeId, id } = find(cluster, request.transportId)
    const { generation, consumers } = await node.call('consume', { ...request, transportId: id })
    return {
      generation,
      consumers: consumers.map((one) => ({ ...one, consumerId: marked(nodeId, one.consumerId) })),
    }
  },
})

const consumerCalls = (cluster: RemoteCluster): Calls<'resumeConsumer' | 'pauseConsumer' | 'setLayers'> => ({
  async resumeConsumer(consumerId) {
    const { node, id } = find(cluster, consumerId)
    await node.call('resumeConsumer', id)
  },
  async pauseConsumer(consumerId) {
    const { node, id } = find(cluster, consumerId)
    await node.call('pauseConsumer', id)
  },
  async setLayers({ consumerId, spatialLayer }) {
    const { node, id } = find(cluster, consumerId)
    await node.call('setLayers', { consumerId: id, spatialLayer })
  },
})
