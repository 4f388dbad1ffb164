import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const PROJECT = join(import.meta.dirname, '../..')
const CHAPTERS = 17
const readText = (path: string) => readFileSync(join(PROJECT, path), 'utf8')

/** `test('…', …)`, `it('…', …)` and the titles of tables, `test.each(…)('…', …)`, of a test file. */
const TITLE = /(?:\b(?:test|it)|[\])]|\bconst\))\(\s*(?:'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)"),/g
const titlesIn = (source: string): Set<string> =>
  new Set([...source.matchAll(TITLE)].map(([, single, double]) => single ?? double ?? ''))

type Row = { requirement: string; met: string }

/** The rows of all tables of the document. */
const rowsOf = (text: string): Row[] =>
  text.split('\n').flatMap((line) => {
    const [, number, , met] = line.split('|').map((cell) => cell.trim())
    return number && /^\d/.test(number) && met ? [{ requirement: number, met }] : []
  })

/** Files and titles that a cell names; a title is of the file named last before it. */
function namedIn(met: string): { files: string[]; titles: { file: string; title: string }[] } {
  const files: string[] = []
  const titles: { file: string; title: string }[] = []
  for (const [, file, title] of met.matchAll(/`([\w./-]+\.(?:tsx?|mjs|json|md)|Dockerfile)`|“([^”]+)”/g)) {
    if (file) files.push(file)
    else titles.push({ file: files.at(-1) ?? '', title: title ?? '' })
  }
  return { files, titles }
}

const text = readText('docs/security.md')
const rows = rowsOf(text)

describe('the table of security requirements', () => {
  it('has every chapter, with rows', () => {
    const chapters = [...text.matchAll(/^## V(\d+) /gm)].map(([, number]) => Number(number))
    expect(chapters).toEqual(Array.from({ length: CHAPTERS }, (_, i) => i + 1))
    for (const chapter of chapters)
      expect(rows.filter(({ requirement }) => requirement.startsWith(`${chapter}.`)).length).toBeGreaterThan(
        0,
      )
  })

  it.each(rows)('$requirement names tests and files that exist', ({ met }) => {
    const { files, titles } = namedIn(met)
    expect(files.filter((file) => !existsSync(join(PROJECT, file)))).toEqual([])
    expect(titles.filter(({ file, title }) => !titlesIn(readText(file)).has(title))).toEqual([])
  })

  it('has no row without a test, a file, a gap, or a reason why it does not apply', () => {
    const empty = rows.filter(({ met }) => {
      const { files, titles } = namedIn(met)
      return files.length + titles.length === 0 && !/\*\*Gap\*\*|only|one tenant|none is shipped/i.test(met)
    })
    expect(empty).toEqual([])
  })

  it('would not find what is not there', () => {
    const known = titlesIn(
      `test('a', () => {})\n  it.each([1, 2])("b", () => {})\ntest.each(['x'] as const)('c', f)`,
    )
    expect([...known]).toEqual(['a', 'b', 'c'])
    const files = readdirSync(join(PROJECT, 'test/contract')).filter((file) => file.endsWith('.test.ts'))
    const all = files.flatMap((file) => [...titlesIn(readText(`test/contract/${file}`))])
    expect(all.length).toBeGreaterThan(50)
    expect(all).not.toContain(['a title', 'of no test'].join(' '))
  })
})
