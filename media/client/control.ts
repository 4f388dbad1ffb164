import type { types } from 'mediasoup'

/**
 * What a gateway may ask of the SFU, near or far: `media/client/local.ts` calls the node in this process,
 * `media/client/remote.ts` one in another. Everything is plain data, so that it fits through a socket.
 * `room` is a stream id, `peer` whoever holds the transports (the gateway decides), ids are mediasoup's.
 * Methods throw AppError: `not_found` (no such room, transport, consumer), `invalid_input` (parameters that mediasoup
 * refuses), `unavailable` (no worker, or its node is out of reach).
 */
export type MediaControl = {
  status(): MediaStatus
  capabilities(room: string): Promise<types.RtpCapabilities>
  openTransport(request: { room: string; peer: string; direction: 'send' | 'recv' }): Promise<TransportInfo>
  /** What a peer's transport is for; from now on the asking gateway answers for it. `not_found` where it is not that peer's. */
  claimTransport(request: TransportClaim): Promise<{ room: string; direction: 'send' | 'recv' }>
  connectTransport(request: { transportId: string; dtlsParameters: types.DtlsParameters }): Promise<void>
  restartIce(transportId: string): Promise<types.IceParameters>
  closeTransport(transportId: string): Promise<void>
  /** Replaces an earlier producer of the same kind in the room. */
  produce(request: ProduceRequest): Promise<{ producerId: string }>
  /** One paused consumer per producer of the transport's room. */
  consume(request: { transportId: string; rtpCapabilities: types.RtpCapabilities }): Promise<ConsumeAnswer>
  /** Resumes and, for video, asks for a keyframe. */
  resumeConsumer(consumerId: string): Promise<void>
  pauseConsumer(consumerId: string): Promise<void>
  setLayers(request: { consumerId: string; spatialLayer: number }): Promise<void>
  /** Closes everything of a room; nothing where there is none. */
  closeRoom(room: string): Promise<void>
  /** Every room that exists, for a gateway that (re)connects. */
  rooms(): Promise<RoomInfo[]>
  /** Returns the function that ends the subscription. */
  onEvent(listener: (event: MediaEvent) => void): () => void
}

export type MediaStatus = {
  state: 'ready' | 'preparing' | 'unavailable'
  message: string
  progress: number | null
}

export type TransportClaim = { transportId: string; peer: string }

export type TransportInfo = {
  transportId: string
  iceParameters: types.IceParameters
  iceCandidates: types.IceCandidate[]
  dtlsParameters: types.DtlsParameters
}

export type VideoInfo = { width: number; height: number; scales: number[] }

export type ProduceRequest = {
  transportId: string
  kind: 'audio' | 'video'
  rtpParameters: types.RtpParameters
  video?: VideoInfo | undefined
}

export type ConsumerInfo = {
  consumerId: string
  producerId: string
  kind: 'audio' | 'video'
  rtpParameters: types.RtpParameters
  qualities: { spatialLayer: number; width: number; height: number }[]
}

export type ConsumeAnswer = { generation: number; consumers: ConsumerInfo[] }

export type RoomInfo = { room: string; generation: number; kinds: ('audio' | 'video')[]; isFlowing: boolean }

/**
 * What the SFU tells:
 * - `media`: the producers of a room changed; `generation` grows each time (also over the death of a worker).
 * - `flow`: packets of the sender arrive (true) or have stopped for 3 s (false).
 * - `lost`: the worker of the room died; every transport of it is gone, all must attach anew.
 * - `status`: preparation went on, the SFU became available or went away.
 */
export type MediaEvent =
  | ({ type: 'media' } & RoomInfo)
  | { type: 'flow'; room: string; isFlowing: boolean }
  | { type: 'lost'; room: string; generation: number }
  | { type: 'status'; status: MediaStatus }
