/**
 * `npm test`: from a bare clone to the results of all tests. Installs packages and programs where they are missing and
 * builds what changed, since the browser's tests use the built web app. With arguments, which go to vitest, it is one run;
 * without, tests in browsers run beside all others, and a file that failed runs once more alone (decision 022).
 * Usage: npm test [-- --project unit] [-- NAME]
 */
import { buildWhatChanged } from './build.mjs'
import { setUpPrograms } from './set-up.mjs'
import { installPackages } from './steps/install.mjs'
import { checkNodeVersion } from './steps/node-version.mjs'
import { main, ROOT } from './steps/process.mjs'
import { runVitest } from './steps/test-lane.mjs'

/** Browsers take most of two cores; servers wait more than they work. */
const LANES = [
  ['unit', 'integration'],
  ['contract', 'chaos', 'e2e'],
]
/** More than so many failed files are no accident. */
const MOST_AGAIN = 8

checkNodeVersion()
await main(async () => {
  process.chdir(ROOT)
  await installPackages()
  await setUpPrograms()
  await buildWhatChanged()
  const args = process.argv.slice(2)
  process.exitCode = args.length > 0 ? (await runVitest(args)).code : await testAll()
})

/** The exit code of all tests. What failed is named last, as is what did so only once. */
async function testAll() {
  const lanes = await Promise.all(
    LANES.map(async (projects) => {
      const args = projects.flatMap((name) => ['--project', name])
      return { name: projects.join(', '), ...(await runVitest(args, { isShared: true })) }
    }),
  )
  const failed = lanes.filter(({ code }) => code !== 0)
  for (const { name, last } of failed) console.log(`\nThe last that was said of ${name}:\n${last}`)
  for (const { name, code } of lanes) console.log(`${name}: ${code === 0 ? 'passed' : 'failed'}`)
  if (failed.length === 0) return 0

  const files = failed.flatMap(({ again }) => again)
  if (failed.some(({ again }) => again.length === 0) || files.length > MOST_AGAIN) return 1
  console.log(`\nAlone, once more, as they failed beside others: ${files.join(', ')}`)
  const { code, again } = await runVitest(files)
  const passed = code === 0 ? files : files.filter((file) => again.length > 0 && !again.includes(file))
  if (passed.length > 0) console.log(`Passed at the second try only (decision 022): ${passed.join(', ')}`)
  if (again.length > 0) console.log(`Failed at both tries: ${again.join(', ')}`)
  return code
}
