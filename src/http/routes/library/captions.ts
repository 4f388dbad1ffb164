import type { captions as contract } from '../../../contract/captions.ts'
import type { CaptionsService } from '../../../features/videos/managing/captions.service.ts'
import type { RouteHandlers } from '../../route.ts'
import { sessionIn, viewerIn } from '../../visitor.ts'

type Deps = { captions: CaptionsService }

export function captionRoutes({ captions }: Deps): RouteHandlers<typeof contract.routes> {
  return {
    listCaptions: ({ visitor, params }) => captions.list(sessionIn(visitor).userId, params.videoId),
    getCaptions: ({ visitor, params: { videoId, ...name } }) =>
      captions.read(sessionIn(visitor).userId, videoId, name),
    setCaptions: ({ visitor, params: { videoId, ...name }, query, upload }) =>
      captions.set(viewerIn(visitor), videoId, { ...name, label: query.label }, upload),
    removeCaptions: ({ visitor, params: { videoId, ...name } }) =>
      captions.remove(viewerIn(visitor), videoId, name),
  }
}
