import { randomBytes } from 'node:crypto'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { HttpApp } from './accounts.harness.ts'

type Sent = { method?: string; headers?: Record<string, string>; body?: string }
export type Answer = { status: number; headers: IncomingHttpHeaders; text: string; json: () => Json }
type Json = Record<string, unknown> & { details?: Record<string, unknown> }

/** A plain request: unlike fetch it may send any Host, Origin and Cookie, and decodes nothing. */
export function send(app: HttpApp, path: string, { method = 'GET', headers = {}, body }: Sent = {}) {
  const isTls = app.baseUrl.startsWith('https')
  const target = { host: '127.0.0.1', port: app.port, agent: false, rejectUnauthorized: false } as const
  return new Promise<Answer>((resolve, reject) => {
    const request = (isTls ? httpsRequest : httpRequest)({ ...target, method, headers, path }, (response) => {
      let text = ''
      response.setEncoding('latin1').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => {
        const { statusCode: status = 0, headers: received } = response
        resolve({ status, headers: received, text, json: () => JSON.parse(text) })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** What `/api/me` tells whoever is not signed in. */
export const SIGNED_OUT = { account: null, suspension: null, deletion: null, needsSecondFactor: false }

export const JSON_TYPE = { 'content-type': 'application/json' }

export const post = (app: HttpApp, path: string, body: unknown, headers: Record<string, string> = {}) =>
  send(app, path, { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) })

export const put = (app: HttpApp, path: string, body: unknown, headers: Record<string, string> = {}) =>
  send(app, path, { method: 'PUT', headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) })

/** Another client as a trusted proxy names it, so that the limits of one test do not reach into another. */
export function elsewhere() {
  const [a, b] = [randomBytes(2).toString('hex'), randomBytes(2).toString('hex')]
  return { 'x-forwarded-for': `2001:db8:${a}:${b}::1` }
}

/** The cookies of an answer as the next request sends them. */
export const cookieOf = ({ headers }: Answer): string =>
  headers['set-cookie']?.map((cookie) => cookie.split(';')[0]).join('; ') ?? ''

export const ownOrigin = (app: HttpApp) => ({ origin: app.baseUrl })
