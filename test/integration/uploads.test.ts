import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RouteResponse } from '../../src/contract/index.ts'
import { startApp, type TestApp } from '../support/app.ts'
import type { Person } from '../support/person.ts'
import { openSql } from '../support/sql.ts'
import { until } from '../support/until.ts'
import { addressIn, bytesOf, problemIn, sha256, tusOf } from '../support/videos.ts'

const MB = 1024 * 1024

let app: TestApp
let ann: Person
let ben: Person

type Managed = RouteResponse<'listOwnVideos'>['videos'][number]
const own = async ({ api }: Person): Promise<Managed[]> =>
  (await api.request('get /api/videos/mine', { query: {} })).videos
const runIdOf = (address: string) => address.split('/').at(-1) ?? ''
const ofRun = async (person: Person, address: string): Promise<Managed> => {
  const found = (await own(person)).find(({ run }) => run?.id === runIdOf(address))
  if (!found) throw new Error('There is no such run.')
  return found
}
const sourceOf = ({ id, run }: Managed) => join(app.dir, `files/objects/videos/${id}/${run?.id}/source.bin`)
const sweep = async () => {
  await using sql = openSql(app)
  await sql`select graphile_worker.add_job('videos.sweep', '{}'::json)`
}

beforeAll(async () => {
  app = await startApp({
    TRANSCODES_AT_ONCE: '0',
    UPLOAD_MAX_BYTES: String(40 * MB),
    UPLOAD_QUOTA_BYTES: String(100 * MB),
    UPLOADS_AT_ONCE: '3',
  })
  ;[ann, ben] = await Promise.all([app.person('ann'), app.person('ben')])
})
afterAll(() => app?.[Symbol.asyncDispose]())

