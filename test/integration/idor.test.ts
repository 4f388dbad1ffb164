import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CallSpec, RouteSpec, TopicSpec } from '../../src/contract/define.ts'
import { calls, routes, topics } from '../../src/contract/index.ts'
import { createWorld, ROLES, type World } from './idor.people.ts'
import { ROUTES } from './idor.routes.ts'
import { CALLS, type Row, TOPICS } from './idor.table.ts'

/** Everything of the contract as everybody, about what is somebody's. A new call, route or topic needs a row. */
const KINDS = {
  call: { rows: CALLS as Record<string, Row>, scopes: scopesOf<CallSpec>(calls, ({ scope }) => scope) },
  topic: {
    rows: TOPICS as Record<string, Row>,
    scopes: scopesOf<TopicSpec>(topics, (spec) => spec.readScope),
  },
  route: { rows: ROUTES as Record<string, Row>, scopes: scopesOf<RouteSpec>(routes, ({ scope }) => scope) },
}

function scopesOf<S>(specs: Record<string, S>, scopeOf: (spec: S) => string | undefined) {
  return new Map(Object.entries(specs).map(([name, spec]) => [name, scopeOf(spec)]))
}

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world?.[Symbol.asyncDispose]())

describe.each(Object.entries(KINDS))('each %s answers by who asks and whose it is', (_kind, kind) => {
  test('and has a row in the table', () => {
    expect(Object.keys(kind.rows).sort()).toEqual([...kind.scopes.keys()].sort())
  })

  test.each(Object.entries(kind.rows))('%s', async (name, { ask, expected }) => {
    const answers: [string, string][] = []
    // One after the other: what the owner changes must not meet what others try.
    for (const role of ROLES) {
      const asker = world.asker(role, kind.scopes.get(name))
      answers.push([role, await ask(asker, world.subject(role), world)])
    }
    expect(Object.fromEntries(answers)).toEqual(expected)
  })
})
