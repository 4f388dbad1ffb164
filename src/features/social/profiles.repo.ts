import { and, eq, isNull } from 'drizzle-orm'
import { streams, users } from '../../../drizzle/schema/index.ts'
import type { Database } from '../../infra/db.ts'

/** The account with this handle as everybody may see it; undefined where there is none, or none any more. */
export async function findProfile(db: Database, handle: string) {
  const [row] = await db.orm
    .select({
      id: users.id,
      handle: users.handle,
      displayName: users.displayName,
      streamId: streams.id,
      followers: users.followersCount,
      following: users.followingCount,
    })
    .from(users)
    .innerJoin(streams, eq(streams.ownerId, users.id))
    .where(and(eq(users.handle, handle), isNull(users.deletedAt)))
  return row
}
