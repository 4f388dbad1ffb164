import { and, eq, isNull, sql } from 'drizzle-orm'
import { personColumns } from '../../../drizzle/schema/accounts.ts'
import { profiles, streams, users } from '../../../drizzle/schema/index.ts'
import type { Database } from '../../infra/db.ts'

/** The account with this handle as everybody may see it; undefined where there is none, or none any more. */
export async function findProfile(db: Database, handle: string) {
  const [row] = await db.orm
    .select({
      ...personColumns,
      streamId: streams.id,
      followers: users.followersCount,
      following: users.followingCount,
      isVerified: sql<boolean>`${users.verifiedAt} is not null`,
      profile: profiles,
    })
    .from(users)
    .innerJoin(streams, eq(streams.ownerId, users.id))
    .leftJoin(profiles, eq(profiles.userId, users.id))
    .where(and(eq(users.handle, handle), isNull(users.deletedAt)))
  if (!row) return undefined
  const { profile, ...account } = row
  const { bio = '', location = '', links = [], cover = null } = profile ?? {}
  return { ...account, bio, location, links, cover }
}
