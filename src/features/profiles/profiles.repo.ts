import { and, eq, isNull, sql } from 'drizzle-orm'
import { profiles, type StoredPicture, users } from '../../../drizzle/schema/index.ts'
import type { Database, Tx } from '../../infra/db.ts'

export type PictureKind = 'avatar' | 'cover'
export type Texts = { bio: string; location: string; links: string[] }

const empty = { bio: '', location: '', links: [], cover: null }

/** What an account shows of itself; undefined where there is no such account, or none any more. */
export async function findOwnProfile(orm: Database['orm'] | Tx, userId: string) {
  const [row] = await orm
    .select({ displayName: users.displayName, avatar: users.avatar, profile: profiles })
    .from(users)
    .leftJoin(profiles, eq(profiles.userId, users.id))
    .where(and(eq(users.id, userId), isNull(users.deletedAt)))
  if (!row) return undefined
  const { bio, location, links, cover } = row.profile ?? empty
  return { displayName: row.displayName, avatar: row.avatar, bio, location, links, cover }
}

/** Changes what is given. False where there is no such account. */
export async function writeTexts(
  tx: Tx,
  userId: string,
  { displayName, ...texts }: Partial<Texts> & { displayName?: string },
): Promise<boolean> {
  const changed = await tx
    .update(users)
    .set({ updatedAt: new Date(), ...(displayName !== undefined && { displayName }) })
    .where(and(eq(users.id, userId), isNull(users.deletedAt)))
    .returning({ id: users.id })
  if (changed.length === 0) return false
  const set = { ...texts, updatedAt: new Date() }
  await tx
    .insert(profiles)
    .values({ userId, ...texts })
    .onConflictDoUpdate({ target: profiles.userId, set })
  return true
}

/**
 * Puts another picture in the place of the former one, which is answered: of two that do so at once each gets the one
 * that it replaced, as the account's row is locked. Undefined where there is no such account.
 */
export async function replacePicture(
  tx: Tx,
  { userId, kind }: { userId: string; kind: PictureKind },
  picture: StoredPicture | null,
): Promise<{ former: StoredPicture | null } | undefined> {
  const [account] = await tx
    .select({ avatar: users.avatar })
    .from(users)
    .where(and(eq(users.id, userId), isNull(users.deletedAt)))
    .for('no key update')
  if (!account) return undefined
  if (kind === 'avatar') {
    await tx.update(users).set({ avatar: picture, updatedAt: new Date() }).where(eq(users.id, userId))
    return { former: account.avatar }
  }
  const [profile] = await tx
    .select({ cover: profiles.cover })
    .from(profiles)
    .where(eq(profiles.userId, userId))
  await tx
    .insert(profiles)
    .values({ userId, cover: picture })
    .onConflictDoUpdate({ target: profiles.userId, set: { cover: picture, updatedAt: new Date() } })
  return { former: profile?.cover ?? null }
}

export async function hasPicture(
  db: Database,
  { kind, userId, id }: { kind: PictureKind; userId: string; id: string },
): Promise<boolean> {
  const column = kind === 'avatar' ? sql`u.avatar` : sql`p.cover`
  const rows = await db.orm.execute(sql`
    select 1 from users u left join profiles p on p.user_id = u.id
    where u.id = ${userId} and ${column} ->> 'id' = ${id}`)
  return rows.length > 0
}
