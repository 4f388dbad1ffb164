import type { governance as governanceContract } from '../../contract/governance.ts'
import type { GovernanceService } from '../../features/governance/governance.service.ts'
import type { UpgradesService } from '../../features/upgrades/upgrades.service.ts'
import type { RouteHandlers } from '../route.ts'
import { actorIn, sessionIn, viewerIn } from '../visitor.ts'

type Deps = { governance: GovernanceService; upgrades: UpgradesService }

export const governanceRoutes = ({
  governance,
  upgrades,
}: Deps): RouteHandlers<typeof governanceContract.routes> => ({
  async standing({ visitor }) {
    const { userId } = sessionIn(visitor)
    return { sanction: await governance.sanctionOf(userId), upgrades: await upgrades.of(userId) }
  },
  async askUpgrade({ visitor, body }) {
    return { upgrade: await upgrades.ask(viewerIn(visitor), body) }
  },
  findPeople: ({ visitor, query }) => governance.find(viewerIn(visitor), query),
  async getPerson({ visitor, params }) {
    const { person, may } = await governance.person(viewerIn(visitor), params.accountId)
    return { person: { ...person, upgrades: await upgrades.of(person.id) }, may }
  },
  personHistory: ({ visitor, params, query }) =>
    governance.history(viewerIn(visitor), params.accountId, query.cursor),
  async sanction({ visitor, params, body }) {
    return { sanction: await governance.sanction(actorIn(visitor), params.accountId, body) }
  },
  async liftSanction({ visitor, params, body }) {
    await governance.lift(actorIn(visitor), params.accountId, body.reason)
    return {}
  },
  giveRole: ({ visitor, params, body }) => governance.giveRole(actorIn(visitor), params.accountId, body),
  async decideUpgrade({ visitor, params, body }) {
    return { upgrade: await upgrades.decide(actorIn(visitor), params.accountId, body) }
  },
  async pendingUpgrades({ visitor }) {
    return { requests: await upgrades.pending(viewerIn(visitor)) }
  },
  auditLog: ({ visitor, query }) => governance.log(viewerIn(visitor), query),
})
