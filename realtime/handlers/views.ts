import type { Viewer } from '../../src/core/viewer.ts'
import type { ViewsService, Watcher } from '../../src/features/views/views.service.ts'
import type { Handlers } from '../dispatch.ts'

export const viewHandlers = (views: Pick<ViewsService, 'report'>): Handlers<'watch:report'> => ({
  'watch:report': ({ viewer }, viewing) => views.report(watcherOf(viewer), viewing),
})

/** Who watches over a socket, from where the token of it was asked for. */
const watcherOf = (viewer: Viewer): Watcher => ({
  viewer,
  address: viewer.origin?.address ?? '',
  userAgent: viewer.origin?.userAgent ?? '',
  country: viewer.origin?.country,
})
