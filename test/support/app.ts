import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { freePort } from './free-port.ts'
import { type Person, personWith, signUp, visitor } from './person.ts'
import { createTestDatabase, SERVER_BUNDLE, type TestPostgres } from './postgres.ts'

/** A running server: the bundle of `npm start` in a process of its own, on free ports, with a database of its own. */
export type TestApp = AsyncDisposable & {
  readonly url: string
  readonly httpPort: number
  readonly socketPort: number | undefined
  readonly pid: number
  readonly database: TestPostgres
  /** Its DATA_DIR. */
  readonly dir: string
  /** Everything it printed. */
  output(): string
  /** A signed-in person with a connection of their own. */
  person(handle: string): Promise<Person>
  /** Somebody who signed up at another node, with a further connection to this one. */
  enter(someone: Person): Promise<Person>
  /** An anonymous one. */
  visitor(): Promise<Person>
  /** SIGKILL; answers when the process is gone. */
  kill(): Promise<void>
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>
  /** Starts it again on the same ports and the same data; other settings may be given. */
  restart(env?: Record<string, string>): Promise<void>
}

type Ready = { httpPort?: number; socketPort?: number; adminPath?: string }

/** `share`: another app whose database, and with `env` whose Redis, this one is one more node of. */
export async function startApp(env: Record<string, string> = {}, share?: TestApp): Promise<TestApp> {
  const own = share ? undefined : await createTestDatabase()
  const database = own ?? (share as TestApp).database
  const dir = await mkdtemp(join(tmpdir(), 'social-flow-app-'))
  const people: Person[] = []
  let settings: Record<string, string> = {
    HOST: '127.0.0.1',
    PORT: String(await freePort()),
    SOCKET_PORT: String(await freePort()),
    DATA_DIR: dir,
    DATABASE_URL: database.appUrl,
    DATABASE_OWNER_URL: database.ownerUrl,
    // Most tests of staff are about what staff may; those of the second factor turn it on.
    STAFF_SECOND_FACTOR: 'off',
    LOG_LEVEL: 'warn',
    MEDIA_LISTEN_IP: '127.0.0.1',
    MEDIA_PORT: '0',
    MEDIASOUP_WORKER_BIN: inject('workerBin'),
    MEDIA_WORKER_BUILD: 'off',
    ...env,
  }
  let running = await launch(settings)
  const url = `${settings.TLS_CERT_FILE ? 'https' : 'http'}://127.0.0.1:${running.ready.httpPort}`

  const keep = (person: Person) => {
    people.push(person)
    return person
  }
  return {
    url,
    // A process without the http role has none, and nobody asks it for one.
    httpPort: running.ready.httpPort ?? 0,
    socketPort: running.ready.socketPort,
    database,
    dir,
    get pid() {
      return running.child.pid ?? 0
    },
    output: () => running.output(),
    enter: async (someone) => keep(personWith(url, someone.bearer, someone.account)),
    person: async (handle) => keep(await signUp(url, handle)),
    visitor: async () => keep(await visitor(url)),
    kill: () => end(running.child, 'SIGKILL').then(() => {}),
    stop: () => end(running.child, 'SIGTERM'),
    async restart(more = {}) {
      await end(running.child, 'SIGKILL')
      settings = { ...settings, ...more }
      running = await launch(settings)
    },
    async [Symbol.asyncDispose]() {
      for (const person of people) person.connection.close()
      await end(running.child, 'SIGTERM')
      await own?.[Symbol.asyncDispose]()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function launch(env: Record<string, string>) {
  // Nothing of the developer's own environment but what finds programs and caches.
  const inherited = Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'XDG_CACHE_HOME'].flatMap((name) =>
      process.env[name] ? [[name, process.env[name]]] : [],
    ),
  )
  const child = fork(SERVER_BUNDLE, {
    env: { ...inherited, ...env },
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk
    })
  }
  const ready = await Promise.race([
    once(child, 'message').then(([message]) => message as Ready),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The server ended with ${code} before it was ready:\n${output}`)
    }),
  ])
  return { child, ready, output: () => output }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit')
    child.kill(signal)
    await exit
  }
  return child.exitCode
}
