// A service that speaks S3, as a program of its own; see s3.ts. fauxqs has no ListParts, by which an upload that was
// broken off is found again: it is answered here, from what passes. And as fauxqs keeps its objects in memory, a service
// that goes and comes back with its data is this door, which closes and opens.
import { createServer, request } from 'node:http'
import { startFauxqs } from 'fauxqs'

const inner = await startFauxqs({ port: 0, logger: false, init: { buckets: [process.argv[2]] } })
const target = new URL(inner.address)
/** Of unfinished uploads: number → size and ETag of each part. */
const uploads = new Map()

function listParts(response, uploadId) {
  const parts = uploads.get(uploadId)
  response.writeHead(parts ? 200 : 404, { 'content-type': 'application/xml' })
  if (!parts) return response.end('<Error><Code>NoSuchUpload</Code><Message>It is over.</Message></Error>')
  const listed = [...parts]
    .sort(([a], [b]) => a - b)
    .map(([number, { sizeBytes, etag }]) => {
      const tag = etag.replaceAll('"', '&quot;')
      return `<Part><PartNumber>${number}</PartNumber><ETag>${tag}</ETag><Size>${sizeBytes}</Size></Part>`
    })
  response.end(`<ListPartsResult><IsTruncated>false</IsTruncated>${listed.join('')}</ListPartsResult>`)
}

/** What an answer changes about the parts that are known. */
function remember({ method, headers }, query, answer, body) {
  if (answer.statusCode >= 300) return
  const uploadId = query.get('uploadId')
  if (method === 'POST' && query.has('uploads')) uploads.set(/<UploadId>(.*?)</.exec(body)?.[1], new Map())
  if (!uploadId) return
  if (method !== 'PUT') return void uploads.delete(uploadId)
  const sizeBytes = Number(headers['x-amz-decoded-content-length'] ?? headers['content-length'])
  uploads.get(uploadId)?.set(Number(query.get('partNumber')), { sizeBytes, etag: answer.headers.etag })
}

/** What is wrong with the service: `{ method, pattern, times, afterMs }`. */
let fault

/** Refuses a request as a service does that has too much to do; `afterMs` is for those that are slow to say so. */
function refuse(asked, response, afterMs) {
  asked.resume()
  setTimeout(() => {
    response.writeHead(503, { 'content-type': 'application/xml', connection: 'close' })
    response.end('<Error><Code>SlowDown</Code><Message>Come back later.</Message></Error>')
  }, afterMs)
}

const server = createServer((asked, response) => {
  const { method, url, headers } = asked
  const query = new URL(url, 'http://s3').searchParams
  if (fault?.times > 0 && method === fault.method && new RegExp(fault.pattern).test(url)) {
    fault.times--
    process.send({ refused: url })
    return refuse(asked, response, fault.afterMs)
  }
  if (method === 'GET' && query.has('uploadId')) return listParts(response, query.get('uploadId'))
  const passed = request(
    { host: target.hostname, port: target.port, method, path: url, headers },
    (answer) => {
      let beginning = ''
      response.writeHead(answer.statusCode, answer.headers)
      answer.on('data', (chunk) => {
        if (method === 'POST') beginning += chunk
        response.write(chunk)
      })
      answer.on('end', () => {
        remember(asked, query, answer, beginning)
        response.end()
      })
    },
  )
  passed.on('error', () => response.destroy())
  asked.on('error', () => passed.destroy())
  asked.pipe(passed)
})

const commands = {
  fault(given) {
    fault = given
  },
  async goDown() {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  },
  comeBack: (port) => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve)),
}
process.on('message', async ({ command, given }) => {
  await commands[command](given)
  process.send({ done: command })
})
await commands.comeBack(0)
process.send({ url: `http://127.0.0.1:${server.address().port}` })
