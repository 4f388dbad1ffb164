/** Judges every import by .dependency-cruiser.cjs; a run that saw no module (a parser it can't read with) fails too. */
import { main, run, StepError } from '../steps/process.mjs'

const FOLDERS = ['src', 'realtime', 'media', 'drizzle', 'client', 'web', 'scripts', 'test']

async function checkImports() {
  const program = 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'
  const { output } = await run(process.execPath, [program, '--output-type', 'json', ...FOLDERS])
  const { modules, summary } = parse(output)
  const seen = (folder) => modules.some(({ source }) => source.startsWith(`${folder}/`))
  const blind = ['src', 'realtime', 'media', 'web'].filter((folder) => !seen(folder))
  if (blind.length > 0) throw new StepError(`No module was seen in ${blind.join(', ')}.`)
  const lines = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
  if (lines.length > 0) throw new StepError(lines.join('\n'))
}

function parse(output) {
  try {
    return JSON.parse(output)
  } catch {
    throw new StepError(output)
  }
}

await main(checkImports)
