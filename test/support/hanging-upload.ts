import { request } from 'node:http'
import type { TestApp } from './app.ts'
import type { Person } from './person.ts'

/**
 * Sends a piece that never ends: its first bytes go, and then the connection stays open. `over` answers when the server ends
 * it, with the status, or 0 without one.
 */
export function sendAndHang(
  app: Pick<TestApp, 'httpPort'>,
  { bearer }: Pick<Person, 'bearer'>,
  address: string,
  offset: number,
  bytes: Uint8Array,
) {
  const sending = request({
    ...{ host: '127.0.0.1', port: app.httpPort, path: address, method: 'PATCH', agent: false },
    headers: {
      ...{ 'tus-resumable': '1.0.0', authorization: `Bearer ${bearer}`, 'upload-offset': String(offset) },
      'content-type': 'application/offset+octet-stream',
      'transfer-encoding': 'chunked',
    },
  })
  const over = new Promise<number>((resolve) => {
    sending.on('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sending.on('error', () => resolve(0))
  })
  sending.write(bytes)
  return { over, end: () => sending.destroy() }
}
