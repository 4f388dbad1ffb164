import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { videos } from '../../drizzle/schema/index.ts'
import { type HttpApp, startHttpApp } from './accounts.harness.ts'
import { send } from './http.requests.ts'

const PAGE =
  '<!doctype html><head><title>Social Flow</title>\n<meta name="description" content="Live." /></head><body>app</body>'
const HOSTILE = '</title></script><script>alert("1")</script>\' onerror=\'alert(2)'
const asPage = { accept: 'text/html,*/*;q=0.8' }

type Row = Partial<typeof videos.$inferInsert>

let app: HttpApp
let webRoot: string
let ownerId: string

async function plant(row: Row = {}): Promise<string> {
  const id = randomUUID()
  await app.db.orm.insert(videos).values({
    ...{ id, ownerId, title: 'A walk', state: 'ready', visibility: 'public' },
    ...{ publishedAt: new Date(Date.now() - 60_000), durationMs: 9000, width: 16, height: 9 },
    ...row,
  })
  return id
}
const page = (path: string, headers: Record<string, string> = asPage) => send(app, path, { headers })
const oembed = (url: string, more = '') => send(app, `/api/oembed?url=${encodeURIComponent(url)}${more}`)

beforeAll(async () => {
  webRoot = await mkdtemp(join(tmpdir(), 'social-flow-embeds-'))
  await writeFile(join(webRoot, 'index.html'), PAGE)
  app = await startHttpApp({ webRoot })
  ownerId = await app.bareAccount('member')
})
afterAll(async () => {
  await app?.[Symbol.asyncDispose]()
  await rm(webRoot, { recursive: true, force: true })
})

/** Everything that is not for everybody, by what shuts it. */
const SHUT: Record<string, Row> = {
  unlisted: { visibility: 'unlisted' },
  'for followers': { visibility: 'followers' },
  private: { visibility: 'private' },
  'for adults': { isAgeRestricted: true },
  'for one country': { allowedCountries: ['DE'] },
  'yet to come out': { publishedAt: new Date(Date.now() + 3_600_000) },
  'not ready': { state: 'processing', publishedAt: null },
  deleted: { deletedAt: new Date() },
}

describe('the page of a video', () => {
  test('tells of it where everybody may watch', async () => {
    const id = await plant()
    const { text, headers } = await page(`/watch/${id}`)
    expect(text).toContain('<title>A walk ')
    expect(text).toContain(`<meta property="og:url" content="${app.baseUrl}/watch/${id}" />`)
    expect(text).toContain('application/json+oembed')
    expect(text).toContain('<body>app</body>')
    expect(headers['cache-control']).toBe('no-cache')
    // Crawlers that say they take anything get it too.
    expect((await page(`/watch/${id}`, { accept: '*/*' })).text).toContain('og:title')
  })

  test.each(Object.keys(SHUT))('is the page of everything else for one that is %s', async (name) => {
    const id = await plant({ ...SHUT[name], title: 'Nobody’s business' })
    for (const path of [`/watch/${id}`, `/embed/${id}`]) {
      const { text, headers } = await page(path)
      expect(text).toBe(PAGE)
      expect(headers['x-frame-options']).toBe('DENY')
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    }
    const answer = await oembed(`${app.baseUrl}/watch/${id}`)
    expect(answer.status).toBe(404)
    expect(answer.text).not.toContain('business')
  })

  test('is that also where the account is private', async () => {
    const shutId = await app.bareAccount('member')
    await app.db.orm.execute(sql`insert into account_privacy (user_id, is_private) values (${shutId}, true)`)
    const id = await plant({ ownerId: shutId })
    expect((await page(`/watch/${id}`)).text).toBe(PAGE)
    expect((await oembed(`${app.baseUrl}/watch/${id}`)).status).toBe(404)
  })

  test('has no way out of its head for a hostile title', async () => {
    const id = await plant({ title: HOSTILE, description: HOSTILE })
    const { text } = await page(`/watch/${id}`)
    expect(text.match(/<script/g)).toHaveLength(1)
    expect(text.match(/<title>/g)).toHaveLength(1)
    const [, json = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(text) ?? []
    expect(JSON.parse(json).name).toBe(HOSTILE)
    const { html } = (await oembed(`${app.baseUrl}/watch/${id}`)).json() as { html: string }
    expect(html).not.toContain('<script')
  })
})

describe('frames', () => {
  test('of others may show the player of an open video, and nothing else', async () => {
    const id = await plant()
    const { headers, status } = await page(`/embed/${id}`)
    expect(status).toBe(200)
    expect(headers['x-frame-options']).toBeUndefined()
    const policy = headers['content-security-policy'] ?? ''
    expect(policy).toContain('frame-ancestors *')
    expect(policy).toContain("script-src 'self'")
    for (const path of [
      '/',
      `/watch/${id}`,
      `/embed/${randomUUID()}`,
      '/embed/x',
      `/embed/${id}/more`,
      '/settings',
    ]) {
      const shut = await page(path)
      expect(shut.headers['x-frame-options'], path).toBe('DENY')
      expect(shut.headers['content-security-policy'], path).toContain("frame-ancestors 'none'")
    }
    expect((await send(app, `/api/videos/${id}`)).headers['x-frame-options']).toBe('DENY')
  })
})

describe('get /api/oembed', () => {
  test('answers the frame of an open video, within the room there is', async () => {
    const id = await plant()
    const whole = (await oembed(`${app.baseUrl}/watch/${id}`)).json()
    expect(whole).toMatchObject({ version: '1.0', type: 'video', title: 'A walk', width: 1280, height: 720 })
    expect(whole.html).toContain(`src="${app.baseUrl}/embed/${id}"`)
    const small = (await oembed(`${app.baseUrl}/watch/${id}?list=x#t`, '&format=json&maxwidth=320')).json()
    expect(small).toMatchObject({ width: 320, height: 180 })
  })

  test('knows no address but those of its own videos, and no format but JSON', async () => {
    const id = await plant()
    for (const url of [
      `https://elsewhere.example/watch/${id}`,
      `${app.baseUrl}/live/${id}`,
      `${app.baseUrl}/watch/${randomUUID()}`,
      'javascript:alert(1)',
      'no address',
    ])
      expect((await oembed(url)).status, url).toBe(404)
    expect((await oembed(`${app.baseUrl}/watch/${id}`, '&format=xml')).status).toBe(400)
    expect((await oembed(`${app.baseUrl}/watch/${id}`, '&maxwidth=0')).status).toBe(400)
  })
})
