/**
 * Runs one program of test/load or test/chaos and prints its figures: a table for people, and as the last line JSON.
 * Ends with code 1 where a goal was missed.
 * Usage: npm run bench [-- NAME [OPTION…]]
 */
import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'

/** What such a program exports as `run`; it is given what follows its name. */
type Run = (options: readonly string[]) => Promise<BenchResult>
type BenchResult = {
  /** Whether every goal was met. */
  ok: boolean
  /** Raw numbers by the keys of docs/benchmarks.md; medians where a key was measured several times. */
  figures: Readonly<Record<string, number>>
  /** By the same keys, what is asked of them: `≥ 1.7`. */
  goals?: Readonly<Record<string, string>>
  /** Sentences that a reader of the figures must know. */
  notes?: readonly string[]
}

const FOLDERS = ['test/load', 'test/chaos']
const BYTES_PER_GB = 2 ** 30

const urlOf = (path: string) => new URL(`../${path}`, import.meta.url)

/** name → file; what the programs share lies in folders of its own. */
function findPrograms(): Map<string, URL> {
  const files = FOLDERS.filter((folder) => existsSync(urlOf(folder))).flatMap((folder) =>
    readdirSync(urlOf(folder)).map((file) => ({ folder, file })),
  )
  return new Map(
    files
      .filter(({ file }) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map(({ folder, file }) => [file.slice(0, -'.ts'.length), urlOf(`${folder}/${file}`)]),
  )
}

function printResult({ figures, goals = {}, notes = [] }: BenchResult): void {
  const rows = Object.entries(figures).map(([key, value]) => [key, format(value), goals[key] ?? ''])
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0), 6))
  for (const row of [['figure', 'value', 'goal'], ...rows]) {
    console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  }
  for (const note of notes) console.log(note)
}

const format = (value: number) =>
  Number.isInteger(value) ? String(value) : value.toLocaleString('en', { maximumSignificantDigits: 4 })

const machine = () =>
  `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ` +
  `${Math.round(totalmem() / BYTES_PER_GB)} GB, Node ${process.versions.node}`

async function bench(name: string | undefined, options: readonly string[]): Promise<void> {
  const programs = findPrograms()
  const file = programs.get(name ?? '')
  if (!name || !file) {
    console.log(`Usage: npm run bench -- NAME\nNames: ${[...programs.keys()].join(', ') || 'none yet'}`)
    process.exitCode = name ? 1 : 0
    return
  }
  const { run } = (await import(file.href)) as { run: Run }
  console.log(`${name} on ${machine()}\n`)
  const result = await run(options)
  printResult(result)
  console.log(JSON.stringify({ name, ok: result.ok, figures: result.figures }))
  process.exitCode = result.ok ? 0 : 1
}

await bench(process.argv[2], process.argv.slice(3))
