import type { types } from 'mediasoup'
import { z } from 'zod'
import { ERRORS, type ErrorCode } from '../../src/core/errors.ts'
import type { MediaControl, MediaEvent, MediaStatus, RoomInfo } from './control.ts'

/**
 * What goes through the socket between a gateway and a media-only node: `call(method, input)` with an ack, `hello` with the
 * state of the node, and `event`s from the node. WebRTC structures are mediasoup's to judge; here they only have to be objects.
 */
export const CONTROL_PATH = '/media-control'

const structure = <T extends object>() =>
  z.custom<T>((value) => typeof value === 'object' && value !== null, 'must be an object')

const Id = z.string().min(1).max(128)
const Nothing = z.null().transform(() => undefined)
const Kind = z.enum(['audio', 'video'])
const RtpCapabilities = structure<types.RtpCapabilities>()
const RtpParameters = structure<types.RtpParameters>()
const DtlsParameters = structure<types.DtlsParameters>()
const IceParameters = structure<types.IceParameters>()

export const Status: z.ZodType<MediaStatus> = z.object({
  state: z.enum(['ready', 'preparing', 'unavailable']),
  message: z.string(),
  progress: z.number().nullable(),
})

export const Room: z.ZodType<RoomInfo> = z.object({
  room: Id,
  generation: z.int(),
  kinds: z.array(Kind),
  isFlowing: z.boolean(),
})

export const Event: z.ZodType<MediaEvent> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('media'),
    room: Id,
    generation: z.int(),
    kinds: z.array(Kind),
    isFlowing: z.boolean(),
  }),
  z.object({ type: z.literal('flow'), room: Id, isFlowing: z.boolean() }),
  z.object({ type: z.literal('lost'), room: Id, generation: z.int() }),
  z.object({ type: z.literal('status'), status: Status }),
])

/** `nodeId` is another one each time that the node's process starts. */
export const Hello = z.object({
  nodeId: z.string().regex(/^[0-9a-f]{8}$/),
  status: Status,
  rooms: z.array(Room),
})
export type Hello = z.output<typeof Hello>

export const Failure = z.object({
  code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
})

/** The answer to a call, before its data is parsed. */
export const Answer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), data: z.unknown() }),
  z.object({ ok: z.literal(false), error: Failure }),
])

export type MethodName = Exclude<keyof MediaControl, 'status' | 'onEvent' | 'rooms'>
export type MethodInput<M extends MethodName> = Parameters<MediaControl[M]>[0]
export type MethodOutput<M extends MethodName> = Awaited<ReturnType<MediaControl[M]>>

type Methods = {
  [M in MethodName]: { input: z.ZodType<MethodInput<M>>; output: z.ZodType<MethodOutput<M>> }
}

const ConsumeAnswer = z.object({
  generation: z.int(),
  consumers: z.array(
    z.object({
      consumerId: Id,
      producerId: Id,
      kind: Kind,
      rtpParameters: RtpParameters,
      qualities: z.array(z.object({ spatialLayer: z.int(), width: z.int(), height: z.int() })),
    }),
  ),
})

export const METHODS: Methods = {
  capabilities: { input: Id, output: RtpCapabilities },
  openTransport: {
    input: z.object({ room: Id, peer: Id, direction: z.enum(['send', 'recv']) }),
    output: z.object({
      transportId: Id,
      iceParameters: IceParameters,
      iceCandidates: z.array(structure<types.IceCandidate>()),
      dtlsParameters: DtlsParameters,
    }),
  },
  claimTransport: {
    input: z.object({ transportId: Id, peer: Id }),
    output: z.object({ room: Id, direction: z.enum(['send', 'recv']) }),
  },
  connectTransport: {
    input: z.object({ transportId: Id, dtlsParameters: DtlsParameters }),
    output: Nothing,
  },
  restartIce: { input: Id, output: IceParameters },
  closeTransport: { input: Id, output: Nothing },
  produce: {
    input: z.object({
      transportId: Id,
      kind: Kind,
      rtpParameters: RtpParameters,
      video: z.object({ width: z.number(), height: z.number(), scales: z.array(z.number()) }).optional(),
    }),
    output: z.object({ producerId: Id }),
  },
  consume: {
    input: z.object({ transportId: Id, rtpCapabilities: RtpCapabilities }),
    output: ConsumeAnswer,
  },
  resumeConsumer: { input: Id, output: Nothing },
  pauseConsumer: { input: Id, output: Nothing },
  setLayers: { input: z.object({ consumerId: Id, spatialLayer: z.int() }), output: Nothing },
  closeRoom: { input: Id, output: Nothing },
}

export const isMethod = (name: unknown): name is MethodName =>
  typeof name === 'string' && Object.hasOwn(METHODS, name)
