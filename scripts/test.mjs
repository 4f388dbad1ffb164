/**
 * `npm test`: from a bare clone to the results of all tests. Installs packages and programs where they are missing and
 * builds what changed, since the browser's tests use the built web app. Arguments go to vitest.
 * Usage: npm test [-- --project unit] [-- NAME]
 */
import { spawn } from 'node:child_process'
import { buildWhatChanged } from './build.mjs'
import { setUpPrograms } from './set-up.mjs'
import { installPackages } from './steps/install.mjs'
import { checkNodeVersion } from './steps/node-version.mjs'
import { main, passSignalsTo, ROOT } from './steps/process.mjs'

checkNodeVersion()
await main(async () => {
  process.chdir(ROOT)
  await installPackages()
  await setUpPrograms()
  await buildWhatChanged()
  process.exitCode = await vitest(process.argv.slice(2))
})

/** Vitest writes to the terminal itself, so that its summary is the last thing one sees. */
function vitest(args) {
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...args], {
    stdio: 'inherit',
  })
  const stop = passSignalsTo(child)
  return new Promise((resolve) => {
    child.on('close', (code) => {
      stop()
      resolve(code ?? 1)
    })
  })
}
