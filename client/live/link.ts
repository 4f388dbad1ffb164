import type { types } from 'mediasoup-client'
import type { CallInput } from '../../src/contract/index.ts'
import type { Connection } from '../types.ts'
import { orGone } from './failures.ts'

/** A WebRTC transport to the SFU with its signalling. */
export type Link = {
  readonly transport: types.Transport
  /** New ICE credentials on both sides. Throws `GoneError` where the SFU closed the transport. */
  restartIce(): Promise<void>
  /** True once packets can pass, false after `timeoutMs`. */
  untilConnected(timeoutMs: number): Promise<boolean>
  /** Ends it here and, unless it is gone there already, at the SFU. */
  close(isGone?: boolean): void
}

type Options = {
  connection: Connection
  streamId: string
  device: types.Device
  direction: 'send' | 'recv'
  /** The path failed, or has been disturbed for a while. */
  onTrouble(): void
}

/** A disturbed path often heals by itself within seconds; an ICE restart is tried when it has not. */
const DISTURBED_MS = 3000

/** The device that the page (or the caller) has, with the router's capabilities in it. mediasoup-client is loaded only here. */
export async function loadDevice(
  connection: Connection,
  streamId: string,
  given: types.Device | undefined,
): Promise<types.Device> {
  const device = given ?? (await createDevice())
  if (!device.loaded) {
    const { rtpCapabilities } = await connection.call('media:capabilities', { streamId })
    await device.load({ routerRtpCapabilities: rtpCapabilities as types.RtpCapabilities })
  }
  return device
}

async function createDevice(): Promise<types.Device> {
  const loaded = await import('mediasoup-client')
  // Bundlers disagree about where the exports of a CommonJS package are after a dynamic import.
  const { Device } = 'Device' in loaded ? loaded : (loaded as { default: typeof loaded }).default
  return Device.factory()
}

/** Opens a transport at the SFU and here. */
export async function openLink(options: Options): Promise<Link> {
  const { connection, streamId, device, direction } = options
  const { transportId, iceServers, ...rest } = await connection.call('media:open-transport', {
    streamId,
    direction,
  })
  // The contract leaves the inside of WebRTC structures to mediasoup, which made them.
  const transportOptions = {
    id: transportId,
    ...rest,
    iceServers: iceServers as RTCIceServer[],
  } as types.TransportOptions
  const transport =
    direction === 'send'
      ? device.createSendTransport(transportOptions)
      : device.createRecvTransport(transportOptions)
  signal(transport, connection)
  const stopWatching = watchPath(transport, options.onTrouble)
  return {
    transport,
    async restartIce() {
      const { iceParameters } = await orGone(connection.call('media:restart-ice', { transportId }))
      if (!transport.closed)
        await transport.restartIce({ iceParameters: iceParameters as types.IceParameters })
    },
    untilConnected: (timeoutMs) => untilConnected(transport, timeoutMs),
    close(isGone = false) {
      stopWatching()
      if (transport.closed) return
      transport.close()
      // The SFU notices by itself as well, a little later.
      if (!isGone) connection.call('media:close-transport', { transportId }).catch(() => undefined)
    },
  }
}

function signal(transport: types.Transport, connection: Connection): void {
  const transportId = transport.id
  transport.on('connect', ({ dtlsParameters }, done, failed) => {
    orGone(connection.call('media:connect-transport', { transportId, dtlsParameters })).then(done, failed)
  })
  transport.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
    const { video } = appData as Pick<CallInput<'media:produce'>, 'video'>
    orGone(
      connection.call('media:produce', { transportId, kind, rtpParameters, ...(video && { video }) }),
    ).then(({ producerId }) => done({ id: producerId }), failed)
  })
}

/** Returns the function that ends it. */
function watchPath(transport: types.Transport, onTrouble: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const onChange = (state: types.ConnectionState) => {
    clearTimeout(timer)
    if (state === 'failed') onTrouble()
    if (state === 'disconnected') timer = setTimeout(onTrouble, DISTURBED_MS)
  }
  transport.on('connectionstatechange', onChange)
  return () => {
    clearTimeout(timer)
    transport.off('connectionstatechange', onChange)
  }
}

function untilConnected(transport: types.Transport, timeoutMs: number): Promise<boolean> {
  if (transport.connectionState === 'connected') return Promise.resolve(true)
  return new Promise((resolve) => {
    const finish = (isConnected: boolean) => {
      clearTimeout(timer)
      transport.off('connectionstatechange', onChange)
      transport.observer.off('close', onClose)
      resolve(isConnected)
    }
    const onChange = (state: types.ConnectionState) => {
      if (state === 'connected') finish(true)
    }
    const onClose = () => finish(false)
    const timer = setTimeout(() => finish(false), timeoutMs)
    transport.on('connectionstatechange', onChange)
    transport.observer.on('close', onClose)
  })
}
