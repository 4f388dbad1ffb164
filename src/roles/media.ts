import { localMediaControl } from '../../media/client/local.ts'
import type { MediaControl } from '../../media/client/control.ts'
import type { MediaNode } from '../../media/node.ts'
import type { Config } from '../config.ts'
import type { Disposal } from '../core/disposal.ts'
import { AppError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'

type Deps = { config: Config; log: Logger; mediaNode: MediaNode | undefined; disposal: Disposal }

/** The SFU as the gateway of this process sees it: its own, those of MEDIA_NODES, or none. */
export function connectMedia({ mediaNode }: Deps): MediaControl {
  if (mediaNode) return localMediaControl(mediaNode)
  return absentMedia()
}

/** A process that was given no SFU: everything else works, live video says why it does not. */
function absentMedia(): MediaControl {
  const message = 'This server was set up without live video (no media role and no MEDIA_NODES).'
  const refuse = () => Promise.reject(new AppError('unavailable', message))
  return {
    status: () => ({ state: 'unavailable', message, progress: null }),
    capabilities: refuse,
    openTransport: refuse,
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
