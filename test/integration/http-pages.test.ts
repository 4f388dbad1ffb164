import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HttpApp, startHttpApp } from './accounts.harness.ts'
import { send } from './http.requests.ts'

const SCRIPT = `console.log('${'x'.repeat(3000)}')`
let app: HttpApp
let webRoot: string

beforeAll(async () => {
  webRoot = await mkdtemp(join(tmpdir(), 'social-flow-web-'))
  await mkdir(join(webRoot, 'assets'))
  await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>Social Flow</title>')
  await writeFile(join(webRoot, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  await writeFile(join(webRoot, 'assets/app-1a2b3c.js'), SCRIPT)
  await writeFile(join(webRoot, 'assets/app-1a2b3c.js.gz'), gzipSync(SCRIPT))
  await writeFile(join(webRoot, 'assets/plain-4d5e6f.js'), SCRIPT)
  app = await startHttpApp({ webRoot })
})
afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await rm(webRoot, { recursive: true, force: true })
})

describe('pages', () => {
  const asPage = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

  it('answer every address of the web app with its page, which is asked for again each time', async () => {
    for (const path of ['/', '/index.html', '/alice', '/live/alice?x=1', '/verify?token=abc']) {
      const answer = await send(app, path, { headers: asPage })
      expect(answer.status, path).toBe(200)
      expect(answer.text).toContain('<title>Social Flow</title>')
      expect(answer.headers['cache-control']).toBe('no-cache')
    }
    const { etag = '' } = (await send(app, '/', { headers: asPage })).headers
    const again = await send(app, '/', { headers: { ...asPage, 'if-none-match': etag } })
    expect(again).toMatchObject({ status: 304, text: '' })
    expect(again.headers['content-security-policy']).toBeDefined()
  })

  it('do not stand in for what the program answers itself, nor for what is no page', async () => {
    for (const path of ['/api/nothing', '/assets/gone.js', '/socket.io/x'])
      expect((await send(app, path, { headers: asPage })).status, path).toBe(404)
    expect((await send(app, '/alice', { headers: { accept: 'application/json' } })).status).toBe(404)
    expect((await send(app, '/healthz', { headers: asPage })).json()).toEqual({ status: 'live' })
  })

  it('have assets that are kept for ever, compressed beforehand or on the way', async () => {
    const plain = await send(app, '/assets/app-1a2b3c.js')
    expect(plain.text).toBe(SCRIPT)
    expect(plain.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': expect.stringContaining('javascript'),
    })
    const before = await send(app, '/assets/app-1a2b3c.js', { headers: { 'accept-encoding': 'gzip, br' } })
    expect(before.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
    expect(Buffer.from(before.text, 'latin1')).toEqual(gzipSync(SCRIPT))
    const onTheWay = await send(app, '/assets/plain-4d5e6f.js', { headers: { 'accept-encoding': 'gzip' } })
    expect(onTheWay.headers['content-encoding']).toBe('gzip')
    expect(onTheWay.text.length).toBeLessThan(1000)
    expect((await send(app, '/favicon.svg')).headers['cache-control']).toBe('public, max-age=3600')
  })

  it('lie nowhere outside their folder', async () => {
    for (const path of [
      '/../package.json',
      '/assets/..%2f..%2fpackage.json',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/assets/../../x',
    ])
      expect((await send(app, path)).status, path).toBe(404)
  })
})
