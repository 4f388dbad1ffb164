import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as migrateWithDrizzle } from 'drizzle-orm/postgres-js/migrator'
import { runMigrations as migrateJobs } from 'graphile-worker'
import postgres from 'postgres'
import type { Logger } from '../../core/log.ts'

type Options = { ownerUrl: string; appUrl: string; migrationsDir: string; log: Logger }

/** Any constant will do, as long as nothing else in this database uses it. */
const MIGRATION_LOCK = 7_230_145

/**
 * Brings schema and jobs schema to this version, as the owner and under a lock, so that of several nodes that start at
 * once one migrates and the others wait; then gives the program's role what it may do – no DDL, no TRUNCATE, and of tables
 * whose comment is `append-only` neither UPDATE nor DELETE.
 */
export async function migrate({ ownerUrl, appUrl, migrationsDir, log }: Options): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} })
  try {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`
    const before = await countMigrations(sql)
    await migrateWithDrizzle(drizzle(sql), { migrationsFolder: migrationsDir })
    await migrateJobs({ connectionString: ownerUrl })
    await grantToProgram(sql, decodeURIComponent(new URL(appUrl).username))
    const done = (await countMigrations(sql)) - before
    if (done > 0) log.info({ migrations: done }, 'Migrated the database')
  } finally {
    // The lock goes with its session.
    await sql.end()
  }
}

async function countMigrations(sql: postgres.Sql): Promise<number> {
  const [table] = await sql`select to_regclass('drizzle.__drizzle_migrations') as name`
  if (!table?.name) return 0
  const [row] = await sql`select count(*)::int as n from drizzle.__drizzle_migrations`
  return row?.n ?? 0
}

async function grantToProgram(sql: postgres.Sql, role: string): Promise<void> {
  const [{ isOwner } = { isOwner: true }] = await sql<
    { isOwner: boolean }[]
  >`select current_user = ${role} as "isOwner"`
  if (isOwner) return
  await sql.unsafe(GRANTS.replaceAll(':role', quoted(role)))
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** graphile-worker puts row security on its tables, which shows other roles no rows: the policy lets ours through. */
const GRANTS = `
  grant usage on schema public, graphile_worker to :role;
  grant select, insert, update, delete on all tables in schema public to :role;
  grant usage on all sequences in schema public to :role;
  grant execute on all functions in schema public to :role;
  alter default privileges in schema public grant select, insert, update, delete on tables to :role;
  grant select, insert, update, delete on all tables in schema graphile_worker to :role;
  grant usage on all sequences in schema graphile_worker to :role;
  grant execute on all functions in schema graphile_worker to :role;
  do $$
  declare t record;
  begin
    for t in select c.oid::regclass as name from pg_class c
      where c.relnamespace = 'graphile_worker'::regnamespace and c.relkind = 'r' and c.relrowsecurity
        and not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'social_flow_program')
    loop
      execute format('create policy social_flow_program on %s to :role using (true) with check (true)', t.name);
    end loop;
    for t in select c.oid::regclass as name from pg_class c
      where c.relnamespace = 'public'::regnamespace and obj_description(c.oid, 'pg_class') = 'append-only'
    loop
      execute format('revoke update, delete on %s from :role', t.name);
    end loop;
  end $$;
`
