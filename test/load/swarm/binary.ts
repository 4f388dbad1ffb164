import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, mkdir, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { BENCH_DIR } from '../measure/program.ts'

const SOURCES = 'test/load/swarm'
const FLAGS = ['-O2', '-Wall', '-Wextra', '-Werror']

/** The path of the compiled swarm; compiled only where its sources have changed. */
export async function swarmBinary(): Promise<string> {
  const names = (await readdir(SOURCES)).filter((name) => /\.[ch]$/.test(name)).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(SOURCES, name))))
  const hash = createHash('sha256').update(Buffer.concat(texts)).digest('hex').slice(0, 16)
  const binary = join(BENCH_DIR, `swarm-${hash}`)
  const isThere = await access(binary).then(
    () => true,
    () => false,
  )
  if (isThere) return binary
  await mkdir(BENCH_DIR, { recursive: true })
  const unfinished = `${binary}.${process.pid}`
  const files = names.filter((name) => name.endsWith('.c')).map((name) => join(SOURCES, name))
  await promisify(execFile)('cc', [...FLAGS, '-o', unfinished, ...files]).catch(
    (cause: Error & { code?: unknown }) => {
      const message =
        cause.code === 'ENOENT'
          ? 'The load generator is written in C and there is no compiler: apt-get install gcc libc6-dev'
          : `The load generator does not compile:\n${cause.message}`
      throw new Error(message, { cause })
    },
  )
  await rename(unfinished, binary)
  return binary
}
