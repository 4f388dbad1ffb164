import { z } from 'zod'
import { MINUTE_MS } from '../core/time.ts'
import { contract } from './define.ts'

/** WebRTC structures are judged by mediasoup itself; here only their outer form is. Frames over the socket are bounded. */
const RtpCapabilities = z
  .looseObject({ codecs: z.array(z.looseObject({})).max(64).optional() })
  .meta({ id: 'RtpCapabilities' })
const RtpParameters = z
  .looseObject({
    codecs: z.array(z.looseObject({})).max(32),
    encodings: z.array(z.looseObject({})).max(8).optional(),
  })
  .meta({ id: 'RtpParameters' })
const DtlsParameters = z
  .object({
    role: z.enum(['auto', 'client', 'server']).optional(),
    fingerprints: z
      .array(z.object({ algorithm: z.string().max(32), value: z.string().max(256) }))
      .min(1)
      .max(8),
  })
  .meta({ id: 'DtlsParameters' })
const IceParameters = z
  .object({ usernameFragment: z.string(), password: z.string(), iceLite: z.boolean().optional() })
  .meta({ id: 'IceParameters' })
const IceCandidate = z
  .looseObject({ protocol: z.enum(['udp', 'tcp']), port: z.int() })
  .meta({ id: 'IceCandidate' })
const IceServer = z.object({
  urls: z.array(z.string()),
  username: z.string().optional(),
  credential: z.string().optional(),
})

const TransportOptions = z
  .object({
    transportId: z.string(),
    iceParameters: IceParameters,
    iceCandidates: z.array(IceCandidate),
    dtlsParameters: DtlsParameters,
    iceServers: z.array(IceServer),
  })
  .meta({ id: 'TransportOptions' })

const ConsumerOptions = z
  .object({
    consumerId: z.string(),
    producerId: z.string(),
    kind: z.enum(['audio', 'video']),
    rtpParameters: RtpParameters,
    qualities: z
      .array(z.object({ spatialLayer: z.int(), height: z.int(), width: z.int() }))
      .describe(
        'Sizes one can choose, smallest first; one entry or none where the sender has a single layer.',
      ),
  })
  .meta({ id: 'ConsumerOptions' })

export const MediaStatus = z
  .object({
    state: z.enum(['ready', 'preparing', 'unavailable']),
    message: z.string().describe('A sentence for people.'),
    progress: z.number().min(0).max(1).nullable().describe('Of preparing; null where it is not known.'),
  })
  .meta({ id: 'MediaStatus' })

const transportId = z.string().min(1).max(64)
const consumerId = z.string().min(1).max(64)
const signalling = { credits: 120, perMs: MINUTE_MS }
const Empty = z.object({})

export const media = contract({
  calls: {
    'media:capabilities': {
      summary: 'What the SFU can receive and send for a stream (mediasoup RTP capabilities).',
      auth: 'any',
      scope: 'read',
      limit: signalling,
      errors: ['not_found', 'forbidden', 'stream_not_live'],
      input: z.object({ streamId: z.uuid() }),
      output: z.object({ rtpCapabilities: RtpCapabilities }),
    },
    'media:open-transport': {
      summary:
        'A WebRTC transport to send your broadcast (owner only) or to watch. It is closed 30 s after your last socket went, and at once where you may watch no longer.',
      auth: 'any',
      scope: 'read',
      limit: signalling,
      errors: ['forbidden', 'not_found', 'stream_not_live'],
      input: z.object({ streamId: z.uuid(), direction: z.enum(['send', 'recv']) }),
      output: TransportOptions,
    },
    'media:connect-transport': {
      summary: 'Finish the DTLS handshake of a transport.',
      auth: 'any',
      scope: 'read',
      limit: signalling,
      errors: ['not_found'],
      input: z.object({ transportId, dtlsParameters: DtlsParameters }),
      output: Empty,
    },
    'media:restart-ice': {
      summary:
        'New ICE credentials for a transport that lost its path; also from a new socket of the same viewer.',
      auth: 'any',
      scope: 'read',
      limit: signalling,
      errors: ['not_found'],
      input: z.object({ transportId }),
      output: z.object({ iceParameters: IceParameters }),
    },
    'media:close-transport': {
      summary: 'Close a transport with all that runs over it.',
      auth: 'any',
      scope: 'read',
      limit: signalling,
      errors: ['not_found'],
      input: z.object({ transportId }),
      output: Empty,
    },
    'media:produce': {
      summary: 'Send one track. An earlier track of the same kind of this stream is replaced.',
      auth: 'user',
      scope: 'streams:write',
      limit: signalling,
      errors: ['not_found', 'forbidden', 'stream_not_live'],
      input: z.object({
        transportId,
        kind: z.enum(['audio', 'video']),
        rtpParameters: RtpParameters,
        video: z
          .object({
            width: z.int().positive().max(16_384),
            height: z.int().positive().max(16_384),
            scales: z
              .array(z.number().min(1).max(16))
              .min(1)
              .max(4)
              .describe('scaleResolutionDownBy per layer, smallest picture first.'),
          })
          .optional()
          .describe('Size of the track as captured; names the qualities of the viewers.'),
      }),
      output: z.object({ producerId: z.string() }),
    },
    'media:consume': {
      summary:
        'Receive all tracks of the stream of a transport. Consumers are made paused: resume each when ready.',
      auth: 'any',
      scope: 'read',
      limit: signalling,
      errors: ['not_found', 'forbidden', 'stream_not_live'],
      input: z.object({ transportId, rtpCapabilities: RtpCapabilities }),
      output: z.object({ generation: z.int(), consumers: z.array(ConsumerOptions) }),
    },
    'media:resume': {
      summary: 'Let the packets of a consumer flow, beginning with a keyframe.',
      auth: 'any',
      scope: 'read',
      limit: signalling,
      errors: ['not_found'],
      input: z.object({ consumerId }),
      output: Empty,
    },
    'media:pause': {
      summary: 'Stop the packets of a consumer (a hidden tab needs no picture).',
      auth: 'any',
      scope: 'read',
      limit: signalling,
      errors: ['not_found'],
      input: z.object({ consumerId }),
      output: Empty,
    },
    'media:set-layers': {
      summary: 'The highest layer a consumer wants.',
      auth: 'any',
      scope: 'read',
      limit: signalling,
      errors: ['not_found'],
      input: z.object({ consumerId, spatialLayer: z.int().min(0).max(3) }),
      output: Empty,
    },
  },
  topics: {
    'media:status': {
      summary: 'Whether live video is available on this server, and how far its preparation is.',
      class: 'latest',
      readScope: 'any',
      scope: 'node',
      item: MediaStatus,
    },
  },
  routes: {},
})
