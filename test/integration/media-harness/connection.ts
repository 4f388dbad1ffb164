import type { types } from 'mediasoup'
import type { StreamItem } from '../../../client/live/stream-events.ts'
import {
  CallError,
  type Connection,
  type ConnectionState,
  type TopicListener,
} from '../../../client/types.ts'
import type { MediaControl } from '../../../media/client/control.ts'
import type { CallInput, CallName, CallOutput } from '../../../src/contract/index.ts'
import { toWireError } from '../../../src/core/errors.ts'
import type { IceRelay } from './relay.ts'

/** A client's connection that ends in a `MediaControl`, with a gateway's part reduced to naming things. */
export type DirectConnection = Connection & {
  /** Off: calls fail as they do without a network, and events are missed. */
  setOnline(isOnline: boolean): void
  /** Calls made so far, by name. */
  readonly counts: ReadonlyMap<string, number>
}

type Answers = { [K in CallName]?: (input: CallInput<K>) => Promise<CallOutput<K>> }

/** `relay` stands between the client and the SFU's port where a test wants to cut that path. */
export function createDirectConnection(
  control: MediaControl,
  peer: string,
  relay?: IceRelay,
): DirectConnection {
  const stateListeners = new Set<(state: ConnectionState) => void>()
  const topics = new Map<TopicListener<StreamItem>, string>()
  const counts = new Map<string, number>()
  const answers = answersOf(control, peer, relay)
  let state: ConnectionState = 'online'
  let offset = 0
  const endEvents = control.onEvent((event) => {
    if ((event.type !== 'media' && event.type !== 'lost') || state !== 'online') return
    const { generation } = event
    const kinds = event.type === 'media' ? event.kinds : []
    for (const [listener, topic] of topics) {
      if (topic !== `stream:${event.room}`) continue
      listener.onItems([{ type: 'media', generation, kinds }], { epoch: 'test', offset: ++offset })
    }
  })
  const setState = (next: ConnectionState) => {
    state = next
    for (const listener of stateListeners) listener(next)
  }
  return {
    counts,
    reason: undefined,
    get state() {
      return state
    },
    async call(name, input) {
      counts.set(name, (counts.get(name) ?? 0) + 1)
      if (state !== 'online') throw new CallError({ code: 'offline', message: 'No network.', retry: true })
      const answer = answers[name]
      if (!answer) throw new Error(`The direct connection does not know ${name}.`)
      try {
        return await answer(input)
      } catch (error) {
        throw new CallError(toWireError(error, 'test'))
      }
    },
    subscribe(topic, listener) {
      topics.set(listener as unknown as TopicListener<StreamItem>, topic)
      return () => topics.delete(listener as unknown as TopicListener<StreamItem>)
    },
    onState(listener) {
      stateListeners.add(listener)
      return () => stateListeners.delete(listener)
    },
    setOnline: (isOnline) => setState(isOnline ? 'online' : 'offline'),
    renew: () => undefined,
    close() {
      endEvents()
      setState('closed')
    },
  }
}

function answersOf(control: MediaControl, peer: string, relay: IceRelay | undefined): Answers {
  return {
    'media:capabilities': async ({ streamId }) => ({ rtpCapabilities: await control.capabilities(streamId) }),
    'media:open-transport': async ({ streamId, direction }) => {
      const opened = await control.openTransport({ room: streamId, peer, direction })
      const iceCandidates = relay ? await relay.through(opened.iceCandidates) : opened.iceCandidates
      return { ...opened, iceCandidates, iceServers: [] }
    },
    'media:connect-transport': async (input) => {
      await control.connectTransport(input as { transportId: string; dtlsParameters: types.DtlsParameters })
      return {}
    },
    'media:restart-ice': async ({ transportId }) => ({
      iceParameters: await control.restartIce(transportId),
    }),
    'media:close-transport': async ({ transportId }) => {
      await control.closeTransport(transportId)
      return {}
    },
    'media:produce': (input) =>
      control.produce({ ...input, rtpParameters: input.rtpParameters as types.RtpParameters }),
    'media:consume': ({ transportId, rtpCapabilities }) =>
      control.consume({ transportId, rtpCapabilities: rtpCapabilities as types.RtpCapabilities }),
    'media:resume': async ({ consumerId }) => {
      await control.resumeConsumer(consumerId)
      return {}
    },
    'media:pause': async ({ consumerId }) => {
      await control.pauseConsumer(consumerId)
      return {}
    },
    'media:set-layers': async (input) => {
      await control.setLayers(input)
      return {}
    },
  }
}
