import { request } from 'node:http'
import type { TestApp } from './app.ts'

type Sent = { status: number; headers: Record<string, unknown>; body: Buffer; writtenBytes: number }

/** Sends a body piece by piece, and stops as soon as an answer is there. */
export function sendSlowly(
  app: TestApp,
  {
    path,
    bearer,
    type,
    pieces,
  }: { path: string; bearer?: string | undefined; type: string; pieces: Buffer[] },
): Promise<Sent> {
  return new Promise((resolve) => {
    let answered = false
    let writtenBytes = 0
    const headers = {
      'content-type': type,
      'transfer-encoding': 'chunked',
      ...(bearer && { authorization: `Bearer ${bearer}` }),
    }
    const sending = request({
      host: '127.0.0.1',
      port: app.httpPort,
      path,
      method: 'PUT',
      headers,
      agent: false,
    })
    sending.on('response', async (response) => {
      answered = true
      const parts: Buffer[] = []
      for await (const part of response) parts.push(part)
      sending.destroy()
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(parts),
        writtenBytes,
      })
    })
    // A server that reads no further may be gone before its answer is read.
    sending.on('error', () => resolve({ status: 0, headers: {}, body: Buffer.alloc(0), writtenBytes }))
    const next = () => {
      const piece = pieces.shift()
      if (answered) return
      if (!piece) return void sending.end()
      writtenBytes += piece.length
      sending.write(piece, () => setTimeout(next, 5))
    }
    next()
  })
}
