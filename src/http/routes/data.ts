import type { data as contract } from '../../contract/data.ts'
import type { DeletionService } from '../../features/data/deletion.service.ts'
import type { ExportsService } from '../../features/data/exports.service.ts'
import type { RouteHandlers, RouteRequest } from '../route.ts'
import { actorIn, sessionIn } from '../visitor.ts'

type Deps = {
  exports: ExportsService
  deletion: DeletionService
  linkOrigin: (origin: string | undefined, host: string | undefined) => string
}

export function dataRoutes({ exports, deletion, linkOrigin }: Deps): RouteHandlers<typeof contract.routes> {
  const originOf = ({ header }: Pick<RouteRequest, 'header'>) => linkOrigin(header('origin'), header('host'))
  return {
    getAccountData: ({ visitor }) => exports.read(sessionIn(visitor).userId),
    async askExport(request) {
      return { export: await exports.ask(sessionIn(request.visitor).userId, originOf(request)) }
    },
    async downloadExport({ visitor, params }) {
      const { userId, handle } = sessionIn(visitor)
      const file = await exports.download(userId, params.exportId)
      return { file, fileName: `social-flow-${handle}.zip` }
    },
    async askDeletion(request) {
      const { visitor, body } = request
      return { deletion: await deletion.ask(actorIn(visitor), body.handle, originOf(request)) }
    },
    async undoDeletion({ visitor }) {
      await deletion.undo(actorIn(visitor))
      return {}
    },
  }
}
