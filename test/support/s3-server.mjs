// A service that speaks S3, as a program of its own; see s3.ts.
import { startFauxqs } from 'fauxqs'

const server = await startFauxqs({ port: 0, logger: false, init: { buckets: [process.argv[2]] } })
process.send(server.address)
