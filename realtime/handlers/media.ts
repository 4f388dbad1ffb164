import type { types } from 'mediasoup'
import type { MediaControl } from '../../media/client/control.ts'
import type { Config } from '../../src/config.ts'
import { can } from '../../src/core/access/permissions.ts'
import { AppError } from '../../src/core/errors.ts'
import type { StreamsService } from '../../src/features/streams/streams.service.ts'
import type { Handlers } from '../dispatch.ts'
import type { MediaDesk } from '../members/media-desk.ts'
import type { Session } from '../session.ts'

type Names = Extract<keyof Handlers, `media:${string}`>

type Deps = {
  media: MediaControl
  desk: MediaDesk
  streams: StreamsService
  iceServers: Config['MEDIA_ICE_SERVERS']
}

/** Signalling of WebRTC. The contract has only the outer form of RTP structures; mediasoup judges what is inside. */
export function mediaHandlers({ media, desk, streams, iceServers }: Deps): Handlers<Names> {
  const mustSee = (session: Session, streamId: string) =>
    streams.visibility.mustSee(session.viewer.id, streamId)

  /** Opens a transport to watch. Rights that changed while it was being opened found no transport to close: ask again. */
  async function openToWatch(session: Session, streamId: string) {
    await mustSee(session, streamId)
    await streams.mustBeOnAir(streamId)
    const info = await desk.open(session, streamId, 'recv')
    await mustSee(session, streamId).catch((error: unknown) => {
      desk.close(info.transportId)
      throw error
    })
    return info
  }
  async function openToSend(session: Session, streamId: string) {
    await mustOwn(session, streamId)
    await streams.mustBeOnAir(streamId)
    return desk.open(session, streamId, 'send')
  }
  async function mustOwn(session: Session, streamId: string): Promise<void> {
    const ownerId = await streams.visibility.ownerOf(streamId)
    if (ownerId === undefined) throw new AppError('not_found')
    if (!can(session.viewer, 'broadcast:send', { ownerId })) throw new AppError('forbidden')
  }

  /** Who comes from another gateway restarts the path first: the transport stays, as far as its viewer may still use it. */
  async function takeOver(session: Session, transportId: string): Promise<void> {
    const { room, direction } = await media.claimTransport({ transportId, peer: session.viewer.id })
    // Known before it is judged: a change of rights that comes meanwhile finds it.
    desk.adopt(session, { transportId, streamId: room, direction })
    try {
      await (direction === 'send' ? mustOwn(session, room) : mustSee(session, room))
      await streams.mustBeOnAir(room)
    } catch (error) {
      desk.close(transportId)
      throw error
    }
  }

  return {
    'media:capabilities': async (session, { streamId }) => {
      await mustSee(session, streamId)
      await streams.mustBeOnAir(streamId)
      return { rtpCapabilities: await media.capabilities(streamId) }
    },
    'media:open-transport': async (session, { streamId, direction }) => {
      const open = direction === 'send' ? openToSend : openToWatch
      return { ...(await open(session, streamId)), iceServers }
    },
    'media:connect-transport': async (session, { transportId, dtlsParameters }) => {
      desk.own(session, transportId)
      await media.connectTransport({ transportId, dtlsParameters: dtlsParameters as types.DtlsParameters })
      return {}
    },
    'media:restart-ice': async (session, { transportId }) => {
      if (!desk.knows(transportId)) await takeOver(session, transportId)
      desk.own(session, transportId)
      return { iceParameters: await media.restartIce(transportId) }
    },
    'media:close-transport': async (session, { transportId }) => {
      desk.own(session, transportId)
      desk.close(transportId)
      return {}
    },
    'media:produce': async (session, { transportId, kind, rtpParameters, video }) => {
      const { direction, streamId } = desk.own(session, transportId)
      if (direction !== 'send') throw new AppError('forbidden', 'This transport only receives.')
      await mustOwn(session, streamId)
      await streams.mustBeOnAir(streamId)
      return media.produce({ transportId, kind, rtpParameters: rtpParameters as types.RtpParameters, video })
    },
    'media:consume': async (session, { transportId, rtpCapabilities }) => {
      const { streamId } = desk.own(session, transportId)
      await mustSee(session, streamId)
      const answer = await media.consume({
        transportId,
        rtpCapabilities: rtpCapabilities as types.RtpCapabilities,
      })
      desk.rememberConsumers(
        transportId,
        answer.consumers.map(({ consumerId }) => consumerId),
      )
      return answer
    },
    'media:resume': async (session, { consumerId }) => {
      desk.ownConsumer(session, consumerId)
      await media.resumeConsumer(consumerId)
      return {}
    },
    'media:pause': async (session, { consumerId }) => {
      desk.ownConsumer(session, consumerId)
      await media.pauseConsumer(consumerId)
      return {}
    },
    'media:set-layers': async (session, { consumerId, spatialLayer }) => {
      desk.ownConsumer(session, consumerId)
      await media.setLayers({ consumerId, spatialLayer })
      return {}
    },
  }
}