describe('an upload', () => {
  test('begins with a video of its own, goes on where it was, and is whole in the end', async () => {
    const told = ann.follow(`video-manager:${ann.account.id}`)
    const bytes = bytesOf(5 * MB)
    const tus = tusOf(app, ann)
    const begun = await tus.begin(bytes.length, { title: ' Our  holiday ' })
    expect(begun.status).toBe(201)
    expect(Date.parse(begun.headers.get('upload-expires') ?? '')).toBeGreaterThan(Date.now())
    const address = addressIn(begun)
    expect(address).toMatch(/^\/api\/uploads\/[0-9a-f-]{36}$/)
    expect(await ofRun(ann, address)).toMatchObject({
      ...{ title: 'Our  holiday', state: 'uploading', visibility: 'private' },
      run: { state: 'uploading', fileName: 'holiday.mp4', sizeBytes: bytes.length, receivedBytes: 0 },
    })
    const first = await tus.send(address, 0, bytes.subarray(0, 2 * MB))
    expect([first.status, first.headers.get('upload-offset')]).toEqual([204, String(2 * MB)])
    expect(await tus.offset(address)).toBe(2 * MB)
    const wrong = await tus.send(address, MB, bytes.subarray(MB))
    expect([wrong.status, await problemIn(wrong)]).toEqual([409, 'conflict'])
    expect((await tus.send(address, 2 * MB, bytes.subarray(2 * MB))).status).toBe(204)
    const video = await ofRun(ann, address)
    expect(video).toMatchObject({ state: 'processing', run: { state: 'processing', percent: 0 } })
    expect(sha256(await readFile(sourceOf(video)))).toBe(sha256(bytes))
    await until('the page of the owner to be told', () =>
      told.items.some(({ videos }) =>
        videos.some(({ id, state }) => id === video.id && state === 'processing'),
      ),
    )
    await using sql = openSql(app)
    await until('it to wait for a process that looks at it', async () => {
      const found = await sql`select from video_chunks
        where run_id = ${runIdOf(address)} and rung_set = 'look' and state = 'waiting'`
      return found.length === 1
    })
    told.stop()
  })

  test('can bring all its bytes as it begins', async () => {
    const bytes = bytesOf(MB, 7)
    const answer = await fetch(`${app.url}/api/uploads`, {
      method: 'POST',
      headers: {
        ...{ 'tus-resumable': '1.0.0', authorization: `Bearer ${ann.bearer}` },
        ...{ 'upload-length': String(MB), 'upload-metadata': `filename ${btoa('a.mp4')}` },
        'content-type': 'application/offset+octet-stream',
      },
      body: bytes,
    })
    expect([answer.status, answer.headers.get('upload-offset')]).toEqual([201, String(MB)])
    const video = await ofRun(ann, addressIn(answer))
    expect(video).toMatchObject({ title: 'a', state: 'processing' })
    expect(sha256(await readFile(sourceOf(video)))).toBe(sha256(bytes))
  })

  test('is there for nobody but its owner, signed in or by a token with the scope', async () => {
    const address = addressIn(await tusOf(app, ann).begin(MB))
    for (const [who, code] of [
      [ben, 'not_found'],
      [{ bearer: undefined }, 'unauthenticated'],
    ] as const) {
      const tus = tusOf(app, who)
      expect(await problemIn(await tus.send(address, 0, bytesOf(MB)))).toBe(code)
      expect(await problemIn(await tus.end(address))).toBe(code)
      expect((await tus.head(address)).status).toBe(code === 'not_found' ? 404 : 401)
    }
    expect(await problemIn(await tusOf(app, { bearer: undefined }).begin(MB))).toBe('unauthenticated')
    const tokenFor = async (scope: 'read' | 'videos:write') =>
      (
        await ann.api.request('post /api/account/tokens', {
          body: { name: scope, scopes: [scope], expiresInDays: 1 },
        })
      ).token
    expect(await problemIn(await tusOf(app, { bearer: await tokenFor('read') }).begin(MB))).toBe(
      'forbidden scope',
    )
    const program = tusOf(app, { bearer: await tokenFor('videos:write') })
    expect(await program.offset(address)).toBe(0)
    expect((await program.end(address)).status).toBe(204)
  })

  test('from a page of another origin is refused', async () => {
    const { headers } = await fetch(`${app.url}/api/auth/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: ben.email, password: 'a long password', session: 'cookie' }),
    })
    const cookie = headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const begin = (origin: string) =>
      fetch(`${app.url}/api/uploads`, {
        method: 'POST',
        headers: {
          ...{ cookie, origin, 'tus-resumable': '1.0.0', 'upload-length': '10' },
          'upload-metadata': `filename ${btoa('a.mp4')}`,
        },
      })
    expect(await problemIn(await begin('https://evil.example'))).toBe('foreign_origin')
    const mine = await begin(app.url)
    expect(mine.status).toBe(201)
    expect((await tusOf(app, ben).end(addressIn(mine))).status).toBe(204)
  })

  test('says what is wrong with how it begins', async () => {
    const tus = tusOf(app, ben)
    expect(await problemIn(await tus.begin(0))).toBe('invalid_input')
    expect(await problemIn(await tus.begin(41 * MB))).toBe('too_large file')
    expect(await problemIn(await tus.begin(MB, { sha256: 'nothing' }))).toBe('invalid_input')
    expect(await problemIn(await tus.begin(MB, { videoId: crypto.randomUUID() }))).toBe('not_found')
    const without = await fetch(`${app.url}/api/uploads`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ben.bearer}`, 'upload-length': '5' },
    })
    expect([without.status, await problemIn(without)]).toEqual([412, 'invalid_input'])
    expect(await own(ben)).toHaveLength(1)
    const options = await fetch(`${app.url}/api/uploads`, { method: 'OPTIONS' })
    expect(options.headers.get('tus-extension')).toContain('checksum')
    expect(options.headers.get('tus-max-size')).toBe(String(40 * MB))
  })

  test('that is given up leaves a draft, which may get another file', async () => {
    const tus = tusOf(app, ben)
    const address = addressIn(await tus.begin(2 * MB, { title: 'Kept' }))
    await tus.send(address, 0, bytesOf(MB))
    const { id } = await ofRun(ben, address)
    expect((await tus.end(address)).status).toBe(204)
    expect((await tus.head(address)).status).toBe(404)
    expect((await own(ben)).find((video) => video.id === id)).toMatchObject({
      title: 'Kept',
      state: 'draft',
      run: null,
    })
    const again = addressIn(await tus.begin(MB, { videoId: id }))
    expect(await ofRun(ben, again)).toMatchObject({ id, title: 'Kept', state: 'uploading' })
    expect(await problemIn(await tus.begin(MB, { videoId: id }))).toBe('conflict busy')
    expect(await problemIn(await tusOf(app, ann).begin(MB, { videoId: id }))).toBe('not_found')
    await tus.send(again, 0, bytesOf(MB))
    expect(await problemIn(await tus.end(again))).toBe('conflict complete')
  })
})

