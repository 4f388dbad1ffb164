import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CallSpec, RouteSpec, TopicSpec } from '../../src/contract/define.ts'
import { calls, routes, topics } from '../../src/contract/index.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { leave } from '../support/leaving.ts'
import type { Person } from '../support/person.ts'
import { type RawSocket, rawSocket } from '../support/raw-socket.ts'
import { openSql } from '../support/sql.ts'

let app: TestApp
let leo: Person & RawSocket

beforeAll(async () => {
  app = await startApp()
  const person = await app.person('leo')
  await person.api.request('put /api/account/email', { body: { email: 'leo@new.example' } })
  await leave(person)
  leo = { ...person, ...(await rawSocket(app, person)) }
})
afterAll(async () => {
  leo?.close()
  await app[Symbol.asyncDispose]()
})

/** What is left to whoever waits for their account to be deleted, and nothing else: written down, not read from the contract. */
const OPEN = {
  'to learn how it stands': ['me', 'getAccountData', 'getConfig', 'socketToken', 'secondFactors'],
  'to take data along and undo it': ['askExport', 'downloadExport', 'askDeletion', 'undoDeletion'],
  'to prove that it is them': ['confirm', 'confirmByCode', 'confirmPasskeyOptions', 'confirmByPasskey'],
  'to sign out': ['signOut', 'listSessions', 'endSession', 'endOtherSessions'],
  'to sign in and take a stolen account back': [
    ...['verify', 'verifyByCode', 'signIn', 'signInByLink', 'forgotPassword', 'resetPassword', 'undoEmail'],
    ...['finishSignIn', 'secondFactorPasskeyOptions', 'finishSignInByPasskey', 'passkeySignInOptions'],
    ...['signInByPasskey', 'oauthProviders', 'startOAuth', 'finishOAuth'],
  ],
}
const open = new Set<string>(Object.values(OPEN).flat())
/** These end what the others need. */
const LAST = ['undoDeletion', 'signOut']
const byName = Object.entries<RouteSpec>(routes)

/** The answer's code and reason. Nothing is sent that would fit: whoever may not is refused before it is looked at. */
async function ask({ method, path }: RouteSpec): Promise<string> {
  const answer = await fetch(`${app.url}${path.replace(/\{\w+\}/g, randomUUID())}`, {
    method: method.toUpperCase(),
    headers: { authorization: `Bearer ${leo.bearer}`, 'content-type': 'application/json' },
    ...(method !== 'get' && { body: '{}' }),
  })
  const body = (await answer.json().catch(() => ({}))) as { code?: string; details?: { reason?: string } }
  return [body.code, body.details?.reason].filter(Boolean).join(' ')
}
const REFUSED = 'forbidden deleting'

describe('an account that waits to be deleted', () => {
  test.each(byName.filter(([name]) => !open.has(name)))('may not use the route %s', async (_name, route) => {
    expect(await ask(route)).toBe(REFUSED)
  })

  test.each(Object.keys(calls))('may not make the call %s, unless every token may', async (name) => {
    const isOpen = (calls as Record<string, CallSpec>)[name]?.scope === 'any'
    expect(JSON.stringify(await leo.ask(name, {})).includes('"reason":"deleting"')).toBe(!isOpen)
  })

  test.each(Object.keys(topics))('may not follow %s, but for the news of its data', async (pattern) => {
    const isOpen =
      pattern === 'account-data:{userId}' ||
      (topics as Record<string, TopicSpec>)[pattern]?.readScope === 'any'
    const topic = pattern.replace('{userId}', leo.account.id).replace(/\{\w+\}/, leo.account.streamId)
    const answer = JSON.stringify(await leo.ask('topic:join', { topics: [{ topic }] }))
    expect(answer.includes('"reason":"deleting"')).toBe(!isOpen)
  })

  test('has no change of address under way that a link could end', async () => {
    await using sql = openSql(app)
    expect(await sql`select kind from one_time_tokens where kind = 'change_email'`).toEqual([])
  })

  const left = byName.filter(([name]) => open.has(name))
  const sorted = [...left].sort(([a], [b]) => LAST.indexOf(a) - LAST.indexOf(b))
  test.each(sorted)('may still use the route %s', async (_name, route) => {
    expect(await ask(route)).not.toContain('deleting')
  })

  test('needs nothing that there is not', () => {
    expect(left.map(([name]) => name).sort()).toEqual([...open].sort())
  })
})
