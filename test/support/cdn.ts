import { createVerify, generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { contentTypeOf } from '../../src/infra/files/keys.ts'
import type { TestApp } from './app.ts'

const KEY_PAIR_ID = 'K2JCJMDEHXQW5F'
const REWRITE = join(import.meta.dirname, '../../deploy/cloudfront-function.js')

type Policy = {
  Statement: [{ Resource: string; Condition: { DateLessThan: { 'AWS:EpochTime': number } } }]
}
type Rewrite = (event: { request: { uri: string } }) => { uri: string } | { statusCode: number }

export type TestCdn = AsyncDisposable & {
  url: string
  /** The settings of a server whose files it serves. */
  settings: Record<string, string>
  /** What was asked for and how it was answered, in order. */
  served: { path: string; status: number }[]
  /** Serves the files of this server to its pages. */
  serve(app: Pick<TestApp, 'url' | 'dir'>): void
  /** What three cookies say, if their signature is good. */
  policyIn(cookies: Readonly<Record<string, string | undefined>>): Policy | undefined
}

/** The characters that CloudFront has in place of those of Base64 (its Developer Guide, “Set signed cookies using a custom policy”). */
const decode = (text: string): Buffer =>
  Buffer.from(text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64')

const cookiesIn = (header: string | undefined) =>
  Object.fromEntries((header ?? '').split('; ').map((pair) => pair.split(/=(.*)/s).slice(0, 2)))

/** A server that opens a folder of files as CloudFront does where cookies are needed: by key, signature, address and time. */
export async function startCdn(): Promise<TestCdn> {
  const dir = await mkdtemp(join(tmpdir(), 'social-flow-cdn-'))
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const keyFile = join(dir, 'key.pem')
  await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const rewrite = runInNewContext(`${await readFile(REWRITE, 'utf8')}; handler`) as Rewrite
  const served: TestCdn['served'] = []
  let site: Pick<TestApp, 'url' | 'dir'> | undefined

  const policyIn: TestCdn['policyIn'] = (cookies) => {
    const policy = decode(cookies['CloudFront-Policy'] ?? '')
    const signature = decode(cookies['CloudFront-Signature'] ?? '')
    const isGood =
      cookies['CloudFront-Key-Pair-Id'] === KEY_PAIR_ID &&
      createVerify('RSA-SHA1').update(policy).verify(publicKey, signature)
    return isGood ? (JSON.parse(policy.toString()) as Policy) : undefined
  }

  const isOpen = (address: string, cookies: Record<string, string>): boolean => {
    const [statement] = policyIn(cookies)?.Statement ?? []
    if (!statement) return false
    const pattern = statement.Resource.replaceAll(/[.*+?^${}()|[\]\\]/g, (char) =>
      char === '*' ? '.*' : `\\${char}`,
    )
    const endsAtS = statement.Condition.DateLessThan['AWS:EpochTime']
    return new RegExp(`^${pattern}$`).test(address) && Date.now() < endsAtS * 1000
  }

  const server = createServer(async (asked, answer) => {
    const path = asked.url ?? ''
    const end = (status: number, body?: Buffer) => {
      served.push({ path, status })
      answer.writeHead(status, {
        'access-control-allow-origin': site?.url ?? '',
        'access-control-allow-credentials': 'true',
        'content-type': contentTypeOf(path),
        'cache-control': 'private, max-age=2',
      })
      answer.end(body)
    }
    if (!isOpen(url + path, cookiesIn(asked.headers.cookie))) return end(403)
    const found = rewrite({ request: { uri: path } })
    if ('statusCode' in found) return end(found.statusCode)
    await readFile(join(site?.dir ?? dir, 'files/objects', found.uri)).then(
      (body) => end(200, body),
      () => end(404),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ...{ url, served, policyIn },
    settings: { MEDIA_CDN_URL: url, MEDIA_CDN_KEY_PAIR_ID: KEY_PAIR_ID, MEDIA_CDN_KEY_FILE: keyFile },
    serve(app) {
      site = app
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(dir, { recursive: true, force: true })
    },
  }
}