describe('the bytes', () => {
  test('of a piece with a checksum are taken if they fit, and else none of them', async () => {
    const tus = tusOf(app, ann)
    const bytes = bytesOf(2 * MB, 3)
    const address = addressIn(await tus.begin(bytes.length))
    const sum = (kind: string, part: Uint8Array) =>
      ({ 'upload-checksum': `${kind} ${createHash(kind).update(part).digest('base64')}` }) as const
    const half = bytes.subarray(0, MB)
    const mismatch = await tus.send(address, 0, half, sum('sha256', bytes))
    expect([mismatch.status, await problemIn(mismatch)]).toEqual([460, 'invalid_input'])
    expect(await tus.offset(address)).toBe(0)
    const unknown = await tus.send(address, 0, half, { 'upload-checksum': 'crc32 AAAA' })
    expect([unknown.status, await problemIn(unknown)]).toEqual([400, 'invalid_input'])
    expect((await tus.send(address, 0, half, sum('sha1', half))).status).toBe(204)
    const rest = bytes.subarray(MB)
    expect((await tus.send(address, MB, rest, sum('sha256', rest))).status).toBe(204)
    expect(sha256(await readFile(sourceOf(await ofRun(ann, address))))).toBe(sha256(bytes))
    const long = addressIn(await tus.begin(9 * MB))
    expect(
      await problemIn(await tus.send(long, 0, bytesOf(9 * MB), { 'upload-checksum': 'sha1 AAAA' })),
    ).toBe('too_large piece')
    expect((await tus.end(long)).status).toBe(204)
  })

  test('of the whole file are compared with what its owner promised', async () => {
    const tus = tusOf(app, ben)
    const bytes = bytesOf(MB, 9)
    const right = addressIn(await tus.begin(MB, { sha256: sha256(bytes) }))
    const wrong = addressIn(await tus.begin(MB, { sha256: sha256(bytesOf(MB, 10)) }))
    for (const address of [right, wrong]) expect((await tus.send(address, 0, bytes)).status).toBe(204)
    const failed = await until('the other file to be found wrong', async () => {
      const video = await ofRun(ben, wrong)
      return video.state === 'failed' ? video : undefined
    })
    expect(failed.run?.failure).toMatchObject({ code: 'checksum' })
    expect(await ofRun(ben, right)).toMatchObject({ state: 'processing' })
    await until('the wrong file to go', () =>
      readFile(sourceOf(failed)).then(
        () => false,
        () => true,
      ),
    )
    expect(sha256(await readFile(sourceOf(await ofRun(ben, right))))).toBe(sha256(bytes))
  })
})

describe('room', () => {
  test('for one more upload is taken once by two that begin at once', async () => {
    const cleo = await app.person('cleo')
    const tus = tusOf(app, cleo)
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => tus.begin(MB)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 409, 409])
    const refused = answers.filter(({ status }) => status === 409)
    for (const answer of refused) expect(await problemIn(answer)).toBe('conflict uploads')
    expect(await own(cleo)).toHaveLength(3)
  })

  test('within the quota is taken once too', async () => {
    const dora = await app.person('dora')
    const tus = tusOf(app, dora)
    expect((await tus.begin(40 * MB)).status).toBe(201)
    const answers = await Promise.all([1, 2].map(() => tus.begin(35 * MB)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 413])
    const refused = answers.find(({ status }) => status === 413)
    expect(refused && (await problemIn(refused))).toBe('too_large quota')
  })
})

describe('what comes no further', () => {
  test('expires with its files; what had all its bytes when the server died is completed', async () => {
    const emma = await app.person('emma')
    const tus = tusOf(app, emma)
    const half = addressIn(await tus.begin(2 * MB))
    await tus.send(half, 0, bytesOf(MB))
    const video = await ofRun(emma, half)
    await using sql = openSql(app)
    await sql`update video_uploads set expires_at = now() where run_id = ${runIdOf(half)}`
    await sweep()
    await until('the upload to expire', async () => (await ofRun(emma, half)).state === 'failed')
    expect((await tus.head(half)).status).toBe(410)
    expect(await problemIn(await tus.send(half, MB, bytesOf(MB)))).toBe('expired')
    await until('its file to go', () =>
      readFile(sourceOf(video)).then(
        () => false,
        () => true,
      ),
    )
  })

  test('is deleted with its video, and not even its owner finds it', async () => {
    const finn = await app.person('finn')
    const tus = tusOf(app, finn)
    const address = addressIn(await tus.begin(2 * MB))
    const { id: videoId } = await ofRun(finn, address)
    const { undoUntil } = await finn.api.request('delete /api/videos/{videoId}', { params: { videoId } })
    expect(undoUntil).toBeGreaterThan(Date.now())
    expect(await own(finn)).toEqual([])
    expect((await tus.head(address)).status).toBe(404)
    const { video } = await finn.api.request('post /api/videos/{videoId}/restore', { params: { videoId } })
    expect(video).toMatchObject({ state: 'draft' })
  })
})
