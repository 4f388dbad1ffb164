import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { passSignalsTo } from './process.mjs'

/** Enough for what vitest says of a few failed tests. */
const LAST_CHARS = 12_000

/**
 * Runs vitest to its end. Answers `{ code, again, last }`: its exit code, the test files that may run once more (see
 * test/support/second-try.ts), and its last words where `isShared`: then others write to the same terminal, and nothing
 * is drawn over.
 */
export async function runVitest(args, { isShared = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'social-flow-tests-'))
  try {
    const list = join(folder, 'again.json')
    const { code, last } = await spawnVitest(args, list, isShared)
    const again = code === 0 ? [] : JSON.parse(await readFile(list, 'utf8').catch(() => '[]'))
    return { code, again, last }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function spawnVitest(args, list, isShared) {
  const colour = isShared && process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...args], {
    stdio: isShared ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    env: { ...process.env, ...colour, SECOND_TRY_FILE: list },
  })
  let last = ''
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ])
    from?.on('data', (chunk) => {
      to.write(chunk)
      last = (last + chunk).slice(-LAST_CHARS)
    })
  const stop = passSignalsTo(child)
  return new Promise((resolve) => {
    child.on('close', (code) => {
      stop()
      resolve({ code: code ?? 1, last })
    })
  })
}
