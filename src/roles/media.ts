import type { MediaControl } from '../../media/client/control.ts'
import { localMediaControl } from '../../media/client/local.ts'
import { createRemoteMediaControl } from '../../media/client/remote.ts'
import { startControlServer } from '../../media/control-server.ts'
import type { MediaNode } from '../../media/node.ts'
import type { Config } from '../config.ts'
import { AppError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { Disposal } from '../core/running/disposal.ts'

type Deps = {
  config: Config
  log: Logger
  /** What gateways and media-only nodes share. */
  secret: string
  mediaNode: MediaNode | undefined
  disposal: Disposal
}

/** The SFU as the gateway of this process sees it: its own, those of MEDIA_NODES, or none. */
export function connectMedia({ config, log, secret, mediaNode, disposal }: Deps): MediaControl {
  if (mediaNode) return localMediaControl(mediaNode)
  if (config.MEDIA_NODES.length === 0) return absentMedia()
  const remote = createRemoteMediaControl({ addresses: config.MEDIA_NODES, secret, log })
  disposal.defer(() => remote[Symbol.dispose]())
  return remote
}

/** The media role in a process without a gateway: other processes use its SFU over an authenticated link. */
export async function serveMedia({
  config,
  log,
  secret,
  mediaNode,
  disposal,
}: Deps): Promise<number | undefined> {
  if (!mediaNode) return undefined
  const media = localMediaControl(mediaNode)
  const server = await startControlServer({
    media,
    host: config.HOST,
    port: config.MEDIA_CONTROL_PORT,
    secret,
    log,
  })
  disposal.use(server)
  return server.port
}

/** Tells on the console how far the preparation of live video is, in steps of ten percent. */
export function logProgress(media: MediaControl, log: Logger): () => void {
  let told = ''
  return media.onEvent((event) => {
    if (event.type !== 'status' || event.status.state !== 'preparing') return
    const { message, progress } = event.status
    const line = progress === null ? message : `${message} ${Math.floor(progress * 10) * 10} % done.`
    if (line !== told) log.info({}, line)
    told = line
  })
}

/** A process that was given no SFU: everything else works, live video says why it does not. */
function absentMedia(): MediaControl {
  const message = 'This server was set up without live video (no media role and no MEDIA_NODES).'
  const refuse = () => Promise.reject(new AppError('unavailable', message))
  return {
    status: () => ({ state: 'unavailable', message, progress: null }),
    capabilities: refuse,
    openTransport: refuse,
    claimTransport: refuse,
    connectTransport: refuse,
    restartIce: refuse,
    closeTransport: refuse,
    produce: refuse,
    consume: refuse,
    resumeConsumer: refuse,
    pauseConsumer: refuse,
    setLayers: refuse,
    closeRoom: async () => {},
    rooms: async () => [],
    onEvent: () => () => {},
  }
}
