import type { ViewsService, Watcher } from '../../src/features/views/views.service.ts'
import type { Handlers } from '../dispatch.ts'
import type { Session } from '../session.ts'

type Deps = { views: Pick<ViewsService, 'report'>; watcherOf: (session: Session) => Watcher }

export const viewHandlers = ({ views, watcherOf }: Deps): Handlers<'watch:report'> => ({
  'watch:report': (session, viewing) => views.report(watcherOf(session), viewing),
})
