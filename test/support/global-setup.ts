import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import type { TestProject } from 'vitest/node'
import { createWorkerBinary } from '../../media/worker-binary/worker-binary.ts'
import { createLog } from '../../src/infra/log/log.ts'
import { startEmbeddedPostgres } from '../../src/infra/postgres/embedded.ts'
import { migrate } from '../../src/infra/postgres/migrate.ts'
import { makeRoles } from '../../src/infra/postgres/prepare.ts'
import { SERVER_BUNDLE, TEMPLATE_DATABASE, type TestPostgres } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestPostgres
    /** The mediasoup worker that servers of tests run. */
    workerBin: string
  }
}

/** One PostgreSQL for all files of a project, with a migrated database that tests copy; and the server's bundle. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), 'social-flow-test-'))
  const log = createLog({ LOG_LEVEL: 'error' })
  // Losing test data in a crash of the machine is fine; what tests kill is our own process.
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200']
  const server = await startEmbeddedPostgres({ dir: join(dir, 'postgres'), log, settings })
  const secret = 'test'
  const urls = await makeRoles(server.adminUrl, secret, TEMPLATE_DATABASE)
  await migrate({ ...urls, migrationsDir: 'drizzle/migrations', log })
  await bundleServer()
  project.provide('workerBin', await mediaWorker())
  project.provide('postgres', { adminUrl: server.adminUrl, ...urls })
  return async () => {
    await server[Symbol.asyncDispose]()
    await rm(dir, { recursive: true, force: true })
  }
}

/** The media worker of this machine; where there is none yet it is made, which takes minutes once. */
async function mediaWorker(): Promise<string> {
  const config = {
    MEDIASOUP_WORKER_BIN: process.env.MEDIASOUP_WORKER_BIN || undefined,
    MEDIA_WORKER_BUILD: true,
  }
  await using binary = createWorkerBinary({ config, log: createLog({ LOG_LEVEL: 'warn' }) })
  let told = ''
  return await binary.obtain(({ message, progress }) => {
    const line = progress === null ? message : `${message} ${Math.floor(progress * 10) * 10} %`
    if (line !== told) process.stdout.write(`${line}\n`)
    told = line
  })
}

/** The same bundle that `npm start` runs, made anew so that tests never run old code. */
async function bundleServer(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: ['src/main.ts'],
    outfile: SERVER_BUNDLE,
    write: false,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
  })
  // Whole at any time: servers of another run may be starting from it.
  for (const { path, contents } of outputFiles) {
    const unfinished = `${path}.${process.pid}`
    await mkdir(dirname(path), { recursive: true })
    await writeFile(unfinished, contents)
    await rename(unfinished, path)
  }
}
