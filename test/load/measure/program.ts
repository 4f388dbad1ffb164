import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { build } from 'esbuild'

/**
 * Where things run: what is measured on the first core, and the rest (the swarm, PostgreSQL, this program) on the last.
 * So servers of one system share a core, and their CPU time adds up to at most one second a second.
 */
export const SERVER_CORE = 0
export const LOAD_CORE = availableParallelism() - 1

/** What the programs of a bench leave behind; not part of the repository. */
export const BENCH_DIR = 'dist/bench'

/** A program on a core of its own. */
export type Program = AsyncDisposable & {
  pid: number
  child: ChildProcess
  /** Everything it printed. */
  output(): string
  /** Answers when the process is gone. */
  end(signal: NodeJS.Signals): Promise<void>
}

type Start = {
  command: string
  args?: readonly string[]
  env?: Readonly<Record<string, string>>
  core: number
}

/** Nothing of the developer's own environment but what finds programs and caches. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'XDG_CACHE_HOME']

/** Starts a program; one of Node.js can send messages. */
export function startProgram({ command, args = [], env = {}, core }: Start): Program {
  const inherited = Object.fromEntries(
    INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  )
  // taskset becomes the program: the process id stays.
  const child = spawn('taskset', ['-c', String(core), command, ...args], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk
    })
  }
  child.on('error', (error) => {
    output += String(error)
  })
  const end = async (signal: NodeJS.Signals) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill(signal)
    await exit
  }
  return {
    pid: child.pid ?? 0,
    child,
    output: () => output,
    end,
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  }
}

/** The first message of a program of Node.js, which says that it is ready and where. */
export async function readyMessage<T>(program: Program): Promise<T> {
  const gone = once(program.child, 'exit').then(([code]) => {
    throw new Error(`A program ended with ${code} before it was ready:\n${program.output()}`)
  })
  const [message] = await Promise.race([once(program.child, 'message'), gone])
  gone.catch(() => {})
  return message as T
}

/** Moves this process, and with it all that it starts from now on, off the core of what is measured. */
export function leaveServerCore(): void {
  try {
    execFileSync('taskset', ['-a', '-p', '-c', String(LOAD_CORE), String(process.pid)], { stdio: 'ignore' })
  } catch (cause) {
    throw new Error('Processes can not be pinned to cores: apt-get install util-linux', { cause })
  }
}

/** Bundles a program of a bench as `npm start` bundles the server, so that both run without a loader. */
export async function bundleProgram(entry: string, name: string): Promise<string> {
  const outfile = `${BENCH_DIR}/${name}.mjs`
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  })
  return outfile
}
