/**
 * `npm test`: from a bare clone to the results of all tests. Installs packages and programs where they are missing and
 * builds what changed, since the browser's tests use the built web app. Arguments go to vitest.
 * Usage: npm test [-- --project unit] [-- NAME]
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWhatChanged } from './build.mjs'
import { setUpPrograms } from './set-up.mjs'
import { installPackages } from './steps/install.mjs'
import { checkNodeVersion } from './steps/node-version.mjs'
import { main, passSignalsTo, ROOT } from './steps/process.mjs'

/** More than so many dead processes are no accident. */
const MOST_DEAD_FILES = 2

checkNodeVersion()
await main(async () => {
  process.chdir(ROOT)
  await installPackages()
  await setUpPrograms()
  await buildWhatChanged()
  process.exitCode = await testTwiceWhatDied(process.argv.slice(2))
})

/**
 * The exit code of all tests. Files whose own process died under them have no result, and run once more (decision 022); they
 * are named before and after.
 */
async function testTwiceWhatDied(args) {
  const folder = await mkdtemp(join(tmpdir(), 'social-flow-tests-'))
  try {
    const list = join(folder, 'without-result.json')
    const code = await vitest(args, list)
    const files = code === 0 ? [] : JSON.parse(await readFile(list, 'utf8').catch(() => '[]'))
    if (files.length === 0 || files.length > MOST_DEAD_FILES) return code
    console.log(`The process of these test files died; they are run again: ${files.join(', ')}`)
    const second = await vitest(files, list)
    console.log(`Run again, as their process had died: ${files.join(', ')}`)
    return second
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Vitest writes to the terminal itself, so that its summary is the last thing one sees. */
function vitest(args, withoutResult) {
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...args], {
    stdio: 'inherit',
    env: { ...process.env, SECOND_TRY_FILE: withoutResult },
  })
  const stop = passSignalsTo(child)
  return new Promise((resolve) => {
    child.on('close', (code) => {
      stop()
      resolve(code ?? 1)
    })
  })
}
