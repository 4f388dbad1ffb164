import { sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import { describe, expect, it } from 'vitest'
import { FATES, LEFT_OUT } from '../../src/features/data/data.tables.ts'
import { SECTIONS } from '../../src/features/data/exports.contents.ts'

const dialect = new PgDialect()
/** Words that may follow a table and are no alias of it. */
const NO_ALIAS = ['where', 'on', 'join', 'left', 'union']

/** Columns by which a statement finds the rows of an account: `table.column` of everything that must equal its one parameter. */
function foundBy(text: string): string[] {
  // A subquery in brackets finds what stands beside a row, not the row.
  return text.split(/\bunion\b/).flatMap((part) => {
    const tables = [...part.matchAll(/\b(?:from|join)\s+(\w+)(?:\s+(\w+))?/g)].map(
      ([, table = '', next = '']) => ({
        table,
        alias: NO_ALIAS.includes(next) || next === '' ? table : next,
      }),
    )
    const outer = [...part.replace(/\([^()]*\)/g, '').matchAll(/\bfrom\s+(\w+)/g)][0]?.[1] ?? ''
    return [...part.matchAll(/(?:(\w+)\.)?(\w+) = \$1\b/g)].map(([, alias, column]) => {
      const table = alias === undefined ? outer : tables.find((each) => each.alias === alias)?.table
      return `${table}.${column}`
    })
  })
}

const told = new Set(
  SECTIONS.flatMap(({ file, rows }) => {
    const { sql: text, params } = dialect.sqlToQuery(rows(sql`${'an account'}`))
    const columns = foundBy(text.replace(/\$\d+/g, '$1'))
    return [...columns, ...(params.length === columns.length ? [] : [`${file} was not understood`])]
  }),
)
// Both are read beside the account that they belong to.
const BESIDE = { 'credentials.user_id': 'c.user_id = u.id' }
const decided = FATES.map(({ table, column }) => `${table}.${column}`)

describe('an archive', () => {
  it('is understood by this test: its sections find rows by columns that lead to accounts', () => {
    expect([...told].filter((column) => !decided.includes(column))).toEqual([])
    expect(told.size).toBeGreaterThan(15)
  })

  it.each(decided)('has what %s leads to, or it is said why not', (column) => {
    const ways = [told.has(column), column in LEFT_OUT, column in BESIDE].filter(Boolean)
    expect(ways).toHaveLength(1)
  })

  it('says of nothing why it is left out that is not there', () => {
    expect(Object.keys(LEFT_OUT).filter((column) => !decided.includes(column))).toEqual([])
    for (const reason of Object.values(LEFT_OUT)) expect(reason.length).toBeGreaterThan(10)
    const texts = SECTIONS.map(({ rows }) => dialect.sqlToQuery(rows(sql`null`)).sql)
    for (const join of Object.values(BESIDE)) expect(texts.some((text) => text.includes(join))).toBe(true)
  })
})
