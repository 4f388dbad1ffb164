import { sql } from 'drizzle-orm'
import { timestamp, uuid } from 'drizzle-orm/pg-core'

/** Primary key of every table that has no natural one: UUIDv7 made by the server. */
export const primaryId = () => uuid('id').primaryKey()

/** An instant; milliseconds are what JavaScript keeps, microseconds what PostgreSQL stores. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

export const createdAt = () => instant('created_at').notNull().default(sql`now()`)
export const updatedAt = () => instant('updated_at').notNull().default(sql`now()`)
/** Soft delete of what people make. */
export const deletedAt = () => instant('deleted_at')

/** When a link was made, in whole milliseconds: pages begin after it, and JavaScript knows no finer time. */
export const linkedAt = () => instant('created_at').notNull().default(sql`date_trunc('milliseconds', now())`)
