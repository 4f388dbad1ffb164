import { type ChildProcess, execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Logger } from '../../core/log.ts'
import { sleep } from '../../core/time.ts'
import { findBinaries } from './binaries.ts'
import { lockFolder } from './folder-lock.ts'
import { launcher } from './launcher.ts'

/**
 * Runs a real PostgreSQL for a server that was given none: binaries from npm, data in `dir`, reachable from this machine
 * only, passwords made at the first start. It ends with this process, however that ends (parent-death signal); should one
 * be left over all the same, the next start stops it through `postmaster.pid` before it begins.
 */
export type EmbeddedPostgres = {
  /** Superuser of the cluster, database `postgres`; for making databases and roles. */
  adminUrl: string
  port: number
  [Symbol.asyncDispose](): Promise<void>
}

type Options = { dir: string; log: Logger; settings?: readonly string[] }

const run = promisify(execFile)
/** A cluster that has to replay much WAL after a crash is slow to come; more than this is a fault. */
const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 20_000
/** Ending a session takes milliseconds; who takes longer is not ending. */
const SESSIONS_END_WITHIN_MS = 2000
const PORT_ATTEMPTS = 5

export async function startEmbeddedPostgres(options: Options): Promise<EmbeddedPostgres> {
  const lock = await lockFolder(options.dir)
  try {
    const server = await start(options)
    const end = async () => {
      await server[Symbol.asyncDispose]()
      await lock[Symbol.asyncDispose]()
    }
    return { ...server, [Symbol.asyncDispose]: end }
  } catch (error) {
    await lock[Symbol.asyncDispose]()
    throw error
  }
}

async function start({ dir, log, settings = [] }: Options): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries()
  const launch = await launcher({ binDir: binaries.binDir, dir })
  await stopLeftover(dir, log)
  const password = await initialise({ dir, binDir: binaries.binDir, launch, log })
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const child = launch(join(binaries.binDir, 'postgres'), serverArguments(dir, port, settings))
    const output = collect(child)
    if (await becomesReady({ dir, port, child })) {
      log.debug({ port, dir }, 'PostgreSQL is ready')
      return {
        adminUrl: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
        port,
        [Symbol.asyncDispose]: () => stop(child),
      }
    }
    await stop(child)
    const wasTaken = output().includes('could not bind')
    if (!wasTaken || attempt === PORT_ATTEMPTS)
      throw new Error(`The embedded PostgreSQL did not start:\n${output()}`)
  }
}

function serverArguments(dir: string, port: number, settings: readonly string[]): string[] {
  const all = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'password_encryption=scram-sha-256',
    'log_checkpoints=off',
    // Compiling queries pays for reports, not for the short statements of this product.
    'jit=off',
    ...settings,
  ]
  return ['-D', dir, ...all.flatMap((setting) => ['-c', setting])]
}

type InitOptions = { dir: string; binDir: string; launch: Awaited<ReturnType<typeof launcher>>; log: Logger }

/** Makes the cluster at the first start; answers the superuser's password. */
async function initialise({ dir, binDir, launch, log }: InitOptions): Promise<string> {
  const passwordFile = `${dir}.password`
  if (existsSync(join(dir, 'PG_VERSION')) && existsSync(passwordFile))
    return (await readFile(passwordFile, 'utf8')).trim()
  if (existsSync(join(dir, 'PG_VERSION'))) {
    throw new Error(`${passwordFile} is missing, without which the database in ${dir} can't be opened.`)
  }
  log.info({ dir }, 'Making the database')
  // Made beside its place and moved there whole, so that being killed on the way leaves nothing that looks finished.
  const unfinished = `${dir}.new`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true })
  const password = randomBytes(24).toString('base64url')
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  await launch.giveTo(unfinished)
  await launch.giveTo(passwordFile)
  const child = launch(join(binDir, 'initdb'), [
    ...['-D', unfinished, '--username=postgres', '--encoding=UTF8', '--locale-provider=builtin'],
    ...['--builtin-locale=C.UTF-8', '--locale=C', '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
    '--no-instructions',
  ])
  const output = collect(child)
  const code = await exitOf(child)
  if (code !== 0) throw new Error(`The database could not be made (initdb ended with ${code}):\n${output()}`)
  await rename(unfinished, dir)
  return password
}

type Starting = { dir: string; port: number; child: ChildProcess }

/**
 * `postmaster.pid` says `ready` on its eighth line once connections are taken (PostgreSQL ≥ 10, pidfile.h). The fourth
 * has the port: after a loss of power the file of the run before is still there, and says `ready` too.
 */
async function becomesReady({ dir, port, child }: Starting): Promise<boolean> {
  const deadline = Date.now() + START_TIMEOUT_MS
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    const lines = (await readFile(join(dir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
    if (lines[3]?.trim() === String(port) && lines[7]?.trim() === 'ready') return true
    await sleep(15)
  }
  return false
}

/**
 * SIGTERM is PostgreSQL's smart shutdown, which lets sessions end by themselves: pools that were just told to end (the job
 * runner does not wait for its own) are not cut, which would be an error to them. SIGINT, the fast one, cuts those
 * that stay; committed work is kept and no recovery is needed after either.
 */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const timers = [
    setTimeout(() => child.kill('SIGINT'), SESSIONS_END_WITHIN_MS),
    setTimeout(() => child.kill('SIGQUIT'), STOP_TIMEOUT_MS),
  ]
  await exitOf(child)
  for (const timer of timers) clearTimeout(timer)
}

async function stopLeftover(dir: string, log: Logger): Promise<void> {
  const pid = Number((await readFile(join(dir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0])
  if (!pid || !(await isPostgresOf(pid, dir))) return
  log.warn({ pid }, 'Stopping the database that an earlier run left behind')
  const deadline = Date.now() + STOP_TIMEOUT_MS
  process.kill(pid, 'SIGINT')
  while (await isPostgresOf(pid, dir)) {
    if (Date.now() > deadline)
      throw new Error(`The database of an earlier run (process ${pid}) does not stop; stop it by hand.`)
    await sleep(30)
  }
}

/** A recycled process id must not be mistaken for our server: its command line names our folder. */
async function isPostgresOf(pid: number, dir: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8')
    .then((line) => line.replaceAll('\0', ' '))
    .catch(() =>
      run('ps', ['-o', 'args=', '-p', String(pid)]).then(
        ({ stdout }) => stdout,
        () => '',
      ),
    )
  return command.includes('postgres') && command.includes(dir)
}

function collect(child: ChildProcess): () => string {
  let text = ''
  const keep = (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-4000)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  return () => text
}

function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve, reject) => {
    child.once('exit', resolve)
    child.once('error', reject)
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
