/** The limits of STYLE.md that no linter knows: lines of a file and of a function, entries of a folder, form of names. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { main, ROOT, run, StepError } from '../steps/process.mjs'
import { longFunctions } from './functions.mjs'

const FILE_LINES = 300
const FOLDER_ENTRIES = 12

const SCRIPT = /\.(ts|tsx|mjs|cjs)$/
/** A suite of tests is one function. */
const TEST = /\.test\.tsx?$/
const CODE = /\.(ts|tsx|mjs|cjs|css|sh)$/
/** Declarations, which are long because there is much to declare, and what programs write. */
const LONG_ALLOWED = /^(src\/contract\/|drizzle\/)|\.gen\.ts$/
/** Lists of their nature: one file per table, feature, page, migration, test or decision. */
const WIDE_ALLOWED =
  /^(\.|src\/contract|src\/features|web\/src\/features|web\/src\/text|drizzle\/.*|docs\/.*|web\/src\/routes.*|web\/public|test\/[^/]+)$/
/** kebab-case, with dots between a feature and its kind; the router gives `$`, `_` and `-` a meaning in page names. */
const NAME = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/

async function checkSizes() {
  const { output } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard'])
  const files = output.split('\n').filter((file) => file && existsSync(join(ROOT, file)))
  const problems = [...files.flatMap(judgeFile), ...judgeFolders(files)]
  if (problems.length > 0) throw new StepError(problems.join('\n'))
}

function judgeFile(file) {
  if (!CODE.test(file)) return []
  const problems = []
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1
  if (lines > FILE_LINES && !LONG_ALLOWED.test(file)) {
    problems.push(`${file} has ${lines} lines; ${FILE_LINES} is the limit. Split it by noun.`)
  }
  if (!NAME.test(basename(file)) && !file.startsWith('web/src/routes/')) {
    problems.push(`${file} is not kebab-case.`)
  }
  if (SCRIPT.test(file) && !TEST.test(file)) problems.push(...longFunctions(file))
  return problems
}

function judgeFolders(files) {
  const entries = new Map()
  for (const file of files) {
    for (let path = file; path !== '.'; path = dirname(path)) {
      const parent = dirname(path)
      entries.set(parent, (entries.get(parent) ?? new Set()).add(path))
    }
  }
  return [...entries]
    .filter(([folder, { size }]) => size > FOLDER_ENTRIES && !WIDE_ALLOWED.test(folder))
    .map(([folder, { size }]) => `${folder}/ has ${size} entries; ${FOLDER_ENTRIES} is the limit.`)
}

await main(checkSizes)
