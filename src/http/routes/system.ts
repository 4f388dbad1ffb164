import type { z } from 'zod'
import type { MediaStatus } from '../../contract/media.ts'
import type { system as systemContract } from '../../contract/system.ts'
import type { RouteHandlers } from '../route.ts'
import { canSendTexts, type InboxSettings, mayReadInbox } from './inbox.ts'

type Deps = {
  config: InboxSettings & { SOCKET_URL?: string | undefined }
  media: { status(): z.output<typeof MediaStatus> }
  /** Null where sockets share the page's origin. */
  socketPort: () => number | null
  version: string
}

export const systemRoutes = ({
  config,
  media,
  socketPort,
  version,
}: Deps): RouteHandlers<typeof systemContract.routes> => ({
  async getConfig({ visitor }) {
    return {
      socketUrl: config.SOCKET_URL ?? null,
      socketPort: config.SOCKET_URL === undefined ? socketPort() : null,
      hasInbox: mayReadInbox(config, visitor),
      hasTexts: canSendTexts(config),
      media: media.status(),
      version,
    }
  },
})
