import type { embeds as contract } from '../../../contract/embeds.ts'
import { AppError } from '../../../core/errors.ts'
import type { VideosService } from '../../../features/videos/videos.service.ts'
import type { RouteHandlers } from '../../route.ts'
import { oembedOf, videoIdIn } from '../../static/unfurl.ts'

type Deps = {
  videos: Pick<VideosService, 'open'>
  /** What addresses of this site begin with, for a request to this host. */
  linkOrigin: (origin: string | undefined, host: string | undefined) => string
}

export const embedRoutes = ({ videos, linkOrigin }: Deps): RouteHandlers<typeof contract.routes> => ({
  async getOembed({ query: { url, maxwidth: maxWidth, maxheight: maxHeight }, header }) {
    const origin = linkOrigin(undefined, header('host'))
    const address = URL.canParse(url) ? new URL(url) : undefined
    const videoId = address?.origin === origin ? videoIdIn(address.pathname) : undefined
    const video = videoId === undefined ? undefined : await videos.open(videoId)
    if (!video) throw new AppError('not_found')
    return oembedOf(origin, video, { maxWidth, maxHeight })
  },
})
