import { readdir, readFile } from 'node:fs/promises'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import postgres from 'postgres'
import { describe, expect, inject, test } from 'vitest'
import * as schema from '../../drizzle/schema/index.ts'
import { createLog } from '../../src/infra/log/log.ts'
import { migrate } from '../../src/infra/postgres/migrate.ts'
import { makeRoles } from '../../src/infra/postgres/prepare.ts'
import { createTestDatabase } from '../support/postgres.ts'

const log = createLog({ LOG_LEVEL: 'error' })
const migrationsDir = 'drizzle/migrations'
const tables = (Object.values(schema) as unknown[])
  .filter((value): value is PgTable => value instanceof PgTable)
  .map((table) => getTableConfig(table))

const open = (url: string) => {
  const sql = postgres(url, { max: 2, onnotice: () => {} })
  return Object.assign(sql, { [Symbol.asyncDispose]: () => sql.end() })
}

/** PostgreSQL's own words for what Drizzle calls a type. */
const normal = (type: string) => type.replace('timestamp with time zone', 'timestamptz')

describe('migrations', () => {
  test('make what the schema says: tables, columns, types, nullability, indexes, checks and keys', async () => {
    await using database = await createTestDatabase()
    await using sql = open(database.ownerUrl)
    for (const { name, columns, indexes, checks, foreignKeys } of tables) {
      const found = await sql<{ name: string; type: string; isNullable: boolean }[]>`
        select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as "isNullable"
        from pg_attribute a where a.attrelid = ${name}::regclass and a.attnum > 0 and not a.attisdropped`
      const expected = columns.map((c) => ({
        name: c.name,
        type: normal(c.getSQLType()),
        isNullable: !c.notNull,
      }))
      const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name)
      expect(found.map((c) => ({ ...c, type: normal(c.type) })).sort(byName), name).toEqual(
        expected.sort(byName),
      )
      const made = await sql<{ name: string }[]>`
        select indexname as name from pg_indexes where tablename = ${name}
        union all select conname from pg_constraint where conrelid = ${name}::regclass`
      const names = made.map((row) => row.name)
      for (const index of indexes) expect(names).toContain(index.config.name)
      for (const check of checks) expect(names).toContain(check.name)
      for (const key of foreignKeys) expect(names).toContain(key.getName())
    }
    const all = await sql<{ name: string }[]>`
      select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and not relispartition`
    expect(all.map(({ name }) => name).sort()).toEqual(tables.map(({ name }) => name).sort())
  })

  test('every foreign key has an index that begins with its columns', async () => {
    await using database = await createTestDatabase()
    await using sql = open(database.ownerUrl)
    const bare = await sql`
      select c.conrelid::regclass as "table", c.conname from pg_constraint c
      where c.contype = 'f' and c.connamespace = 'public'::regnamespace and not exists (
        select 1 from pg_index i where i.indrelid = c.conrelid
          and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)`
    expect([...bare]).toEqual([])
  })

  test('five nodes that start at once migrate once; there is a way back and forth again', async () => {
    const { adminUrl } = inject('postgres')
    const name = `fresh_${process.pid}`
    const urls = await makeRoles(adminUrl, 'test', name)
    try {
      await Promise.all(Array.from({ length: 5 }, () => migrate({ ...urls, migrationsDir, log })))
      await using sql = open(urls.ownerUrl)
      const count = async () => (await sql`select 1 from drizzle.__drizzle_migrations`).length
      const migrations = await count()
      expect(migrations).toBeGreaterThan(0)
      const wayBack = (await readdir(migrationsDir)).filter((file) => file.endsWith('.down.sql'))
      for (const [i, file] of wayBack.sort().reverse().entries()) {
        await sql.unsafe(await readFile(`${migrationsDir}/${file}`, 'utf8'))
        expect(await count(), file).toBe(migrations - i - 1)
      }
      expect(await count()).toBe(0)
      await migrate({ ...urls, migrationsDir, log })
      expect(await count()).toBe(migrations)
    } finally {
      await using admin = open(adminUrl)
      await admin.unsafe(`drop database ${name} with (force)`)
    }
  })

  test("the program's role can neither change the schema nor empty a table", async () => {
    await using database = await createTestDatabase()
    await using sql = open(database.appUrl)
    const statements = [
      'create table t (id int)',
      'alter table users add column x int',
      'drop table chat_messages',
      'truncate users',
      'create role r',
      'create schema s',
    ]
    for (const statement of statements) {
      await expect(sql.unsafe(statement), statement).rejects.toMatchObject({ code: '42501' })
    }
    expect(await sql`select ensure_chat_partitions(5) as made`).toEqual([{ made: 2 }])
  })
})
