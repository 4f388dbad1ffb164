/**
 * Builds what `npm start` runs: dist/server/main.js (esbuild; packages stay outside, migrations are read from
 * drizzle/migrations) and dist/web (Vite). Parts whose sources did not change are left as they are.
 * Usage: node scripts/build.mjs [server] [web]
 */
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { main, ROOT, StepError, step } from './steps/process.mjs'
import { createStamp, hashSources } from './steps/sources.mjs'

const COMMON = ['package-lock.json', 'package.json', 'tsconfig.json', 'scripts/build.mjs']

const PARTS = {
  server: { sources: [...COMMON, 'src', 'realtime', 'media', 'drizzle/schema'], build: buildServer },
  web: { sources: [...COMMON, 'web', 'client', 'src/contract', 'src/core'], build: buildWeb },
}

const stampOf = (part) => createStamp(`dist/.${part}-stamp`)

/** Builds what changed, in a process of its own, so that the builders' memory does not stay with the server. */
export async function buildWhatChanged() {
  const stale = Object.keys(PARTS).filter((part) => !stampOf(part).matches(hashSources(PARTS[part].sources)))
  if (stale.length === 0) return
  await step(`Building ${stale.join(' and ')}`, process.execPath, ['scripts/build.mjs', ...stale])
}

async function buildParts(names) {
  for (const name of names) {
    const part = PARTS[name]
    if (!part) throw new StepError(`There is no part "${name}"; there are: ${Object.keys(PARTS).join(', ')}.`)
    const hash = hashSources(part.sources)
    if (stampOf(name).matches(hash)) continue
    stampOf(name).clear()
    await part.build()
    stampOf(name).write(hash)
  }
}

async function buildServer() {
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/main.ts'],
    outdir: 'dist/server',
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
  })
}

async function buildWeb() {
  const { build } = await import('vite')
  await build({
    root: join(ROOT, 'web'),
    build: { outDir: join(ROOT, 'dist/web'), emptyOutDir: true },
    logLevel: 'warn',
  })
}

const isProgram = process.argv[1] && realpathSync(process.argv[1]) === import.meta.filename
if (isProgram) {
  const names = process.argv.slice(2)
  await main(() => buildParts(names.length > 0 ? names : Object.keys(PARTS)))
}
