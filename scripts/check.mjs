/**
 * `npm run check`: everything that can be judged without a server, in parallel.
 * Usage: npm run check [-- PART…]
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { installPackages } from './steps/install.mjs'
import { main, ROOT, run, StepError } from './steps/process.mjs'

const node = (...args) => [process.execPath, args]
const bin = (path, ...args) => node(`node_modules/${path}`, ...args)

/** Every part's command; the slow ones stand first, so that they start first. */
const PARTS = {
  unit: bin('vitest/vitest.mjs', 'run', '--project', 'unit', '--no-isolate'),
  unused: bin('knip/bin/knip.js', '--no-progress', '--no-config-hints'),
  imports: node('scripts/check/imports.mjs'),
  types: bin('typescript-7/bin/tsc', '-p', '.'),
  'types-web': bin('typescript-7/bin/tsc', '-p', 'web/tsconfig.json'),
  lint: bin('oxlint/bin/oxlint', '--type-aware', '--deny-warnings', '--format=unix'),
  format: bin('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'),
  docs: node('--import', 'tsx', 'scripts/docs.ts', '--check'),
  size: node('scripts/check/sizes.mjs'),
  bundle: node('web/budget.mjs'),
}

/** More at once only take turns on the small machines that this must stay quick on. */
const AT_ONCE = 3

async function check(names) {
  const unknown = names.filter((name) => !PARTS[name])
  if (unknown.length > 0) {
    throw new StepError(
      `There is no part ${unknown.join(', ')}; there are: ${Object.keys(PARTS).join(', ')}.`,
    )
  }
  await installPackages()
  const wanted = names.length > 0 ? names : Object.keys(PARTS).filter(isDue)
  if (wanted.includes('types-web')) await makeRouteTree()
  const queue = [...wanted]
  const failed = []
  const work = async () => {
    for (let name = queue.shift(); name; name = queue.shift()) if (!(await passes(name))) failed.push(name)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  if (failed.length > 0) throw new StepError(`\nFailed: ${failed.join(', ')}`)
}

/** The size of the bundle can only be judged where one was built. */
const isDue = (name) => name !== 'bundle' || existsSync(join(ROOT, 'dist/web/index.html'))

/** The web app's types need the file that its router generates, made anew: an old one lacks routes and has ones that are gone. */
async function makeRouteTree() {
  const { code, output } = await run(process.execPath, ['web/route-tree.mjs'])
  if (code !== 0) throw new StepError(`The routes of the web app could not be listed:\n${output.trimEnd()}`)
}

async function passes(name) {
  const startedAt = Date.now()
  const [command, args] = PARTS[name]
  const { code, output } = await run(command, args)
  const seconds = `${((Date.now() - startedAt) / 1000).toFixed(1)} s`
  if (code !== 0) process.stdout.write(`\n${output.trimEnd()}\n\n`)
  process.stdout.write(`${code === 0 ? '✓' : '✗'} ${name.padEnd(10)} ${seconds.padStart(7)}\n`)
  return code === 0
}

await main(() => check(process.argv.slice(2)))
