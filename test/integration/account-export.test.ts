import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { archive, exported, fetchExport, ready, sweep } from '../support/leaving.ts'
import { clientId, type Person } from '../support/person.ts'
import { pictureOf } from '../support/pictures.ts'
import { openSql } from '../support/sql.ts'
import { apiOf, appoint, outcome } from '../support/staff.ts'
import { until } from '../support/until.ts'

let app: TestApp
let ann: Person
let ben: Person

beforeAll(async () => {
  app = await startApp()
  ;[ann, ben] = await Promise.all([app.person('ann'), app.person('ben')])
})
afterAll(() => app[Symbol.asyncDispose]())

const say = (who: Person, where: Person, text: string) =>
  who.connection.call('chat:send', { clientId: clientId(), streamId: where.account.streamId, text })

describe('an archive', () => {
  test('has what its owner put in, what it is, and nothing of others and no secrets', async () => {
    await ann.api.request('patch /api/profile', {
      body: { bio: 'Sings at night', links: ['https://ann.example/'] },
    })
    await ann.api.request('put /api/profile/avatar', {
      upload: { bytes: new Uint8Array(await pictureOf('png')), contentType: 'image/png' },
    })
    await ann.connection.call('follow:add', { accountId: ben.account.id })
    await ben.connection.call('follow:add', { accountId: ann.account.id })
    await ben.connection.call('mute:add', { accountId: ann.account.id })
    for (let nth = 0; nth < 3; nth++) await say(ann, ben, `line ${nth} of ann`)
    await say(ben, ben, 'a line of ben')
    const { token } = await ann.api.request('post /api/account/tokens', {
      body: { name: 'Her program', scopes: ['read'], expiresInDays: 5 },
    })
    // More than a page, so that the pages fit together.
    await using sql = openSql(app)
    await sql`insert into chat_messages (stream_id, seq, sent_at, id, author_id, text)
      select ${ben.account.streamId}, 1000 + n, date_trunc('milliseconds', now()), gen_random_uuid(), ${ann.account.id}, 'planted ' || n
      from generate_series(1, 1234) n`

    const told = ann.follow(`account-data:${ann.account.id}`)
    const { answer, files, json } = await archive(app, ann)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/zip')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="social-flow-ann.zip"')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(told.items.some(({ export: made }) => made?.state === 'running')).toBe(true)

    expect(json('account.json')).toMatchObject([
      { handle: 'ann', email: ann.email, hasPassword: true, followers: 1, following: 1 },
    ])
    expect(json('profile.json')).toMatchObject([{ bio: 'Sings at night', links: ['https://ann.example/'] }])
    expect(json('following.json')).toMatchObject([{ handle: 'ben' }])
    expect(json('followers.json')).toMatchObject([{ handle: 'ben' }])
    expect(json('login-sessions.json')).toHaveLength(1)
    expect(json('api-tokens.json')).toMatchObject([{ name: 'Her program', scopes: ['read'] }])
    expect(json('blocks.json')).toEqual([])
    expect(json('notifications.json')).toMatchObject([{ kind: 'follow', from: 'ben' }])
    const lines = json('chat-lines.json').map(({ text }) => text)
    expect(lines).toHaveLength(3 + 1234)
    expect(new Set(lines).size).toBe(3 + 1234)
    expect(lines.slice(0, 3)).toEqual(['line 0 of ann', 'line 1 of ann', 'line 2 of ann'])
    expect([...files.keys()].filter((name) => name.startsWith('pictures/avatar-')).length).toBeGreaterThan(1)

    const readme = String(files.get('README.txt'))
    for (const name of files.keys()) if (name.endsWith('.json')) expect(readme).toContain(name)
    const everything = [...files.values()].map(String).join('\n')
    const [secret] = await sql<{ hash: string }[]>`
      select password_hash as hash from credentials where user_id = ${ann.account.id}`
    for (const hidden of ['a line of ben', ben.email, secret?.hash ?? '?', token, ann.bearer ?? '?'])
      expect(everything).not.toContain(hidden)
    // Who has muted her is theirs to know.
    expect(everything.match(/"handle":"ben"/g)).toHaveLength(2)
  })

  test('is told of by mail, and is gone when a newer one is there or its time is over, row and file', async () => {
    const carl = await app.person('carl')
    const first = await exported(carl)
    const mail = await until('the mail', async () => {
      const { mails } = await carl.api.request('get /api/dev/inbox')
      return mails.find(({ to, subject }) => to === carl.email && subject === 'Your data is ready')
    })
    expect(mail.text).toContain('/settings/data')
    const file = (id: string) => join(app.dir, 'files', 'objects', 'exports', id, 'archive.zip')
    await access(file(first.id))
    const second = await (async () => {
      await carl.api.request('post /api/account/exports')
      const told = carl.follow(`account-data:${carl.account.id}`)
      return until('the next archive', () =>
        told.items
          .flatMap((item) => item.export ?? [])
          .find((it) => it.state === 'ready' && it.id !== first.id),
      )
    })()
    const isRemoved = (id: string) => () =>
      access(file(id)).then(
        () => false,
        () => true,
      )
    await until('the first file to go', isRemoved(first.id))
    expect((await fetchExport(app, carl, first.id)).status).toBe(404)
    await using sql = openSql(app)
    await sql`update account_exports set expires_at = now() where id = ${second.id}`
    expect((await fetchExport(app, carl, second.id)).status).toBe(404)
    await sweep(app)
    await until('the second file to go', isRemoved(second.id))
    expect(await sql`select 1 from account_exports where user_id = ${carl.account.id}`).toHaveLength(0)
  })

  test('is for nobody but its owner, signed in by themselves and asked lately who they are', async () => {
    const dora = await app.person('dora')
    const { id } = await exported(dora)
    await appoint(app, ben, 'admin')
    for (const who of [ann, ben]) expect((await fetchExport(app, who, id)).status).toBe(404)
    expect((await fetchExport(app, { bearer: undefined }, id)).status).toBe(401)
    expect((await fetch(`${app.url}/files/exports/${id}/archive.zip`)).status).toBe(404)
    const { token } = await dora.api.request('post /api/account/tokens', {
      body: { name: 'All', scopes: ['read', 'account:read'], expiresInDays: 5 },
    })
    expect((await fetchExport(app, { bearer: token }, id)).status).toBe(403)
    const program = apiOf(app, token)
    for (const route of [
      'get /api/account/data',
      'post /api/account/exports',
      'delete /api/account/deletion',
    ] as const)
      expect(await outcome(program.request(route))).toBe('forbidden scope')
    const others = ann.follow(`account-data:${dora.account.id}`)
    await until('the refusal', () => others.closed.length > 0)
    expect(others.items).toEqual([])
    await using sql = openSql(app)
    await sql`update login_sessions set confirmed_at = now() - interval '1 hour' where user_id = ${dora.account.id}`
    expect(await outcome(dora.api.request('post /api/account/exports'))).toBe('confirm_required')
  })

  test('is made once, however many ask at once', async () => {
    const eve = await app.person('eve')
    const answers = await Promise.all(
      [1, 2, 3].map(() => outcome(eve.api.request('post /api/account/exports'))),
    )
    expect(answers.sort()).toEqual(['conflict', 'conflict', 'done'])
    await ready(eve)
    await using sql = openSql(app)
    expect(await sql`select 1 from account_exports where user_id = ${eve.account.id}`).toHaveLength(1)
  })
})

test('a job that is killed in the middle begins anew, and the archive is whole', async () => {
  await using other = await startApp({ CRASH_POINT: 'export:half' })
  const fay = await other.person('fay')
  const died = until('the planted crash', () => isGone(other.pid))
  await fay.api.request('post /api/account/exports')
  await died
  await other.restart({ CRASH_POINT: 'none' })
  const made = await ready(fay)
  const { status } = await fetchExport(other, fay, made.id)
  expect(status).toBe(200)
})

test('an archive that can not be stored says so, and is made when it is asked for again', async () => {
  const gus = await app.person('gus')
  await using sql = openSql(app)
  // A table that can't be read stands for everything that can go wrong on the way.
  await sql`alter table broadcast_likes rename to broadcast_likes_away`
  await gus.api.request('post /api/account/exports')
  const told = gus.follow(`account-data:${gus.account.id}`)
  await until('the failure', () => told.items.some((item) => item.export?.state === 'failed'))
  await sql`alter table broadcast_likes_away rename to broadcast_likes`
  expect(await outcome(gus.api.request('post /api/account/exports'))).toBe('done')
  await ready(gus)
})

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}
