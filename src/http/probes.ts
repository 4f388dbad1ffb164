import { can } from '../core/access/permissions.ts'
import { AppError } from '../core/errors.ts'
import type { ApiApp } from './route.ts'
import { identify, type VisitorDeps, viewerIn } from './visitor.ts'

export type Readiness = {
  /** `degraded`: something is missing that most people can do without; requests are welcome still. */
  status: 'ready' | 'degraded' | 'unready'
  checks: Readonly<Record<string, unknown>>
}

export type ProbeDeps = VisitorDeps & {
  health: { ready(): Promise<Readiness> }
  metrics: { text(): Promise<string> }
  documents: { openapi: unknown; asyncapi: unknown }
}

/** Prometheus text format 0.0.4. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * What machines ask: liveness (the process answers), readiness (so does what it needs), metrics, and the two documents of
 * the contract. Metrics tell how busy a server is and what it runs on: this machine and admins (by bearer) may read them.
 */
export function serveProbes(app: ApiApp, deps: ProbeDeps): void {
  app.get('/healthz', (c) => {
    c.set('route', '/healthz')
    return c.json({ status: 'live' })
  })
  app.get('/readyz', async (c) => {
    c.set('route', '/readyz')
    const readiness = await deps.health.ready()
    return c.json(readiness, readiness.status === 'unready' ? 503 : 200)
  })
  app.get('/metrics', async (c) => {
    c.set('route', '/metrics')
    const visitor = await identify(c, deps)
    if (!visitor.isThisMachine && !can(viewerIn(visitor), 'metrics:read')) throw new AppError('not_found')
    return c.body(await deps.metrics.text(), 200, { 'content-type': METRICS_TYPE })
  })
  app.get('/openapi.json', (c) => {
    c.set('route', '/openapi.json')
    return c.json(deps.documents.openapi as object)
  })
  app.get('/asyncapi.json', (c) => {
    c.set('route', '/asyncapi.json')
    return c.json(deps.documents.asyncapi as object)
  })
}
