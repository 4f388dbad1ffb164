import postgres from 'postgres'
import { newId } from '../../../src/core/ids.ts'
import type { Product } from '../measure/product.ts'

/** Live pages of so many accounts, each with the head of its chat, as registering makes them; answers the ids of all. */
export async function plantStreams(
  { crowd, streamId, database }: Product,
  count = crowd.length,
): Promise<string[]> {
  // The first account has one already.
  const others = crowd.slice(1, count).map(({ id }) => ({ id: newId(), owner_id: id }))
  const sql = postgres(database.appUrl, { max: 1 })
  await sql`insert into streams ${sql(others)}`
  const heads = others.map(({ id }) => ({ topic: `chat:${id}`, seq: 0, epoch: id.slice(-12) }))
  await sql`insert into topic_heads ${sql(heads)}`
  await sql.end()
  return [streamId, ...others.map(({ id }) => id)]
}
