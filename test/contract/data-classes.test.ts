import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import { describe, expect, it } from 'vitest'
import * as schema from '../../drizzle/schema/index.ts'
import { FATES } from '../../src/features/data/data.tables.ts'

const CLASSES = ['secret', 'private', 'shown', 'technical'] as const
type Class = (typeof CLASSES)[number]
/** Technical in every table, as the document says. */
const EVERYWHERE = ['id', 'created_at', 'updated_at', 'deleted_at']

const document = readFileSync(join(import.meta.dirname, '../../docs/data-classes.md'), 'utf8')
/** `table.column` of the document, with its class. */
const classed = document.split('\n').flatMap((line) => {
  const [, table, ...cells] = line.split('|').map((cell) => cell.trim())
  const name = /^`(\w+)`$/.exec(table ?? '')?.[1]
  if (name === undefined) return []
  return CLASSES.flatMap((kind, nth) =>
    [...(cells[nth] ?? '').matchAll(/`(\w+)`/g)].map(([, column]) => ({ column: `${name}.${column}`, kind })),
  )
})
const classOf = (column: string): Class | undefined => classed.find((each) => each.column === column)?.kind

const columns = (Object.values(schema) as unknown[])
  .filter((value): value is PgTable => value instanceof PgTable)
  .map((table) => getTableConfig(table))
  .flatMap((table) => table.columns.map(({ name }) => ({ table: table.name, name })))

describe('the classes of data', () => {
  it('has every column of the schema once, and none that is gone', () => {
    const expected = columns
      .filter(({ name }) => !EVERYWHERE.includes(name))
      .map(({ table, name }) => `${table}.${name}`)
    expect(classed.map(({ column }) => column).sort()).toEqual(expected.sort())
  })

  it('calls nothing technical that leads to an account', () => {
    const leading = FATES.map(({ table, column }) => `${table}.${column}`)
    const wrong = leading.filter((column) => column !== 'users.id' && classOf(column) === 'technical')
    expect(wrong).toEqual([])
  })

  it('calls secret what hashes and seals secrets, and what is called so', () => {
    const secrets = columns.filter(({ name }) => /password_hash|code_hash|secret|sealed/.test(name))
    expect(secrets.length).toBeGreaterThan(3)
    for (const { table, name } of secrets)
      expect(classOf(`${table}.${name}`), `${table}.${name}`).toBe('secret')
  })
})
