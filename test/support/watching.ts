import { randomUUID } from 'node:crypto'
import { v7 } from 'uuid'
import { createConnection } from '../../client/connection.ts'
import type { Connection } from '../../client/types.ts'
import type { CallInput } from '../../src/contract/index.ts'
import type { Topics } from '../../src/core/ports.ts'
import { createViews, type Watcher } from '../../src/features/views/views.service.ts'
import { openDatabase } from '../../src/infra/db.ts'
import { createLog } from '../../src/infra/log/log.ts'
import type { TestApp } from './app.ts'
import type { Person } from './person.ts'

export type Reported = CallInput<'watch:report'>

/** A browser that people have, and one that has none. */
export const BROWSER =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
export const CRAWLER = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'

/** The id of a session that begins then. */
export const sessionAt = (atMs: number): string => v7({ msecs: atMs })

export const viewing = (videoId: string, changes: Partial<Reported> = {}): Reported => ({
  ...{ videoId, sessionId: sessionAt(Date.now()), sections: [], positionMs: 0 },
  ...{ device: 'desktop', referrer: 'direct', ...changes },
})

/** Somebody who watches, without a server: what connection and headers would tell. */
export const watcher = (changes: Partial<Watcher> & { accountId?: string } = {}): Watcher => {
  const { accountId, ...rest } = changes
  const account = { id: accountId ?? '', handle: 'w', displayName: 'W', role: 'member' } as const
  return {
    viewer: accountId ? { id: accountId, account } : { id: `anon:${randomUUID()}` },
    ...{ address: '192.0.2.1', userAgent: BROWSER, country: undefined },
    ...rest,
  }
}

/** The counting part of one node, on a database that others share; who owns which videos, and how long they are, is given. */
export function countingNode(
  url: string,
  clock: { nowMs(): number },
  videos: ReadonlyMap<string, { ownerId: string; durationMs: number }>,
) {
  const log = createLog({ LOG_LEVEL: 'error' })
  const db = openDatabase({ url, pool: 4, log })
  const told: { topic: string; value: unknown; asOfMs: number | undefined }[] = []
  const topics: Topics = {
    ...{ committed() {}, append() {}, close() {}, rejudge: async () => {} },
    set: (topic, value, asOfMs) => void told.push({ topic, value, asOfMs }),
  }
  const views = createViews({
    ...{ db, topics, clock, log, key: 'a secret of at least thirty-two characters' },
    async mustSee(_watcher, videoId) {
      const video = videos.get(videoId)
      if (!video) throw new Error(`There is no video ${videoId}.`)
      return video
    },
    cards: async () => [],
  })
  /** Reports, and waits until that is counted. */
  const report: typeof views.report = async (...args) => {
    const answer = await views.report(...args)
    await views.countAll()
    return answer
  }
  return {
    views: { ...views, report },
    keep: views.report,
    db,
    log,
    told,
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  }
}

/** A connection whose token was asked for with some headers, as a browser or a proxy sends them. */
export async function connectionWith(
  app: TestApp,
  headers: Record<string, string>,
  person?: Person,
): Promise<Connection & Disposable> {
  const bearer = person?.bearer && { authorization: `Bearer ${person.bearer}` }
  const ask = async <T>(method: string, path: string): Promise<T> =>
    (await (await fetch(`${app.url}${path}`, { method, headers: { ...headers, ...bearer } })).json()) as T
  const connection = createConnection({
    origin: app.url,
    getConfig: () => ask('GET', '/api/config'),
    getToken: async () => (await ask<{ token: string }>('POST', '/api/socket-token')).token,
  })
  return Object.assign(connection, { [Symbol.dispose]: () => connection.close() })
}
